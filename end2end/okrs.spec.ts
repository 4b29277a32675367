import { endpoint, expect, expectRefused, field, post, test, type Workspace } from './fixtures';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true });
const idOf = (path: string) => path.split('?')[0].split('/').pop()!;

/** The quarter so many after the present one, as the database and as the screen writes it. */
function quarter(later = 0) {
  const now = new Date();
  const number = now.getUTCFullYear() * 4 + Math.floor(now.getUTCMonth() / 3) + later;
  const [year, place] = [Math.floor(number / 4), (number % 4) + 1];
  return { word: `${year}-Q${place}`, label: `Q${place} ${year}` };
}

/** Sends a form on that page, which has to be accepted; gives the path that it leads to. */
async function submit(page: Page, on: string, name: string, fields: Record<string, string>) {
  const answer = await post(page.request, await endpoint(page.request, on, name), { ...fields, page: on }, on);
  expect(answer.status(), `${name}: ${await answer.text()}`).toBe(303);
  return answer.headers().location;
}

/** Adds an objective past the screens, with a key result from 0 to 100 %, and gives its page; it is worked on. */
async function addObjective(page: Page, { org, product, home }: Workspace, title: string, { of = quarter().word, serves = '' } = {}) {
  const html = await (await page.request.get(`${home}/okrs/new`)).text();
  const owner = html.match(/name="form\[owner\]"[\s\S]*?<option[^>]*value="([^"]+)"/)![1];
  const form = { 'form[title]': title, 'form[quarter]': of, 'form[owner]': owner, 'form[serves]': serves };
  const okr = await submit(page, `${home}/okrs/new`, 'create_okr', { org, product, ...form });
  await submit(page, okr, 'move_okr', { org, id: idOf(okr), status: 'ACTIVE' });
  const result = { 'form[title]': `Share of ${title}`, 'form[direction]': 'INCREASE', 'form[start]': '0', 'form[target]': '100', 'form[unit]': '%' };
  await submit(page, okr, 'add_key_result', { org, id: idOf(okr), ...result });
  return okr;
}

async function addResult(page: Page, title: string, direction: string, numbers: Record<string, string>) {
  const results = region(page, 'Key results');
  const name = results.getByLabel('Key result', { exact: true });
  // With scripts the fold stays open for the next.
  if (!(await name.isVisible())) await results.getByText('Add a key result').click();
  await name.fill(title);
  await results.getByLabel('Direction', { exact: true }).selectOption({ label: direction });
  for (const [label, value] of Object.entries(numbers)) await results.getByLabel(label, { exact: true }).fill(value);
  await results.getByRole('button', { name: 'Add key result' }).click();
  await expect(results.getByRole('link', { name: title, exact: true })).toBeVisible();
}

test('from an objective to a check-in', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'OKRs' }).click();
  await expect(page.getByRole('heading', { name: 'No objectives yet' })).toBeVisible();
  await page.getByRole('link', { name: 'New objective' }).first().click();
  await field(page, 'Objective').fill('New teams stay');
  await field(page, 'Description').fill('Past their first week');
  await expect(field(page, 'Quarter')).toHaveValue(quarter().word);
  await page.getByRole('button', { name: 'Add objective' }).click();
  await expect(heading(page, 'New teams stay')).toBeVisible();
  await expect(region(page, 'Details')).toContainText(workspace.name);
  await region(page, 'Status').getByRole('button', { name: 'Start', exact: true }).click();
  await expect(region(page, 'Status')).toContainText('Active');

  await addResult(page, 'Teams that stay', 'Increase', { 'Start value': '20', 'Target value': '60', Unit: '%' });
  await addResult(page, 'Questions', 'Decrease', { 'Start value': '8', 'Target value': '2' });
  await addResult(page, 'Availability', 'Maintain within a band', { 'Start value': '95', 'Lowest value': '99', 'Highest value': '100' });
  await expect(region(page, 'Key results')).toContainText('20 % · from 20 to 60 %');
  await expect(region(page, 'Progress').getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('value', '0');

  await page.getByRole('link', { name: 'Check in Teams that stay' }).click();
  await expect(heading(page, 'Teams that stay')).toBeVisible();
  for (const [value, note] of [['40', 'The invitation helps'], ['50', 'So does the tour']]) {
    await field(page, 'Value now').fill(value);
    await field(page, 'Confidence').selectOption('7');
    await field(page, 'Note').fill(note);
    await page.getByRole('button', { name: 'Save check-in' }).click();
    await expect(page.getByRole('list', { name: 'Check-ins' }).getByRole('listitem').first()).toContainText(note);
  }
  const said = page.getByRole('list', { name: 'Check-ins' }).getByRole('listitem');
  await expect(said).toHaveCount(2);
  await expect(said.first()).toContainText('50 %');
  await expect(said.first()).toContainText('Confidence 7 of 10');
  await expect(said.first()).toContainText(workspace.name);
  await expect(page.getByRole('img', { name: 'How “Teams that stay” went: from 20 to 60 %, now 50 %' })).toBeVisible();
  await expect(region(page, 'Progress')).toContainText('75 %');

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'New teams stay' }).click();
  await expect(region(page, 'Key results')).toContainText('confidence 7 of 10');
  await expect(region(page, 'Progress')).toContainText('25 %');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'OKRs' }).click();
  await expect(region(page, `Objectives of ${quarter().label}`).getByRole('row', { name: /New teams stay/ })).toContainText('25 %');
});

test('what is behind its quarter is at risk', async ({ page, open, workspace }) => {
  await addObjective(page, workspace, 'Late', { of: quarter(-1).word });
  await addObjective(page, workspace, 'Early', { of: quarter(1).word });
  await open(`${workspace.home}/okrs`);
  await expect(page.getByRole('row', { name: /Late/ })).toContainText('At riskBehind by 100 points');
  await expect(page.getByRole('row', { name: /Early/ })).not.toContainText('At risk');
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'At risk' }).click();
  await expect(page.getByRole('row', { name: /Late/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Early/ })).toHaveCount(0);
  await open(`${workspace.home}/okrs`);
  await page.getByLabel('Quarter', { exact: true }).selectOption(quarter(1).word);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(page.getByRole('row', { name: /Early/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Late/ })).toHaveCount(0);
});

test('objectives serve those of the organisation', async ({ page, open, workspace }) => {
  await open(`/orgs/${workspace.org}/products`);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Objectives', exact: true }).click();
  await page.getByRole('link', { name: 'New objective' }).first().click();
  await field(page, 'Objective').fill('Grow');
  await page.getByRole('button', { name: 'Add objective' }).click();
  await expect(heading(page, 'Grow')).toBeVisible();
  await region(page, 'Status').getByRole('button', { name: 'Start', exact: true }).click();
  await expect(region(page, 'Status')).toContainText('Active');
  const top = idOf(page.url());

  const okr = await addObjective(page, workspace, 'Serving', { serves: top });
  await addObjective(page, workspace, 'Below', { serves: idOf(okr) });
  await open(okr);
  await expect(region(page, 'Alignment').getByRole('link', { name: 'Grow' })).toBeVisible();
  await expect(region(page, 'Alignment').getByRole('link', { name: 'Below' })).toBeVisible();
  await page.getByRole('link', { name: 'Check in Share of Serving' }).click();
  await field(page, 'Value now').fill('80');
  await page.getByRole('button', { name: 'Save check-in' }).click();
  await expect(page.getByRole('list', { name: 'Check-ins' }).getByRole('listitem')).toHaveCount(1);
  await open(`/orgs/${workspace.org}/okrs`);
  const grow = region(page, 'Grow');
  await expect(grow.getByRole('progressbar', { name: 'Progress' }).first()).toHaveAttribute('value', '80');
  const serving = grow.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Serving' }) });
  await expect(serving.first().getByRole('listitem')).toContainText('Below');

  await open(`${okr}/edit`);
  await expect(field(page, 'Aligned with')).toHaveValue(top);
  await field(page, 'Aligned with').selectOption('');
  await page.getByRole('button', { name: 'Save objective' }).click();
  await expect(heading(page, 'Serving')).toBeVisible();
  await open(`/orgs/${workspace.org}/okrs`);
  await expect(region(page, 'Aligned with none of these').getByRole('link', { name: 'Serving' })).toBeVisible();
  await region(page, 'Grow').getByRole('link', { name: 'Grow' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(heading(page, 'Grow')).toBeVisible();
});

test('a quarter is closed and what is unfinished goes on', async ({ page, open, workspace }) => {
  const { home } = workspace;
  const top = await addObjective(page, workspace, 'Top', { of: quarter(-1).word });
  const half = await addObjective(page, workspace, 'Half', { of: quarter(-1).word, serves: idOf(top) });
  await addObjective(page, workspace, 'Dropped', { of: quarter(-1).word });
  await open(half);
  await page.getByRole('link', { name: 'Check in Share of Half' }).click();
  await field(page, 'Value now').fill('60');
  await page.getByRole('button', { name: 'Save check-in' }).click();
  await expect(page.getByRole('list', { name: 'Check-ins' }).getByRole('listitem')).toHaveCount(1);

  await open(`${home}/okrs`);
  await page.getByRole('link', { name: `Close ${quarter(-1).label}` }).click();
  await expect(heading(page, `Close ${quarter(-1).label}`)).toBeVisible();
  await expect(page.getByLabel('What becomes of Half')).toHaveValue('COMPLETE_CARRY');
  await page.getByLabel('What becomes of Dropped').selectOption({ label: 'Cancel it' });
  await page.getByLabel('What is carried over begins as').selectOption({ label: 'Active' });
  await page.getByRole('button', { name: 'Close the quarter' }).click();
  await expect(page.getByRole('status').filter({ hasText: `${quarter(-1).label} is closed.` })).toBeVisible();
  await expect(region(page, `Objectives of ${quarter(-1).label}`).getByRole('row', { name: /Half/ })).toContainText('Completed');
  await expect(region(page, `Objectives of ${quarter(-1).label}`).getByRole('row', { name: /Dropped/ })).toContainText('Cancelled');
  const next = region(page, `Objectives of ${quarter().label}`);
  await expect(next.getByRole('row', { name: /Half/ })).toContainText('Active');
  await expect(next.getByRole('row', { name: /Dropped/ })).toHaveCount(0);
  await next.getByRole('link', { name: 'Half' }).click();
  await expect(region(page, 'Key results')).toContainText('60 % · from 60 to 100 %');
  const alignment = region(page, 'Alignment');
  await expect(alignment).toContainText('Carried over from');
  // It serves what that goes on as which it served before.
  await expect(alignment.getByRole('heading', { name: 'Serves', exact: true })).toBeVisible();
  await alignment.getByRole('link', { name: 'Top' }).click();
  await expect(heading(page, 'Top')).toBeVisible();
  await expect(region(page, 'Details')).toContainText(quarter().label);
  await expect(alignment).toContainText('Is served by');
  await open(`${home}/okrs/close?quarter=${quarter(-1).word}`);
  await expect(page.getByRole('heading', { name: 'Nothing to close' })).toBeVisible();
});

test('a deleted objective is had back', async ({ page, open, workspace }) => {
  await open(await addObjective(page, workspace, 'Fleeting'));
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The objective is deleted.' })).toBeVisible();
  await expect(page.getByRole('row', { name: /Fleeting/ })).toHaveCount(0);
  await open(`${workspace.home}/okrs?show=deleted`);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(heading(page, 'Fleeting')).toBeVisible();
});

test.describe('refused', () => {
  test.use({ statuses: [403, 409, 422] });

  test('a way that leads nowhere, and numbers that are none', async ({ page, open, workspace }) => {
    const okr = await addObjective(page, workspace, 'Checked');
    await open(okr);
    const results = region(page, 'Key results');
    await results.getByText('Add a key result').click();
    await results.getByLabel('Key result', { exact: true }).fill('Backwards');
    await results.getByLabel('Start value', { exact: true }).fill('50');
    await results.getByLabel('Target value', { exact: true }).fill('50');
    await results.getByRole('button', { name: 'Add key result' }).click();
    await expectRefused(results.getByLabel('Target value', { exact: true }), /above the start/);
    await expect(results.getByLabel('Key result', { exact: true })).toHaveValue('Backwards');
    await open(okr);
    await page.getByRole('link', { name: 'Check in Share of Checked' }).click();
    await field(page, 'Value now').fill('NaN');
    await field(page, 'Note').fill('Kept');
    await page.getByRole('button', { name: 'Save check-in' }).click();
    await expectRefused(field(page, 'Value now'), /Enter a number/);
    await expect(field(page, 'Note')).toHaveValue('Kept');
  });

  test('what goes round in a circle, and what is over', async ({ page, open, workspace }) => {
    const okr = await addObjective(page, workspace, 'First');
    const below = await addObjective(page, workspace, 'Second', { serves: idOf(okr) });
    await open(`${okr}/edit`);
    await field(page, 'Aligned with').selectOption(idOf(below));
    await page.getByRole('button', { name: 'Save objective' }).click();
    await expectRefused(field(page, 'Aligned with'), /aligned with this one/);
    await open(okr);
    await region(page, 'Status').getByRole('button', { name: 'Complete', exact: true }).click();
    await expect(region(page, 'Status').getByRole('button', { name: 'Reopen' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Check in Share of First' })).toHaveCount(0);
  });

  test('a key result with check-ins goes only when that was meant', async ({ page, open, workspace }) => {
    await open(await addObjective(page, workspace, 'Kept'));
    await page.getByRole('link', { name: 'Check in Share of Kept' }).click();
    await field(page, 'Value now').fill('5');
    await page.getByRole('button', { name: 'Save check-in' }).click();
    await expect(page.getByRole('list', { name: 'Check-ins' }).getByRole('listitem')).toHaveCount(1);
    await page.getByRole('link', { name: 'Edit' }).click();
    await expect(heading(page, 'Edit key result')).toBeVisible();
    await page.getByRole('button', { name: 'Delete key result' }).click();
    await expect(page.getByText('Tick this: its check-ins would be gone for good.')).toBeVisible();
    await page.getByLabel('Delete its check-ins too, for good').check();
    await page.getByRole('button', { name: 'Delete key result' }).click();
    await expect(region(page, 'Key results')).toContainText('No key results yet.');
  });

  test('defining by a developer, checking in by a stakeholder', async ({ page, open, signedInAs }) => {
    await signedInAs('dev');
    await open('/orgs/demo/products/demo-product/okrs');
    await expect(page.getByRole('link', { name: 'New objective' })).toHaveCount(0);
    await page.getByRole('link', { name: 'It is always there, and quick' }).click();
    await expect(page.getByRole('link', { name: 'Check in Availability' })).toBeVisible();
    await expect(region(page, 'Status').getByRole('button')).toHaveCount(0);
    expect((await open('/orgs/demo/products/demo-product/okrs/new'))?.status()).toBe(403);
    expect((await open('/orgs/demo/products/demo-product/okrs/close'))?.status()).toBe(403);
    expect((await open('/orgs/demo/okrs/new'))?.status()).toBe(403);
    await signedInAs('stakeholder');
    await open('/orgs/demo/okrs');
    await page.getByRole('link', { name: 'It is always there, and quick' }).click();
    await expect(heading(page, 'It is always there, and quick')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Check in Availability' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Availability', exact: true }).click();
    await expect(heading(page, 'Availability')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save check-in' })).toHaveCount(0);
  });
});
