import { endpoint, expect, field, post, test, type Workspace } from './fixtures';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const idOf = (path: string) => path.split('?')[0].split('/').pop()!;

/** Adds a feature past the screens and gives its page. */
async function addFeature(page: Page, { org, product, home }: Workspace, title: string, fields: Record<string, string> = {}) {
  const form = Object.fromEntries(Object.entries({ title, ...fields }).map(([name, value]) => [`form[${name}]`, value]));
  const answer = await post(page.request, await endpoint(page.request, `${home}/features/new`, 'create_feature'), { org, product, ...form });
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

/** Has one feature, given by its page, wait for another; gives the answer's status and text. */
async function link(page: Page, { org }: Workspace, blocker: string, blocked: string) {
  const action = await endpoint(page.request, blocked, 'link_feature');
  const answer = await post(page.request, action, { org, id: idOf(blocked), blocker: idOf(blocker), page: blocked }, blocked);
  return { status: answer.status(), text: await answer.text() };
}

async function find(page: Page, words: string) {
  await page.getByLabel('Feature\'s title').fill(words);
  await page.getByLabel('Feature\'s title').press('Enter');
}

test('an epic holds features and tells how far they are', async ({ page, open, workspace }) => {
  await addFeature(page, workspace, 'App for iOS', { story_points: '8' });
  await addFeature(page, workspace, 'App for Android', { story_points: '5' });
  await open(workspace.home);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Epics' }).click();
  await page.getByRole('link', { name: 'New epic' }).first().click();
  await field(page, 'Title').fill('Native apps');
  await field(page, 'Description').fill('On every phone');
  await field(page, 'Start date').fill('2026-11-02');
  await field(page, 'End date').fill('2026-12-24');
  await page.getByRole('button', { name: 'Add epic' }).click();
  await expect(page.getByRole('heading', { name: 'Native apps', level: 1 })).toBeVisible();
  await expect(region(page, 'Details')).toContainText('24 Dec 2026');
  await expect(region(page, 'Progress')).toContainText('No features');

  const features = region(page, 'Features');
  for (const title of ['App for iOS', 'App for Android']) {
    await find(page, title);
    await page.getByRole('button', { name: `Add ${title}` }).click();
    await expect(features.getByRole('row', { name: new RegExp(title) })).toBeVisible();
  }
  await expect(region(page, 'Progress')).toContainText('0 of 2 features done (0 %)');
  await features.getByRole('link', { name: 'App for iOS' }).click();
  await expect(region(page, 'Details').getByRole('link', { name: 'Native apps' })).toBeVisible();
  await region(page, 'Status').getByRole('button', { name: 'Done' }).click();
  await expect(region(page, 'Status').getByRole('button', { name: 'Done' })).toHaveCount(0);
  await region(page, 'Details').getByRole('link', { name: 'Native apps' }).click();
  await expect(region(page, 'Progress')).toContainText('1 of 2 features done (50 %)');
  await expect(region(page, 'Progress')).toContainText('8 of 13 points done');
  await expect(page.getByRole('progressbar', { name: 'Features done' })).toBeVisible();

  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(region(page, 'Status')).toContainText('In progress');
  await page.getByRole('button', { name: 'Take App for Android out' }).click();
  await expect(region(page, 'Progress')).toContainText('1 of 1 feature done (100 %)');
  await page.getByRole('button', { name: 'Complete' }).click();
  await expect(region(page, 'Status')).toContainText('Completed');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Epics' }).click();
  await expect(page.getByRole('row', { name: /Native apps/ })).toContainText('1 of 1 feature done (100 %)');
});

test('a deleted epic leaves its features and is had back', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/epics/new`);
  await field(page, 'Title').fill('Fleeting');
  await page.getByRole('button', { name: 'Add epic' }).click();
  await page.getByRole('link', { name: 'New feature' }).click();
  await expect(field(page, 'Epic')).toHaveValue(/\w/);
  await field(page, 'Title').fill('Lasting');
  await page.getByRole('button', { name: 'Add feature' }).click();
  await region(page, 'Details').getByRole('link', { name: 'Fleeting' }).click();
  await expect(page.getByRole('heading', { name: 'Fleeting', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The epic is deleted; its features stay.' })).toBeVisible();
  await open(`${workspace.home}/features`);
  await expect(page.getByRole('row', { name: /Lasting/ })).not.toContainText('Fleeting');
  await open(`${workspace.home}/epics?show=deleted`);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(region(page, 'Features').getByRole('link', { name: 'Lasting' })).toBeVisible();
});

test('criteria are ticked one by one', async ({ page, open, workspace }) => {
  const criteria = 'It holds:\n- [ ] Opens <b>offline</b>\n- [ ] Closes';
  const feature = await addFeature(page, workspace, 'Checked', { acceptance_criteria: criteria });
  await open(feature);
  const card = region(page, 'Acceptance criteria');
  await expect(card).toContainText('0 of 2 met');
  await expect(card).toContainText('It holds:');
  await card.getByRole('checkbox', { name: 'Opens <b>offline</b>' }).click();
  await expect(card.getByRole('checkbox', { name: 'Opens <b>offline</b>' })).toBeChecked();
  await expect(card.getByRole('checkbox', { name: 'Closes' })).not.toBeChecked();
  await expect(card).toContainText('1 of 2 met');
  await open(`${workspace.home}/features`);
  await expect(page.getByRole('row', { name: /Checked/ })).toContainText('1 of 2 met');
});

test('a feature waits for another', async ({ page, open, workspace }) => {
  await addFeature(page, workspace, 'Groundwork');
  const house = await addFeature(page, workspace, 'House');
  await open(house);
  const panel = region(page, 'Dependencies');
  await expect(panel).toContainText('It waits for nothing.');
  await find(page, 'ground');
  await page.getByRole('button', { name: 'Blocked by Groundwork' }).click();
  await expect(panel.getByRole('list', { name: 'Blocked by' }).getByRole('link', { name: 'Groundwork' })).toBeVisible();
  await expect(region(page, 'Status')).toContainText('Blocked by 1');
  await open(`${workspace.home}/features`);
  await expect(page.getByRole('row', { name: /House/ })).toContainText('Blocked by 1');
  await page.getByRole('link', { name: 'Groundwork' }).click();
  await expect(panel.getByRole('list', { name: 'Blocks' }).getByRole('link', { name: 'House' })).toBeVisible();
  await region(page, 'Status').getByRole('button', { name: 'Done' }).click();
  await expect(region(page, 'Status').getByRole('button', { name: 'Done' })).toHaveCount(0);
  await panel.getByRole('link', { name: 'House' }).click();
  await expect(page.getByRole('heading', { name: 'House', level: 1 })).toBeVisible();
  await expect(region(page, 'Status')).not.toContainText('Blocked by');
  await panel.getByRole('button', { name: 'Remove Groundwork' }).click();
  await expect(panel).toContainText('It waits for nothing.');
});

test('features are found by who, when and where', async ({ page, open, workspace }) => {
  await addFeature(page, workspace, 'Soon', { due_date: '2026-11-30', priority: 'HIGH' });
  await addFeature(page, workspace, 'Later', { due_date: '2027-02-01' });
  await open(`${workspace.home}/features`);
  await page.getByLabel('Title', { exact: true }).fill('soo');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/find=soo/);
  await expect(page.getByRole('row', { name: /Soon/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Later/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'Clear' }).click();
  await expect(page.getByRole('row', { name: /Later/ })).toBeVisible();
  await page.getByLabel('Assignee', { exact: true }).selectOption('Toni Tester');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByText('No feature matches')).toBeVisible();
  await page.getByRole('link', { name: 'Show all features' }).click();
  await page.getByRole('link', { name: 'Soon' }).click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await field(page, 'Assignee').selectOption('Toni Tester');
  await page.getByRole('button', { name: 'Save feature' }).click();
  await expect(region(page, 'Details')).toContainText('Toni Tester');
  await expect(region(page, 'Details')).toContainText('30 Nov 2026');
  await open(`${workspace.home}/features?sort=due`);
  await expect(page.getByRole('row').nth(1)).toContainText('Soon');
});

test.describe('what is refused', () => {
  test.use({ statuses: [403, 409, 422] });

  test('a circle, with the way round', async ({ page, open, workspace }) => {
    const [a, b, c] = [await addFeature(page, workspace, 'A'), await addFeature(page, workspace, 'B'), await addFeature(page, workspace, 'Cellar')];
    expect((await link(page, workspace, a, b)).status).toBe(303);
    expect((await link(page, workspace, b, c)).status).toBe(303);
    await open(a);
    await find(page, 'cellar');
    await page.getByRole('button', { name: 'Blocked by Cellar' }).click();
    await expect(page.getByText('This would go round in a circle: Cellar → A → B → Cellar.')).toBeVisible();
    expect((await link(page, workspace, a, b)).text).toContain('This dependency is there already.');
    expect((await link(page, workspace, a, a)).text).toContain('A feature cannot wait for itself.');
  });

  test('a line that reads differently by now', async ({ page, workspace }) => {
    const feature = await addFeature(page, workspace, 'Checked', { acceptance_criteria: '- [ ] One' });
    const action = await endpoint(page.request, feature, 'tick_criterion');
    const fields = { org: workspace.org, id: idOf(feature), line: '0 - [ ] One', page: feature };
    expect((await post(page.request, action, fields, feature)).status()).toBe(303);
    expect((await post(page.request, action, fields, feature)).status()).toBe(409);
  });

  test('dates the wrong way round, and nothing typed is lost', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/epics/new`);
    await field(page, 'Title').fill('Backwards');
    await field(page, 'Start date').fill('2026-12-24');
    await field(page, 'End date').fill('2026-11-02');
    await page.getByRole('button', { name: 'Add epic' }).click();
    await expect(page.getByText('The end is before the start.')).toBeVisible();
    await expect(field(page, 'Title')).toHaveValue('Backwards');
    await expect(field(page, 'Start date')).toHaveValue('2026-12-24');
  });

  test('epics by a developer, and features by a stakeholder', async ({ page, open, signedInAs }) => {
    await signedInAs('dev');
    await open('/orgs/demo/products/demo-product/epics');
    await expect(page.getByRole('link', { name: 'New epic' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Lists that remember' }).click();
    await expect(page.getByRole('heading', { name: 'Lists that remember', level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0);
    await expect(region(page, 'Status').getByRole('button')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Take Saved views out' })).toBeVisible();
    expect((await open('/orgs/demo/products/demo-product/epics/new'))?.status()).toBe(403);
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/demo-product/features');
    await page.getByRole('link', { name: 'Public roadmap page' }).click();
    await expect(region(page, 'Dependencies')).toContainText('Saved views');
    await expect(region(page, 'Dependencies').getByRole('button')).toHaveCount(0);
    await expect(region(page, 'Acceptance criteria').getByRole('checkbox')).toHaveCount(0);
  });
});
