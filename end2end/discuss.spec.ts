import { expect, expectRefused, field, signIn, test } from './fixtures';
import type { Page } from '@playwright/test';

const comments = (page: Page) => page.getByRole('region', { name: 'Comments' });
const said = (page: Page) => comments(page).getByRole('list', { name: 'Comments' }).getByRole('listitem');

test('a vote is given, counted in the list, and taken back', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Wanted' });
  await workspace.addIdea({ title: 'Unwanted' });
  await open(idea);
  const votes = page.getByRole('region', { name: 'Votes' });
  await expect(votes.getByLabel('Number of votes')).toHaveText('0');
  await votes.getByRole('button', { name: 'Vote for this idea' }).click();
  await expect(votes.getByLabel('Number of votes')).toHaveText('1');
  await expect(votes.getByRole('button')).toHaveText(['Withdraw your vote']);

  await open(`${workspace.home}/ideas?sort=votes`);
  await expect(page.getByRole('columnheader', { name: 'Votes' })).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('rowheader').getByRole('link')).toHaveText(['Wanted', 'Unwanted']);
  await expect(page.getByRole('row', { name: /Wanted/ }).first().getByRole('cell', { name: '1', exact: true }).last()).toBeVisible();

  await open(idea);
  await votes.getByRole('button', { name: 'Withdraw your vote' }).click();
  await expect(votes.getByLabel('Number of votes')).toHaveText('0');
});

test('a comment is added, changed and removed, and stays text', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Discussed' });
  await open(idea);
  await expect(comments(page)).toContainText('Nobody has said anything yet.');
  await field(page, 'Your comment').fill(`First\n<b>bold</b> @${workspace.name}, see`);
  await page.getByRole('button', { name: 'Add comment' }).click();
  await expect(said(page)).toHaveCount(1);
  await expect(said(page).getByRole('paragraph')).toHaveText(`First\n<b>bold</b> @${workspace.name}, see`, { useInnerText: true });
  await expect(said(page).locator('mark')).toHaveText(`@${workspace.name}`);
  await expect(field(page, 'Your comment')).toHaveValue('');

  await field(page, 'Your comment').fill('Second');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await expect(said(page)).toHaveCount(2);
  await expect(said(page).last()).toContainText('Second');

  await said(page).first().getByRole('link', { name: 'Change' }).click();
  await expect(field(page, 'Changed comment')).toHaveValue(`First\n<b>bold</b> @${workspace.name}, see`);
  await field(page, 'Changed comment').fill('Better');
  await page.getByRole('button', { name: 'Save comment' }).click();
  await expect(page).toHaveURL(new RegExp(`${idea}#comment-`));
  await expect(said(page).first()).toContainText('Better');
  await expect(said(page).first()).toContainText('changed');
  await expect(field(page, 'Changed comment')).toHaveCount(0);

  await said(page).first().getByRole('button', { name: 'Remove' }).click();
  await expect(said(page)).toHaveCount(1);
  await expect(said(page)).toContainText('Second');
});

test.describe('refused', () => {
  test.use({ statuses: [422] });

  test('an empty and an endless comment stay with what was typed', async ({ page, open, workspace }) => {
    await open(await workspace.addIdea({ title: 'Discussed' }));
    await page.getByRole('button', { name: 'Add comment' }).click();
    await expectRefused(field(page, 'Your comment'), /Write something/);
    const long = 'x'.repeat(5_001);
    await field(page, 'Your comment').fill(long);
    await page.getByRole('button', { name: 'Add comment' }).click();
    await expectRefused(field(page, 'Your comment'), /the limit is 5000/);
    await expect(field(page, 'Your comment')).toHaveValue(long);
    await expect(said(page)).toHaveCount(0);
  });
});

test('a duplicate is merged, and its page leads to the other', async ({ page, open, workspace }) => {
  const duplicate = await workspace.addIdea({ title: 'Mobile client' });
  const whole = await workspace.addIdea({ title: 'Native mobile app' });
  await open(duplicate);
  await page.getByRole('button', { name: 'Vote for this idea' }).click();
  await expect(page.getByLabel('Number of votes')).toHaveText('1');
  await field(page, 'Your comment').fill('Said of the duplicate');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await expect(said(page)).toHaveCount(1);

  await page.getByRole('link', { name: 'Merge into…' }).click();
  await expect(page.getByRole('heading', { name: 'Merge into another idea', level: 1 })).toBeVisible();
  const search = page.getByRole('search', { name: 'Find the other idea' });
  await search.getByRole('searchbox').fill('mob');
  await search.getByRole('button', { name: 'Find' }).click();
  await expect(page.getByRole('list', { name: 'Ideas to merge into' }).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Merge into Native mobile app' }).click();
  await expect(page).toHaveURL(new RegExp(`${whole}\\?merged=`));
  await expect(page.getByLabel('Number of votes')).toHaveText('1');
  await expect(said(page)).toContainText('Said of the duplicate');

  await page.getByRole('link', { name: 'the other idea' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'This idea was merged into' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add comment' })).toHaveCount(0);
  await page.getByRole('status').getByRole('link', { name: 'Native mobile app' }).click();
  await expect(page.getByRole('heading', { name: 'Native mobile app', level: 1 })).toBeVisible();
});

test('a stakeholder votes and comments, and changes nothing else', async ({ page, open }) => {
  await signIn(page.request, 'stakeholder@demo.test');
  await open('/orgs/demo/products/demo-product/ideas');
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await page.getByRole('link', { name: 'Mobile App' }).click();
  await expect(said(page).getByText('@Deniz Kaya')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Votes' }).getByRole('button')).toHaveCount(1);
  await expect(said(page).first().getByRole('button', { name: 'Remove' })).toHaveCount(1);
  await expect(comments(page).getByRole('button', { name: 'Remove' })).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Merge into…' })).toHaveCount(0);
});
