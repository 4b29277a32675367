import { expect, field, test } from './fixtures';
import type { Page } from '@playwright/test';

const notice = (page: Page) => page.getByRole('main').getByRole('status').first();
const row = (page: Page, title: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name: title, exact: true }) });

async function apply(page: Page, titles: string[], what: string, value?: { label: string; value: string }) {
  for (const title of titles) await page.getByRole('checkbox', { name: `Tick ${title}`, exact: true }).check();
  await field(page, 'What to do').selectOption(what);
  if (value?.label === 'New status') await field(page, value.label).selectOption(value.value);
  else if (value) await field(page, value.label).fill(value.value);
  await page.getByRole('button', { name: 'Apply' }).click();
}

test('a status is set where it may be, the others are named, and all is undone', async ({ page, open, workspace }) => {
  const first = await workspace.addIdea({ title: 'Ahead' });
  await workspace.addIdea({ title: 'Behind' });
  await open(first);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('region', { name: 'Status' }).getByText('Under review')).toBeVisible();

  await open(`${workspace.home}/ideas?sort=newest`);
  await apply(page, ['Ahead', 'Behind'], 'Set status', { label: 'New status', value: 'Approved' });
  await expect(notice(page)).toContainText('1 idea moved to “Approved”.');
  await expect(notice(page)).toContainText('“Behind” (submitted)');
  await expect(page).toHaveURL(/sort=newest&bulk=/);
  await expect(row(page, 'Ahead')).toContainText('Approved');
  await expect(row(page, 'Behind')).toContainText('Submitted');
  await expect(page.getByRole('checkbox', { name: 'Tick Ahead' })).not.toBeChecked();

  await notice(page).getByRole('button', { name: 'Undo' }).click();
  await expect(notice(page)).toContainText('Everything is as it was.');
  await expect(notice(page).getByRole('button')).toHaveCount(0);
  await expect(row(page, 'Ahead')).toContainText('Under review');
});

test('a tag is added and taken off, a priority set', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'One', tags: 'old' });
  await workspace.addIdea({ title: 'Two' });
  await open(`${workspace.home}/ideas`);
  await apply(page, ['One', 'Two'], 'Add tag', { label: 'One tag', value: 'urgent' });
  await expect(notice(page)).toContainText('2 ideas tagged “urgent”.');
  await expect(row(page, 'Two').getByRole('link', { name: 'urgent' })).toBeVisible();
  await apply(page, ['One'], 'Remove tag', { label: 'One tag', value: 'OLD' });
  await expect(notice(page)).toContainText('1 idea freed of the tag “OLD”.');
  await expect(row(page, 'One').getByRole('link', { name: 'old' })).toHaveCount(0);
  await apply(page, ['Two'], 'Set priority', { label: 'New priority', value: '64' });
  await expect(row(page, 'Two').getByRole('cell', { name: '64', exact: true })).toBeVisible();
});

test('ideas are deleted and brought back, but for one that was changed since', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Kept' });
  for (const title of ['Gone', 'Changed']) await workspace.addIdea({ title });
  await open(`${workspace.home}/ideas`);
  await apply(page, ['Gone', 'Changed'], 'Delete');
  await expect(notice(page)).toContainText('2 ideas deleted.');
  await expect(row(page, 'Gone')).toHaveCount(0);
  const told = page.url();

  await open(`${workspace.home}/ideas?show=deleted`);
  await row(page, 'Changed').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('heading', { name: 'Changed', level: 1 })).toBeVisible();
  await open(told);
  await notice(page).getByRole('button', { name: 'Undo' }).click();
  await expect(notice(page)).toContainText('Undone for 1 of 2 ideas.');
  for (const title of ['Kept', 'Gone', 'Changed']) await expect(row(page, title)).toHaveCount(1);
});

test('every idea of a list is reached, whatever page it is on', async ({ page, open, workspace }) => {
  for (let n = 1; n <= 22; n++) await workspace.addIdea({ title: `Idea ${n}`, tags: n > 1 ? 'many' : '' });
  await open(`${workspace.home}/ideas?tag=many`);
  await page.getByLabel('Every idea of this list, on all its pages').check();
  await apply(page, [], 'Set priority', { label: 'New priority', value: '7' });
  await expect(notice(page)).toContainText('21 ideas given priority 7.');
});

test.describe('refused', () => {
  test.use({ statuses: [409, 422] });

  test('nothing ticked, a wrong priority, a move that no idea may make', async ({ page, open, workspace }) => {
    await workspace.addIdea({ title: 'Alone' });
    await open(`${workspace.home}/ideas`);
    await apply(page, [], 'Delete');
    await expect(page.getByRole('alert')).toContainText('Tick the ideas that you mean first.');
    await apply(page, ['Alone'], 'Set priority', { label: 'New priority', value: '101' });
    await expect(page.getByText('Enter a whole number from 0 to 100.')).toBeVisible();
    await expect(page.getByRole('checkbox', { name: 'Tick Alone' })).toBeChecked();
    await apply(page, [], 'Set status', { label: 'New status', value: 'Implemented' });
    await expect(page.getByRole('alert')).toContainText('Nothing was changed. 1 idea cannot be changed so: “Alone” (submitted).');
  });
});

test('a view is saved, shared, opened and forgotten', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Tagged', tags: 'ios' });
  await workspace.addIdea({ title: 'Plain' });
  await open(`${workspace.home}/ideas?sort=ice&tag=ios`);
  await page.getByText('Save this view').click();
  await field(page, 'Name of the view').fill('Ours on iOS');
  await field(page, 'Show it to every member').check();
  await page.getByRole('button', { name: 'Save view' }).click();
  const views = page.getByRole('navigation', { name: 'Saved views' });
  await expect(views.getByRole('link', { name: 'Ours on iOS' })).toHaveAttribute('aria-current', 'page');

  await open(`${workspace.home}/ideas`);
  await views.getByRole('link', { name: 'Ours on iOS' }).click();
  await expect(page).toHaveURL(`${workspace.home}/ideas?sort=ice&tag=ios`);
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await page.getByText('Save this view').click();
  await page.getByRole('button', { name: 'Delete view Ours on iOS' }).click();
  await expect(views).toHaveCount(0);
});
