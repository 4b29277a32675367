import type { Page } from '@playwright/test';
import { expect, expectRefused, field, remembers, test, unfold } from './fixtures';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
const today = () => new Date().toISOString().slice(0, 10);

type Open = (path: string) => Promise<unknown>;

/** Adds an experiment by its form, and stays on its page. */
async function addExperiment(page: Page, open: Open, home: string, name: string) {
  await open(`${home}/experiments/new`);
  await field(page, 'Name').fill(name);
  await field(page, 'Hypothesis').fill('We believe that green\nfor visitors\nwill sell more\nbecause it can be seen.');
  await page.getByRole('button', { name: 'Add experiment' }).click();
  await expect(heading(page, name)).toBeVisible();
}

async function addMetric(page: Page, name: string, role = 'PRIMARY') {
  const metrics = region(page, 'Metrics');
  await unfold(metrics, 'Add a metric');
  await metrics.getByLabel('Metric', { exact: true }).fill(name);
  await metrics.getByLabel('Role').selectOption(role);
  await metrics.getByRole('button', { name: 'Add metric' }).click();
  await expect(metrics.getByRole('list', { name: 'Metrics' })).toContainText(name);
}

async function start(page: Page) {
  await region(page, 'Status').getByRole('button', { name: 'Start', exact: true }).click();
  await expect(region(page, 'Status')).toContainText('Running');
}

async function sendFile(page: Page, text: string) {
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'results.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Send file' }).click();
}

test('from hypothesis to decision', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Experiments' }).click();
  await page.getByRole('link', { name: 'New experiment' }).first().click();
  await field(page, 'Name').fill('Green button');
  await expect(field(page, 'Hypothesis')).toHaveValue(/We believe that/);
  await field(page, 'Hypothesis').fill('We believe that a green button sells more, because it can be seen.');
  await field(page, 'Planned size').fill('5000');
  await page.getByRole('button', { name: 'Add experiment' }).click();
  await expect(heading(page, 'Green button')).toBeVisible();
  await expect(region(page, 'Answer')).toContainText('It needs at least one primary metric.');
  await addMetric(page, 'Buys');
  await addMetric(page, 'Returns it', 'GUARDRAIL');
  await expect(region(page, 'Answer')).toContainText('Ready to start');
  await start(page);
  await expect(region(page, 'Answer')).toContainText('No answer yet');

  await page.getByRole('link', { name: 'Enter or see results' }).click();
  await field(page, 'Day').fill(today());
  await region(page, 'Enter a result').getByLabel('Metric', { exact: true }).selectOption('Buys');
  await region(page, 'Enter a result').getByLabel('Variant', { exact: true }).selectOption('Control');
  await field(page, 'Units').fill('1000');
  await field(page, 'Sum').fill('100');
  await page.getByRole('button', { name: 'Add result' }).click();
  const entered = region(page, 'Results');
  await expect(entered.getByRole('row', { name: /Buys Control 1,000/ })).toBeVisible();
  const rows = [`${today()},Treatment,buys,1003,181`, `${today()},Control,Returns it,1000,20`, `${today()},Treatment,Returns it,1003,21`];
  await sendFile(page, ['day,variant,metric,n,sum', ...rows].join('\n'));
  await expect(page.getByRole('status').filter({ hasText: '3 added, 0 changed, 0 already there.' })).toBeVisible();
  await expect(entered.getByRole('row', { name: /Buys Treatment 1,003/ })).toBeVisible();

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Green button' }).click();
  await expect(region(page, 'Answer')).toContainText('Ship it');
  await expect(region(page, 'Effects')).toBeVisible();
  const buys = region(page, 'Buys');
  await expect(buys.getByRole('img', { name: /^Buys, day by day\. Treatment: 80\.46 %, from / })).toBeVisible();
  await buys.getByText('Show as table').click();
  await expect(buys.getByRole('table', { name: 'Buys, day by day' }).getByRole('row').last()).toContainText('80.46');
  await expect(region(page, 'Returns it').getByRole('img')).toHaveCount(0);
  await expect(page.getByRole('table', { name: /Safe while peeking/ }).first()).toContainText('10.00 %');
  await expect(region(page, 'Exposure')).toContainText('The ratio is as it should be');
  await expect(region(page, 'Exposure')).toContainText('2,003 of 5,000 planned units');
  await expect(page.getByText('Fixed-horizon test: valid at the planned end only').first()).toBeVisible();

  const decision = region(page, 'Decision');
  await unfold(decision, 'Complete with a decision');
  await decision.getByLabel('What was decided').selectOption('Ship “Treatment”');
  await decision.getByLabel('Note').fill('Eighty more in a thousand.');
  await decision.getByRole('button', { name: 'Complete experiment' }).click();
  await expect(region(page, 'Answer')).toContainText('Shipped “Treatment”');
  await expect(region(page, 'Answer')).toContainText('Eighty more in a thousand.');
  await expect(region(page, 'Answer')).toContainText('What the data said then: Ship it.');
  for (const told of ['Two-sided', 'Holm', 'Treatment']) await remembers(page, told);
  await expect(page.getByRole('list', { name: 'History' })).not.toContainText(/TWO|HOLM|SHIP|analysis/);
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Experiments' }).click();
  await expect(page.getByRole('row', { name: /Green button/ })).toContainText('Shipped “Treatment”');
});

test.describe('what cannot be is refused', () => {
  test.use({ statuses: [409, 422] });

  test('beside its field', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/experiments/new`);
    await field(page, 'Name').fill('Green');
    await field(page, 'Planned size').fill('NaN');
    await page.getByRole('button', { name: 'Add experiment' }).click();
    await expectRefused(field(page, 'Hypothesis'), /Say what you believe/);
    await expectRefused(field(page, 'Planned size'), /whole number/);
    await expect(field(page, 'Name')).toHaveValue('Green');

    await addExperiment(page, open, workspace.home, 'Green');
    await region(page, 'Status').getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('It needs at least one primary metric.');
    await page.getByRole('link', { name: 'Edit variants' }).click();
    await field(page, 'Share of variant 2 in %').fill('40');
    await page.getByRole('button', { name: 'Save variants' }).click();
    await expect(page.getByRole('alert')).toContainText('The shares sum to 90 %');
    await field(page, 'Share of variant 1 in %').fill('60');
    await page.getByRole('button', { name: 'Save variants' }).click();
    await expect(region(page, 'Variants')).toContainText('60.00 %');
  });

  test('line by line in a file, of which nothing is taken in', async ({ page, open, workspace }) => {
    await addExperiment(page, open, workspace.home, 'Green');
    await addMetric(page, 'Buys');
    await start(page);
    await page.getByRole('link', { name: 'Enter or see results' }).click();
    const rows = [`${today()},Control,Buys,100,10`, `${today()},Control,Buys,100,11`, `1999-01-01,Nobody,Buys,0,inf`];
    await sendFile(page, ['day,variant,metric,n,sum', ...rows].join('\n'));
    const file = page.getByLabel('File', { exact: true });
    await expectRefused(file, /Nothing of this file was taken in/);
    await expectRefused(file, /Line 3, day: .*already/);
    await expectRefused(file, /Line 4, sum: Enter a number/);
    await expect(page.getByText('No results yet.')).toBeVisible();
    await field(page, 'Day').fill(today());
    await field(page, 'Units').fill('10');
    await field(page, 'Sum').fill('11');
    await page.getByRole('button', { name: 'Add result' }).click();
    await expectRefused(field(page, 'Sum'), /how many units did it/);
  });
});

test('a result is changed and deleted', async ({ page, open, workspace }) => {
  await addExperiment(page, open, workspace.home, 'Green');
  await addMetric(page, 'Buys');
  await start(page);
  await page.getByRole('link', { name: 'Enter or see results' }).click();
  await sendFile(page, `day;variant;metric;n;sum\n${today()};Control;Buys;100;10`);
  await page.getByRole('link', { name: `Edit Buys, Control, ${today()}` }).click();
  await field(page, 'Sum').fill('12');
  await page.getByRole('button', { name: 'Save result' }).click();
  await expect(region(page, 'Results').getByRole('row', { name: /Buys Control 100 12/ })).toBeVisible();
  await page.getByRole('button', { name: `Delete Buys, Control, ${today()}` }).click();
  await expect(page.getByText('No results yet.')).toBeVisible();
});

test('a ratio that is not as it was planned is told before anything else', async ({ page, open, workspace }) => {
  await addExperiment(page, open, workspace.home, 'Green');
  await addMetric(page, 'Buys');
  await start(page);
  await page.getByRole('link', { name: 'Enter or see results' }).click();
  await sendFile(page, `day,variant,metric,n,sum\n${today()},Control,Buys,1000,100\n${today()},Treatment,Buys,1200,300`);
  await expect(page.getByRole('status').filter({ hasText: '2 added' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Green' }).click();
  await expect(region(page, 'Answer')).toContainText('Do not trust this');
  await expect(region(page, 'Exposure').getByRole('alert')).toContainText('Sample ratio mismatch (p = 2.01e-5)');

  const numbers = region(page, 'Results of Buys');
  await expect(numbers.getByRole('columnheader', { name: /^Absolute, in percentage points, with 95 % interval/ })).toBeVisible();
  const effect = /\+15\.00 pp\s*\+[\d.]+ pp to \+[\d.]+ pp\s*p [=<]/;
  await expect(numbers.getByRole('row', { name: /^Treatment/ })).toContainText(effect);
  await page.getByText('Fixed-horizon test').click();
  await expect(region(page, 'Fixed-horizon results of Buys').getByRole('row', { name: /^Treatment/ })).toContainText(effect);
});

test('the power calculator answers and leads on to an experiment', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/experiments`);
  await page.getByRole('link', { name: 'Power calculator' }).click();
  await page.getByLabel("The control's mean").fill('x');
  await page.getByRole('button', { name: 'Calculate' }).click();
  await expectRefused(page.getByLabel("The control's mean"), /Enter a number/);
  await page.getByLabel("The control's mean").fill('10');
  await page.getByLabel('Smallest effect worth finding, in %').fill('10');
  await page.getByRole('button', { name: 'Calculate' }).click();
  await expect(region(page, 'Answer')).toContainText(/You need [\d,]+ units in both variants together/);
  await page.getByLabel('What is asked for').selectOption('Which effect can I find?');
  await page.getByLabel('Units in both variants').fill('20000');
  await page.getByRole('button', { name: 'Calculate' }).click();
  await expect(region(page, 'Answer')).toContainText('With 20,000 units');
  await page.getByLabel('Sides').selectOption('One-sided');
  await page.getByLabel('Direction').selectOption('Lower is better');
  await page.getByRole('button', { name: 'Calculate' }).click();
  await expect(region(page, 'Answer')).toContainText('a change of -');
  await page.getByRole('link', { name: 'New experiment of this size' }).click();
  await expect(field(page, 'Planned size')).toHaveValue(/^\d+$/);
});

test('a deleted experiment comes back', async ({ page, open, workspace }) => {
  await addExperiment(page, open, workspace.home, 'Fleeting');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The experiment is deleted.' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(heading(page, 'Fleeting')).toBeVisible();
});

test.describe('of a stakeholder', () => {
  test('nothing can be changed', async ({ page, open, signedInAs }) => {
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/demo-product/experiments');
    await expect(page.getByRole('link', { name: 'New experiment' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Guided first idea' }).click();
    await expect(region(page, 'Answer')).toContainText('Keep running');
    await expect(page.getByRole('button', { name: 'Cancel experiment' })).toHaveCount(0);
    await expect(region(page, 'Decision')).toHaveCount(0);
    await page.getByRole('link', { name: 'Enter or see results' }).click();
    await expect(region(page, 'Enter a result')).toHaveCount(0);
  });
});
