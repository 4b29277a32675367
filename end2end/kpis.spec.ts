import { expect, expectRefused, field, remembers, test, type Workspace } from './fixtures';
import type { Locator, Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const values = (page: Page) => region(page, 'Values');
const alerts = (page: Page) => region(page, 'Alerts');

async function addKpi(page: Page, open: (path: string) => Promise<unknown>, { home }: Workspace, name: string, frequency = 'Monthly') {
  await open(`${home}/kpis/new`);
  await field(page, 'Name').fill(name);
  await field(page, 'Target').fill('40');
  await field(page, 'Unit').fill('%');
  await field(page, 'Measured').selectOption(frequency);
  await page.getByRole('button', { name: 'Add KPI' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

async function enter(page: Page, date: string, value: string) {
  await field(page, 'Date').fill(date);
  await field(page, 'Value').fill(value);
  await page.getByRole('button', { name: 'Enter value' }).click();
}

async function upload(page: Page, text: string) {
  // With scripts the fold stays open.
  if (!(await field(page, 'CSV file').isVisible())) await page.getByText('Upload a CSV file').click();
  await field(page, 'CSV file').setInputFiles({ name: 'points.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Upload values' }).click();
}

/** The labels of a picture that lie on one another. */
const touching = (picture: Locator) =>
  picture.locator('text:visible').evaluateAll((labels) => {
    const boxes = labels.map((label) => ({ text: label.textContent, box: label.getBoundingClientRect() }));
    const over = (a: DOMRect, b: DOMRect) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom;
    return boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) => over(a.box, b.box)).map((b) => `${a.text} and ${b.text}`));
  });

test('from a KPI to its chart', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'KPIs' }).click();
  await page.getByRole('link', { name: 'New KPI' }).first().click();
  await field(page, 'Name').fill('Activation');
  await field(page, 'Target').fill('40');
  await field(page, 'Unit').fill('%');
  await field(page, 'Description').fill('From the log');
  await page.getByRole('button', { name: 'Add KPI' }).click();
  await expect(region(page, 'Standing')).toContainText('No value yet');
  await expect(region(page, 'Chart')).toContainText('No values');

  await enter(page, '2026-01-15', '38');
  await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toContainText('38 %');
  await enter(page, '2026-02-15', '41.5');
  await expect(values(page).getByRole('row', { name: /15 Feb 2026/ })).toContainText('41.5 %');
  await enter(page, '2026-04-15', '44');
  await expect(values(page).getByRole('row', { name: /15 Apr 2026/ })).toBeVisible();
  await page.getByRole('navigation', { name: 'Range' }).getByRole('link', { name: 'All' }).click();
  const chart = region(page, 'Chart');
  await expect(chart.getByRole('img', { name: /^Activation\. .*38 % on Jan 2026.*44 % on Apr 2026/ })).toBeVisible();
  await expect(chart).toContainText('Target 40 %');
  await chart.getByText('Show as table').click();
  const table = chart.getByRole('table', { name: 'Activation' });
  await expect(table.getByRole('row', { name: /Mar 2026/ })).toContainText('–');
  await expect(table.getByRole('row', { name: /Apr 2026/ })).toContainText('44 %');

  await page.getByRole('navigation', { name: 'Gather by' }).getByRole('link', { name: 'Quarter' }).click();
  await expect(page).toHaveURL(/by=quarter/);
  await expect(chart.getByRole('img', { name: /41.5 % on Q1 2026/ })).toBeVisible();
  for (const form of ['Area', 'Bars']) {
    await page.getByRole('navigation', { name: 'Drawn as' }).getByRole('link', { name: form }).click();
    await expect(page).toHaveURL(new RegExp(`by=quarter.*as=${form.toLowerCase()}`));
    await expect(chart.getByRole('img', { name: /41.5 % on Q1 2026/ })).toBeVisible();
    await expect(chart).toContainText('Target 40 %');
  }

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'KPIs' }).click();
  const row = page.getByRole('row', { name: /Activation/ });
  await expect(row).toContainText('44 %');
  await expect(row.getByRole('img', { name: /of the last 12 months/ })).toBeVisible();
});

test('a value is put right, and removed', async ({ page, open, workspace }) => {
  await addKpi(page, open, workspace, 'Churn');
  await enter(page, '2026-01-15', '7');
  await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toContainText('7 %');
  await page.getByRole('link', { name: 'Edit the value of 15 Jan 2026' }).click();
  await field(page, 'Value').fill('9.25');
  await page.getByRole('button', { name: 'Save value' }).click();
  await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toContainText('9.25 %');
  await page.getByRole('button', { name: 'Remove the value of 15 Jan 2026' }).click();
  await expect(values(page)).toContainText('No values yet.');
});

test.describe('what is no value', () => {
  test.use({ statuses: [422] });

  test('is refused beside its field', async ({ page, open, workspace }) => {
    await addKpi(page, open, workspace, 'Churn');
    await enter(page, '2062-01-15', 'many');
    await expectRefused(field(page, 'Date'), /has not come yet/);
    await expectRefused(field(page, 'Value'), /Enter a number/);
    await expect(field(page, 'Value')).toHaveValue('many');
  });

  test('and what a day has already is not written over', async ({ page, open, workspace }) => {
    await addKpi(page, open, workspace, 'Churn');
    await enter(page, '2026-01-15', '7');
    await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toContainText('7 %');
    await enter(page, '2026-01-15', '8');
    await expectRefused(field(page, 'Date'), /There is a value of this day already\. Change that one\./);
    await expect(field(page, 'Value')).toHaveValue('8');
    await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toContainText('7 %');
  });

  test('in one line of a file keeps all of it out', async ({ page, open, workspace }) => {
    await addKpi(page, open, workspace, 'Churn');
    await upload(page, 'date,value\n2026-01-15,7\nsoon,8\n2026-03-15,many\n2026-04-15,1,2\n');
    await expect(field(page, 'CSV file')).toHaveAccessibleDescription(/Nothing was taken\. Line 3: .* Line 4: Enter a number.* Line 5: This row has not as many cells as the heading/);
    await expect(values(page)).toContainText('No values yet.');
  });
});

test('a file of values is taken, and once more changes nothing', async ({ page, open, workspace }) => {
  await addKpi(page, open, workspace, 'Churn');
  for (let times = 0; times < 2; times++) {
    await upload(page, 'date;value\r\n2026-01-15;7,5\r\n2026-02-15;8\r\n');
    await expect(page.getByRole('status').filter({ hasText: 'The values of the file are saved.' })).toBeVisible();
    await expect(values(page).getByRole('row')).toHaveCount(3);
    await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toContainText('7.5 %');
  }
});

test('a rule tells when its threshold is crossed, until somebody has seen it', async ({ page, open, workspace }) => {
  await addKpi(page, open, workspace, 'Churn');
  await field(page, 'Tell when').selectOption('The value goes above');
  await field(page, 'Threshold').fill('10');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(alerts(page)).toContainText('Above 10 %');
  await enter(page, '2026-01-15', '7');
  await expect(values(page).getByRole('row', { name: /15 Jan 2026/ })).toBeVisible();
  await expect(alerts(page)).toContainText('No alerts.');
  await enter(page, '2026-02-15', '12');
  await expect(alerts(page)).toContainText('Feb 2026: 12 %, above 10 %');
  await expect(alerts(page)).toContainText('1 new');
  await open(`${workspace.home}/kpis`);
  await expect(page.getByRole('row', { name: /Churn/ })).toContainText('1 new alert');
  // Whoever comes in sees it, on the organisation's overview and on the product's.
  const told = region(page, 'KPI alerts');
  for (const overview of [`/orgs/${workspace.org}`, workspace.home]) {
    await open(overview);
    await expect(told).toContainText('1 new');
    await expect(told.getByRole('listitem')).toContainText('Feb 2026: 12 %, above 10 %');
  }
  await told.getByRole('link', { name: 'Churn' }).click();
  await page.getByRole('button', { name: 'Mark as read' }).click();
  await expect(alerts(page)).not.toContainText('1 new');
  await open(`/orgs/${workspace.org}`);
  await expect(page.getByRole('region', { name: 'At risk' })).toBeVisible();
  await expect(told).toHaveCount(0);
  await open(`${workspace.home}/kpis`);
  await page.getByRole('link', { name: 'Churn' }).click();
  await page.getByRole('button', { name: 'Remove the rule: Above 10 %' }).click();
  await expect(alerts(page)).toContainText('No rules.');
  await expect(alerts(page)).toContainText('above 10 %');
});

test('an alert is taken back once its value is put right', async ({ page, open, workspace }) => {
  await addKpi(page, open, workspace, 'Churn');
  await field(page, 'Tell when').selectOption('The value goes above');
  await field(page, 'Threshold').fill('10');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await expect(alerts(page)).toContainText('Above 10 %');
  await enter(page, '2026-02-15', '120');
  await expect(alerts(page)).toContainText('Feb 2026: 120 %, above 10 %');
  await expect(alerts(page)).toContainText('1 new');
  await page.getByRole('link', { name: 'Edit the value of 15 Feb 2026' }).click();
  await field(page, 'Value').fill('1.2');
  await page.getByRole('button', { name: 'Save value' }).click();
  await expect(alerts(page)).toContainText('No longer so: it is 1.2 % now.');
  for (const told of ['KPI: alert withdrawn', 'The value goes above', 'Higher is better']) await remembers(page, told);
  await expect(alerts(page)).not.toContainText('new');
  await expect(page.getByRole('button', { name: 'Mark as read' })).toHaveCount(0);
  await open(`${workspace.home}/kpis`);
  await expect(page.getByRole('row', { name: /Churn/ })).not.toContainText('alert');
  await open(`/orgs/${workspace.org}`);
  await expect(page.getByRole('region', { name: 'At risk' })).toBeVisible();
  await expect(region(page, 'KPI alerts')).toHaveCount(0);

  await open(`${workspace.home}/kpis`);
  await page.getByRole('link', { name: 'Churn' }).click();
  await page.getByRole('button', { name: 'Remove the value of 15 Feb 2026' }).click();
  await expect(alerts(page)).toContainText('No longer so: the value was removed.');
  await enter(page, '2026-02-16', '12');
  await expect(alerts(page)).toContainText('1 new');
  await expect(alerts(page)).not.toContainText('No longer so');
});

test('KPIs are narrowed by how they stand, as overviews count them', async ({ page, open, workspace }) => {
  const today = new Date().toISOString().slice(0, 10);
  for (const [name, value] of [['Churn', '30'], ['Activation', '50'], ['Sign-ups', '']]) {
    await addKpi(page, open, workspace, name);
    if (!value) continue;
    await enter(page, today, value);
    await expect(values(page)).toContainText(`${value} %`);
  }
  await open(`/orgs/${workspace.org}`);
  await page.getByRole('link', { name: '1 KPIs of Rocket off target' }).click();
  await expect(page).toHaveURL(/kpis\?status=OFF_TARGET$/);
  const tabs = page.getByRole('navigation', { name: 'Filter by status' });
  await expect(tabs.getByRole('link', { name: 'Off target' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('row', { name: /Churn/ })).toContainText('Off target');
  await expect(page.getByRole('row')).toHaveCount(2);
  await tabs.getByRole('link', { name: 'On target' }).click();
  await expect(page.getByRole('row', { name: /Activation/ })).toContainText('On target');
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByLabel('Frequency', { exact: true }).selectOption('Quarterly');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No KPI matches' })).toBeVisible();
  await expect(page).toHaveURL(/status=ON_TARGET&frequency=QUARTERLY/);
  await tabs.getByRole('link', { name: 'No value yet' }).click();
  await page.getByRole('link', { name: 'Show all KPIs' }).click();
  await expect(page.getByRole('row')).toHaveCount(4);

  await open(workspace.home);
  const numbers = region(page, 'In numbers');
  await expect(numbers.getByRole('definition').filter({ hasText: /^1$/ })).toHaveCount(1);
  await numbers.getByRole('link', { name: 'KPIs off target' }).click();
  await expect(page.getByRole('row', { name: /Churn/ })).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(2);
});

test('no label of a chart touches another, on a phone or on a wide screen', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  const kpis = '/orgs/demo/products/demo-product/kpis';
  for (const width of [390, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    for (const name of ['Slowest page', 'Weekly active teams', 'Activation rate']) {
      await open(kpis);
      await page.getByRole('link', { name, exact: true }).click();
      const picture = page.getByRole('img', { name: new RegExp(`^${name}\\.`) });
      await expect(picture).toBeVisible();
      expect(await touching(picture), `${name} at ${width}`).toEqual([]);
    }
  }
});

test('a KPI is changed, deleted, and had back', async ({ page, open, workspace }) => {
  await addKpi(page, open, workspace, 'Churn');
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await field(page, 'Direction').selectOption('Lower is better');
  await field(page, 'Target').fill('5.5');
  await page.getByRole('button', { name: 'Save KPI' }).click();
  await expect(region(page, 'Standing')).toContainText('5.5 %');
  await expect(region(page, 'Standing')).toContainText('Lower is better');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The KPI is deleted.' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Churn', level: 1 })).toBeVisible();
});
