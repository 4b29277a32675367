import { expectNothing } from './axe';
import { expect, field, test } from './fixtures';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Chooses a file and sends it. */
async function send(page: Page, name: string, text: string | Buffer, choices: { kind?: string; source?: string } = {}) {
  if (choices.kind) await field(page, 'What the rows are').selectOption(choices.kind);
  if (choices.source) await field(page, 'Where the file is from').selectOption(choices.source);
  await field(page, 'File').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('button', { name: 'Send file' }).click();
}

/** Waits for what a run says in the end: with scripts the page follows it, without them it has to be loaded again. */
async function settles(page: Page, text: string | RegExp, scripts: boolean | undefined) {
  const told = page.getByText(text);
  await expect(async () => {
    if (!scripts && !(await told.isVisible())) await page.reload();
    await expect(told).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
}

test('the demo goes out as a table', async ({ page, open, signedInAs }) => {
  await signedInAs('pm');
  await open('/orgs/demo/products/demo-product/ideas');
  await page.getByRole('link', { name: 'Import or export' }).click();
  await expect(page.getByRole('heading', { name: 'Import and export', level: 1 })).toBeVisible();
  await expect(field(page, 'What the rows are')).toHaveValue('IDEAS');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export ideas' }).click()]);
  expect(file.suggestedFilename()).toBe('demo-product-ideas.csv');
  const text = await readFile(await file.path(), 'utf8');
  expect(text.split('\r\n')[0]).toMatch(/^title,description,status,tags,priority,.*createdAt,rice,ice,wsjf$/);
  expect(text).toMatch(/Mobile App.*787\.5/);
});

test('a table comes in once it is right', async ({ page, open, workspace, javaScriptEnabled }) => {
  const scripts = javaScriptEnabled !== false;
  await open(`${workspace.home}/ideas`);
  await page.getByRole('link', { name: 'Import or export' }).click();
  await send(page, 'wishes.csv', 'What;Status;Size\nDark mode;Approved;3\n"Two\nlines";;1\nUndo;Pondered;12\n', { kind: 'Ideas' });
  await expect(page.getByRole('heading', { name: 'Import of wishes.csv', level: 1 })).toBeVisible();
  await expect(page.getByText('Ideas · Another program · 3 rows')).toBeVisible();
  await expect(field(page, 'Status')).toHaveValue('1');
  await field(page, 'Title').selectOption('What');
  await field(page, 'Effort').selectOption('Size');
  await page.getByRole('button', { name: 'Show the first rows' }).click();
  await expect(region(page, 'First rows').getByRole('row', { name: /Dark mode/ })).toContainText('Approved');
  await expect(field(page, 'Title')).toHaveValue('0');

  await page.getByRole('button', { name: 'Check all rows' }).click();
  await settles(page, 'Checked: 3 errors in 2 rows; 1 row is fine.', scripts);
  const errors = region(page, 'Errors');
  await expect(errors.getByRole('row', { name: /^3 What Use plain text on one line/ })).toBeVisible();
  await expect(errors.getByRole('row', { name: /^5 Status “Pondered” is none of these: Submitted/ })).toBeVisible();
  await expect(errors.getByRole('row', { name: /^5 Size Enter a whole number from 1 to 10\./ })).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await settles(page, 'Nothing was imported: 3 errors in 2 rows; 1 row is fine.', scripts);
  if (scripts) await expectNothing(page);
  await open(`${workspace.home}/ideas`);
  await expect(page.getByText('Dark mode')).toHaveCount(0);

  await open(`${workspace.home}/transfer`);
  await expect(region(page, 'Imports').getByRole('row', { name: /wishes\.csv/ })).toContainText('Nothing imported');
  await send(page, 'wishes.csv', 'What;Status;Size\nDark mode;Approved;3\nUndo;Under review;10\n', { kind: 'Ideas', source: 'Another program' });
  await field(page, 'Title').selectOption('What');
  await field(page, 'Effort').selectOption('Size');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await settles(page, '2 ideas imported.', scripts);
  await page.getByRole('link', { name: 'Show them in the list' }).click();
  await expect(page.getByRole('row', { name: /Dark mode/ })).toContainText('Approved');
  await expect(page.getByRole('row', { name: /Undo/ })).toContainText('Under review');
});

test('a file of Jira is known, and its words are ours', async ({ page, open, workspace, javaScriptEnabled }) => {
  await open(`${workspace.home}/transfer`);
  const jira = 'Summary,Issue key,Issue Type,Status,Priority,Created\nPay by card,SHOP-1,Story,Done,Highest,23/Nov/26 3:04 PM\n';
  await send(page, 'jira.csv', jira, { kind: 'Features' });
  await expect(page.getByText('Features · Jira · 1 row')).toBeVisible();
  const first = region(page, 'First rows').getByRole('row', { name: /Pay by card/ });
  await expect(first).toContainText('Done');
  await expect(first).toContainText('Critical');
  await expect(first).toContainText('23 Nov 2026, 15:04 UTC');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await settles(page, '1 feature imported.', javaScriptEnabled !== false);
  await open(`${workspace.home}/features`);
  await expect(page.getByRole('row', { name: /Pay by card/ })).toContainText('Critical');
});

test.describe('what cannot be read', () => {
  test.use({ statuses: [422, 403] });

  test('is refused beside the field, and the choice stays', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/transfer`);
    await send(page, 'picture.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), { kind: 'Tasks', source: 'Trello' });
    await expect(page.getByText('This is no CSV file.')).toBeVisible();
    await expect(field(page, 'What the rows are')).toHaveValue('TASKS');
    await expect(field(page, 'Where the file is from')).toHaveValue('TRELLO');
    await send(page, 'cut.csv', 'Title,Note\nA,"cut off');
    await expect(page.getByText('ends within a quoted cell that begins in line 2')).toBeVisible();
  });

  test('a title has to have a column', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/transfer`);
    await send(page, 'x.csv', 'a,b\n1,2\n', { kind: 'Ideas' });
    await page.getByRole('button', { name: 'Check all rows' }).click();
    await expect(page.getByText('Choose the column of “Title”.')).toBeVisible();
  });

  test('and who may not is told so', async ({ page, open, signedInAs }) => {
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/demo-product');
    await expect(page.getByRole('link', { name: 'Import and export' })).toHaveCount(0);
    await open('/orgs/demo/products/demo-product/transfer');
    await expect(page.getByRole('heading', { name: 'Not allowed' })).toBeVisible();
    await signedInAs('dev');
    await open('/orgs/demo/products/demo-product/transfer');
    await expect(page.getByRole('link', { name: 'Export ideas' })).toHaveCount(0);
    await expect(field(page, 'What the rows are').getByRole('option')).toHaveText(['Features', 'Tasks']);
  });
});
