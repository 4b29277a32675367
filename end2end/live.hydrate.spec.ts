import { board, card, cards, expectColumn, addIdeas } from './board';
import { elsewhere } from './live';
import { addFeature } from './roadmap';
import { endpoint, expect, hydrated, post, signIn, test, unique, type Workspace } from './fixtures';
import type { Page } from '@playwright/test';

const idea = (page: Page, title: string) => page.getByRole('link', { name: title, exact: true });
const list = (workspace: Workspace) => `${workspace.home}/ideas`;

async function show(page: Page, path: string) {
  await page.goto(path);
  await hydrated(page);
}

test('an idea that is added in one browser appears in the list of another', async ({ page, open, workspace, browser, baseURL }) => {
  await workspace.addIdea({ title: 'There before' });
  const other = await elsewhere(browser, page, baseURL);
  await show(other, list(workspace));
  await open(`${list(workspace)}/new`);
  await page.getByLabel('Title').fill('New in one');
  await page.getByRole('button', { name: 'Add idea' }).click();
  await expect(idea(other, 'New in one')).toBeVisible();
  await expect(idea(other, 'There before')).toBeVisible();
  await other.context().close();
});

test('a page of an idea follows its status, and its votes', async ({ page, open, workspace, browser, baseURL }) => {
  const path = await workspace.addIdea({ title: 'Followed' });
  await open(path);
  const other = await elsewhere(browser, page, baseURL);
  await show(other, path);
  await other.getByRole('button', { name: 'Vote for this idea' }).click();
  await expect(page.getByRole('status', { name: 'Number of votes' })).toHaveText('1');
  await other.context().close();
});

test('an objective of the organisation that is added in one browser appears among those of another', async ({ page, open, workspace, browser, baseURL }) => {
  const other = await elsewhere(browser, page, baseURL);
  await show(other, `/orgs/${workspace.org}/okrs`);
  await open(`/orgs/${workspace.org}/okrs/new`);
  await page.getByLabel('Objective', { exact: true }).fill('Known everywhere');
  await page.getByRole('button', { name: 'Add objective' }).click();
  await expect(other.getByRole('link', { name: 'Known everywhere', exact: true })).toBeVisible();
  await other.context().close();
});

test('a feature that another one waits for says so at once', async ({ page, open, workspace }) => {
  const [first, second] = [await addFeature(page, workspace, 'First'), await addFeature(page, workspace, 'Second')];
  await open(first);
  const blocks = page.getByRole('list', { name: 'Blocks', exact: true });
  await expect(blocks.getByRole('listitem')).toHaveCount(0);
  const [id, blocker] = [second, first].map((path) => path.split('/').pop()!);
  const answer = await post(page.request, await endpoint(page.request, second, 'link_feature'), { org: workspace.org, id, blocker }, second);
  expect(answer.status(), await answer.text()).toBe(303);
  await expect(blocks.getByRole('link', { name: 'Second', exact: true })).toBeVisible();
});

test('a card that is moved on one board moves on the other', async ({ page, open, workspace, browser, baseURL }) => {
  await addIdeas(page, workspace, ['One', 'Two', 'Three']);
  const other = await elsewhere(browser, page, baseURL);
  await show(other, board(workspace));
  await open(board(workspace));
  const move = async (from: Page, title: string, button: string) => {
    await card(from, title).getByLabel(`Ways to move “${title}”`).click();
    await card(from, title).getByRole('button', { name: button }).click();
  };
  await move(page, 'One', 'Move to Under review');
  await expectColumn(other, 'Under review', ['One']);
  await expectColumn(other, 'Submitted', ['Two', 'Three']);
  // Within a column too, which the log does not tell of.
  await move(other, 'Three', 'Move up');
  await expectColumn(page, 'Submitted', ['Three', 'Two']);
  await expectColumn(other, 'Submitted', ['Three', 'Two']);
  await other.context().close();
});

test('a card in the hand stays there while others move theirs', async ({ page, open, workspace, browser, baseURL }) => {
  await addIdeas(page, workspace, ['One', 'Two', 'Three']);
  await open(board(workspace));
  const other = await elsewhere(browser, page, baseURL);
  await show(other, board(workspace));
  await page.getByRole('button', { name: 'Move “One”', exact: true }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await card(other, 'Three').getByLabel('Ways to move “Three”').click();
  await card(other, 'Three').getByRole('button', { name: 'Move to Under review' }).click();
  await expectColumn(other, 'Under review', ['Three']);
  await page.waitForTimeout(600);
  await expect(cards(page, 'Submitted')).toHaveCount(3);
  await page.keyboard.press('Space');
  await expectColumn(page, 'Submitted', ['Two', 'One']);
  await expectColumn(page, 'Under review', ['Three']);
  await expectColumn(other, 'Submitted', ['Two', 'One']);
  await other.context().close();
});

test('what is being typed stays, and the news comes when it is asked for', async ({ page, open, workspace, browser, baseURL }) => {
  const path = await workspace.addIdea({ title: 'Discussed' });
  await open(path);
  await page.getByLabel('Your comment').fill('Half a thou');
  const other = await elsewhere(browser, page, baseURL);
  await show(other, path);
  const notice = page.getByRole('status').filter({ hasText: 'Somebody changed this.' });
  await expect(notice, 'what the person did before is no news').toHaveCount(0);
  await other.getByLabel('Your comment').fill('Mine first');
  await other.getByRole('button', { name: 'Add comment' }).click();
  await expect(other.getByRole('list', { name: 'Comments' }).getByText('Mine first')).toBeVisible();
  await expect(notice).toBeVisible();
  await expect(page.getByText('Mine first')).toHaveCount(0);
  await notice.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('list', { name: 'Comments' }).getByText('Mine first')).toBeVisible();
  await expect(page.getByLabel('Your comment')).toHaveValue('Half a thou');
  await expect(notice).toHaveCount(0);
  await other.context().close();
});

test('whoever was offline catches up', async ({ page, workspace, browser, baseURL }) => {
  await workspace.addIdea({ title: 'There before' });
  const other = await elsewhere(browser, page, baseURL);
  await show(other, list(workspace));
  await expect(idea(other, 'There before')).toBeVisible();
  await other.context().setOffline(true);
  const told = other.getByRole('status').filter({ hasText: 'Offline, retrying' });
  await expect(told).toBeVisible();
  await workspace.addIdea({ title: 'Missed' });
  await expect(idea(other, 'Missed')).toHaveCount(0);
  await other.context().setOffline(false);
  await expect(idea(other, 'Missed')).toBeVisible();
  await expect(told).toHaveCount(0);
  await workspace.addIdea({ title: 'And after' });
  await expect(idea(other, 'And after')).toBeVisible();
  await other.context().close();
});

test('those who look at the same idea see each other', async ({ page, open, signedInAs, browser, baseURL }) => {
  await signedInAs('pm');
  const form = '/orgs/demo/products/insights/ideas/new';
  const fields = { org: 'demo', product: 'insights', 'form[title]': unique('Together'), 'form[description]': '', 'form[tags]': '' };
  const answer = await post(page.request, await endpoint(page.request, form, 'create_idea'), fields, form);
  const path = answer.headers().location;
  await open(path);
  const here = page.getByRole('status').filter({ hasText: 'Also here:' });
  await expect(here).toHaveCount(0);
  const context = await browser.newContext({ baseURL });
  const other = await context.newPage();
  await signIn(other.request, 'dev@demo.test');
  await show(other, path);
  await expect(here).toHaveCount(1);
  await expect(other.getByRole('status').filter({ hasText: 'Also here:' })).toHaveCount(1);
  // On to another page without loading it, and back.
  await other.getByRole('link', { name: 'Portfolio' }).first().click();
  await expect(here).toHaveCount(0);
  // The address is told before the page is there, and there is a way back only from then on.
  await expect(other.getByRole('heading', { name: 'Portfolio', level: 1 })).toBeVisible();
  await other.goBack();
  await expect(here).toHaveCount(1);
  await context.close();
  await expect(here).toHaveCount(0);
});
