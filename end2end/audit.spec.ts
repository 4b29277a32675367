import { readFile } from 'node:fs/promises';
import { expect, signIn, test, type Workspace } from './fixtures';
import type { Locator, Page } from '@playwright/test';

const entries = (page: Page) => page.getByRole('list', { name: 'Entries' }).getByRole('listitem').filter({ has: page.locator('summary') });
const logOf = (workspace: Workspace) => `/orgs/${workspace.org}/audit`;

/** Opens an entry and gives its table. */
async function opened(entry: Locator): Promise<Locator> {
  await entry.locator('summary').click();
  const table = entry.getByRole('table', { name: 'What changed' });
  await expect(table).toBeVisible();
  return table;
}

test('a change is in the log with its difference', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Night mode' });
  await open(idea);
  await page.getByRole('region', { name: 'Status' }).getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('region', { name: 'Status' }).getByText('Under review', { exact: true })).toBeVisible();

  await open(`/orgs/${workspace.org}/products`);
  const menu = page.getByRole('button', { name: 'Menu' });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await expect(page.getByRole('heading', { name: 'Audit log', level: 1 })).toBeVisible();
  const newest = entries(page).first();
  await expect(newest).toContainText(workspace.name);
  await expect(newest).toContainText('Idea: status changed');
  await expect(newest).toContainText('Night mode');
  const table = await opened(newest);
  await expect(table.getByRole('row', { name: /Status Submitted Under review/ })).toBeVisible();
  await expect(newest).toContainText('IP address');
  await newest.getByRole('link', { name: 'Open this idea' }).click();
  await expect(page).toHaveURL(idea);
});

test('filters stand in the address', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'One' });
  await open(logOf(workspace));
  const filter = page.getByRole('search', { name: 'Filter the log' });
  await filter.getByLabel('Kind').selectOption({ label: 'Idea' });
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/entity=Idea/);
  await expect(entries(page)).toHaveCount(1);
  await expect(filter.getByLabel('Kind')).toHaveValue('Idea');

  await filter.getByLabel('Kind').selectOption('');
  await filter.getByLabel('Action').selectOption({ label: 'Product: created' });
  await filter.getByLabel('Person').selectOption({ label: workspace.name });
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page)).toContainText('Rocket');

  await filter.getByLabel('To (UTC)').fill('2020-01-01');
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
  await filter.getByRole('link', { name: 'Show all' }).click();
  await expect(page).toHaveURL(logOf(workspace));
});

test('going back, every field follows the address', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'One' });
  const filter = page.getByRole('search', { name: 'Filter the log' });
  await open(`${logOf(workspace)}?from=2020-01-01`);
  await filter.getByLabel('From (UTC)').fill('2021-02-03');
  await filter.getByLabel('Kind').selectOption({ label: 'Idea' });
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/from=2021-02-03/);
  await page.goBack();
  await expect(page).toHaveURL(/from=2020-01-01/);
  await expect(filter.getByLabel('From (UTC)')).toHaveValue('2020-01-01');
  await expect(filter.getByLabel('Kind')).toHaveValue('');
});

test('a day that is none is named', async ({ page, open, workspace }) => {
  await open(logOf(workspace));
  const status = (await page.request.get(`${logOf(workspace)}?from=2026-02-31`)).status();
  expect(status).toBe(422);
  expect(await (await page.request.get(`${logOf(workspace)}?from=2026-02-31`)).text()).toContain('What stands in “From” is no day.');
  expect(await (await page.request.get(`${logOf(workspace)}?from=2026-03-01&to=2026-02-01`)).text()).toContain('lies before');
});

test('a long log is paged', async ({ page, open, workspace }) => {
  for (let n = 0; n < 22; n++) await workspace.addIdea({ title: `Idea ${n}` });
  await open(`${logOf(workspace)}?entity=Idea`);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages).toContainText('1–20');
  await expect(entries(page).first()).toContainText('Idea 21');
  await pages.getByRole('link', { name: 'Older' }).click();
  await expect(pages).toContainText('21–22');
  await expect(entries(page)).toHaveCount(2);
  await pages.getByRole('link', { name: 'Newer' }).click();
  await expect(entries(page)).toHaveCount(20);
});

test('the log can be taken away as a file', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: '=1+1' });
  await open(`${logOf(workspace)}?entity=Idea`);
  const file = async (name: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    return readFile(await (await download).path(), 'utf8');
  };
  const csv = await file('Export CSV');
  expect(csv.split('\r\n')[0]).toMatch(/^id,createdAt,action/);
  expect(csv).toContain('idea.created');
  const json = (await file('Export JSON Lines')).trim().split('\n').map((line) => JSON.parse(line));
  expect(json).toHaveLength(1);
  expect(json[0].metadata.after.title).toBe('=1+1');
  await open(logOf(workspace));
  await expect(entries(page).first()).toContainText('Audit log: exported');
});

test('an item has its own history', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Remembered' });
  await open(idea);
  await page.getByRole('region', { name: 'Status' }).getByRole('button', { name: 'Reject' }).click();
  await expect(page.getByRole('region', { name: 'Status' }).getByText('Rejected', { exact: true })).toBeVisible();
  await page.getByRole('heading', { name: 'History' }).click();
  const history = page.getByRole('list', { name: 'History' }).locator('summary');
  await expect(history).toHaveCount(2);
  await expect(history.first()).toContainText('Idea: status changed');
  await page.getByRole('link', { name: 'All in the audit log' }).click();
  await expect(entries(page)).toHaveCount(2);
  await open(workspace.home);
  await page.getByRole('heading', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'History' })).toContainText('Product: created');
});

test.describe('others', () => {
  test.use({ statuses: [403] });

  test('see the history of an item but neither the log nor addresses', async ({ page, open }) => {
    await signIn(page.request, 'dev@demo.test');
    await open('/orgs/demo/products/demo-product');
    await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
    await page.getByRole('heading', { name: 'History' }).click();
    await expect(page.getByRole('list', { name: 'History' })).toContainText('Product: created');
    await expect(page.getByText('IP address')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'All in the audit log' })).toHaveCount(0);
    expect((await open('/orgs/demo/audit'))?.status()).toBe(403);
    for (const file of ['export.csv', 'export.jsonl']) {
      expect((await page.request.get(`/orgs/demo/audit/${file}`)).status()).toBe(403);
    }
  });
});
