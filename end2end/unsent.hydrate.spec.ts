import { endpoint, expect, field, post, test } from './fixtures';
import { addCards, card, deliveryBoard } from './board';
import { addFeature, place, roadmap } from './roadmap';
import type { Page } from '@playwright/test';

const idOf = (path: string) => path.split('/').pop()!;
const comments = (page: Page) => page.getByRole('region', { name: 'Comments' });
const tick = (page: Page, title: string) => page.getByRole('checkbox', { name: `Tick ${title}`, exact: true });

/** Asks for the news that were kept back while something was typed. */
async function show(page: Page) {
  const news = page.getByRole('status').filter({ hasText: 'Somebody changed this.' });
  await news.getByRole('button', { name: 'Show' }).click();
  await expect(news).toHaveCount(0);
}

/** Sends a form of a page past the browser that the test looks at, as somebody else would. */
async function send(page: Page, from: string, name: string, fields: Record<string, string>) {
  const answer = await post(page.request, await endpoint(page.request, from, name), { ...fields, page: from }, from);
  expect(answer.status(), await answer.text()).toBe(303);
}

const say = (page: Page, org: string, idea: string, comment: string) =>
  send(page, idea, 'add_comment', { org, subject: 'Idea', id: idOf(idea), 'form[comment]': comment });

test('ticks stay with their ideas when another comes before them', async ({ page, open, workspace }) => {
  for (const title of ['Oldest', 'Meant', 'Newest']) await workspace.addIdea({ title });
  await open(`${workspace.home}/ideas?sort=newest`);
  await tick(page, 'Meant').check();
  await workspace.addIdea({ title: 'Comes first' });
  await show(page);
  await expect(page.getByRole('rowheader').getByRole('link').first()).toHaveText('Comes first');
  await expect(tick(page, 'Meant')).toBeChecked();
  for (const title of ['Comes first', 'Newest', 'Oldest']) await expect(tick(page, title)).not.toBeChecked();
  await field(page, 'What to do').selectOption('Delete');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('main').getByRole('status').first()).toContainText('1 idea deleted.');
  await expect(tick(page, 'Meant')).toHaveCount(0);
  for (const title of ['Comes first', 'Newest', 'Oldest']) await expect(tick(page, title)).not.toBeChecked();
});

test('a comment that is being changed keeps what is typed, and the focus', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Discussed' });
  await say(page, workspace.org, idea, 'As it was');
  await open(idea);
  await comments(page).getByRole('link', { name: 'Change' }).click();
  await field(page, 'Changed comment').fill('Half a thou');
  await field(page, 'Your comment').fill('And another');
  await field(page, 'Changed comment').focus();
  await say(page, workspace.org, idea, 'From elsewhere');
  await show(page);
  await expect(comments(page).getByText('From elsewhere')).toBeVisible();
  await expect(field(page, 'Changed comment')).toHaveValue('Half a thou');
  await expect(field(page, 'Your comment')).toHaveValue('And another');

  await field(page, 'Changed comment').fill('Half a thought');
  await page.getByRole('button', { name: 'Save comment' }).click();
  await expect(comments(page).getByText('Half a thought', { exact: true })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test.describe('typed over what has changed meanwhile', () => {
  test.use({ statuses: [409] });

  test('dates of the roadmap stay, and go with what they were typed over', async ({ page, open, workspace }) => {
    const feature = await addFeature(page, workspace, 'Export');
    await place(page, workspace, feature, '2031-02-03', '2031-02-14');
    await open(roadmap(workspace, '?view=table'));
    const due = field(page, 'Due date of “Export”');
    await due.fill('2031-02-20');
    await place(page, workspace, feature, '2031-02-04', '2031-02-28');
    await show(page);
    await expect(field(page, 'Start of “Export”')).toHaveValue('2031-02-04');
    await expect(due).toHaveValue('2031-02-20');

    const save = page.getByRole('button', { name: 'Save the dates of “Export”' });
    await save.click();
    await expect(due).toHaveAccessibleDescription('Saved now: 28 Feb 2031');
    await expect(due).toHaveValue('2031-02-20');
    // Whoever has seen both may decide.
    const saved = page.waitForResponse(/place_item/);
    await save.click();
    expect((await saved).status()).toBe(200);
    await open(roadmap(workspace, '?view=table'));
    await expect(due).toHaveValue('2031-02-20');
  });
});

test('what was typed in a form that has gone is told, to be copied', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Short-lived' });
  await open(idea);
  await field(page, 'Your comment').fill('Half a thou');
  await send(page, idea, 'delete_idea', { org: workspace.org, id: idOf(idea) });
  await show(page);
  await expect(field(page, 'Your comment')).toHaveCount(0);
  await expect(page.getByRole('alert')).toContainText('The form that you were writing in has gone from the page.');
  await expect(page.getByRole('alert')).toContainText('Half a thou');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Ideas' }).click();
  await expect(page.getByRole('heading', { name: 'Ideas', level: 1 })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the focus stays on a row that is drawn anew', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two']);
  await open(deliveryBoard(workspace, 'tasks'));
  const tasks: string[] = [];
  for (const title of ['One', 'Two']) {
    const id = (await card(page, title).getAttribute('data-card'))!;
    tasks.push(`${workspace.home}/tasks/${id}`);
    await send(page, tasks.at(-1)!, 'take_task', { org: workspace.org, id, wanted: 'true' });
  }
  await open(`/orgs/${workspace.org}/my-work`);
  const start = page.getByRole('button', { name: 'Start: One', exact: true });
  await start.focus();
  // What is pressed at the very moment at which the row is drawn is handled before whatever waits for its time.
  const focused = start.evaluate((button) => new Promise((resolve) => {
    const look = () => resolve(document.activeElement?.tagName);
    const drawn = () => button.isConnected || scheduler.postTask(look, { priority: 'user-blocking' });
    new MutationObserver(drawn).observe(document.body, { childList: true, subtree: true });
  }));
  await send(page, tasks[1], 'move_task', { org: workspace.org, id: idOf(tasks[1]), status: 'IN_PROGRESS' });
  await expect(page.getByRole('button', { name: 'Start: Two', exact: true })).toHaveCount(0);
  expect(await focused).toBe('BUTTON');
  await expect(start).toBeFocused();
});

test('the focus goes with a row that moves down', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Before' });
  await open(`${workspace.home}/ideas`);
  const row = page.getByRole('link', { name: 'Before', exact: true });
  await row.focus();
  await workspace.addIdea({ title: 'Better' }, { impact: 10, confidence: 10, effort: 1 });
  await expect(page.getByRole('rowheader').getByRole('link')).toHaveText(['Better', 'Before']);
  await expect(row).toBeFocused();
});

test('what is typed is there again when its page was left by a link, until it is sent or given up', async ({ page, open, workspace }) => {
  const navigation = page.getByRole('navigation', { name: 'Organisation' });
  await open(`${workspace.home}/ideas`);
  await page.getByRole('main').getByRole('link', { name: 'New idea' }).first().click();
  await field(page, 'Title').fill('Half a thought');
  await field(page, 'Description').fill('And why');
  await navigation.getByRole('link', { name: 'Epics' }).click();
  await expect(page.getByRole('heading', { name: 'Epics', level: 1 })).toBeVisible();
  await page.goBack();
  await expect(field(page, 'Title')).toHaveValue('Half a thought');
  await expect(field(page, 'Description')).toHaveValue('And why');
  await field(page, 'Title').fill('A whole thought');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Ideas', level: 1 })).toBeVisible();
  await page.goForward();
  await expect(field(page, 'Title')).toHaveValue('A whole thought');
  await page.getByRole('button', { name: 'Add idea' }).click();
  await expect(page.getByRole('heading', { name: 'A whole thought', level: 1 })).toBeVisible();

  const another = async () => {
    await navigation.getByRole('link', { name: 'Ideas', exact: true }).click();
    await page.getByRole('main').getByRole('link', { name: 'New idea' }).first().click();
    await expect(page.getByRole('heading', { name: 'New idea', level: 1 })).toBeVisible();
    // What was left would be there by then.
    await page.waitForTimeout(300);
  };
  await another();
  await expect(field(page, 'Title')).toHaveValue('');
  await field(page, 'Title').fill('Given up');
  await page.getByRole('main').getByRole('link', { name: 'Cancel' }).click();
  await another();
  await expect(field(page, 'Title')).toHaveValue('');
});

test.describe('over another version', () => {
  test.use({ statuses: [409] });

  test('what was typed goes with the version that it was typed over, when the page was left meanwhile', async ({ page, open, workspace }) => {
    const idea = await workspace.addIdea({ title: 'As it was', description: 'Old' });
    await open(`${idea}/edit`);
    await field(page, 'Title').fill('Mine');
    const main = page.getByRole('navigation', { name: 'Organisation' });
    await main.getByRole('link', { name: 'Epics' }).click();
    await expect(page.getByRole('heading', { name: 'Epics', level: 1 })).toBeVisible();
    await send(page, `${idea}/edit`, 'update_idea', {
      org: workspace.org,
      id: idOf(idea),
      version: '*',
      'form[title]': 'Theirs',
      'form[description]': 'Old',
      'form[tags]': '',
    });
    await page.goBack();
    await expect(field(page, 'Title')).toHaveValue('Mine');
    await page.getByRole('button', { name: 'Save idea' }).click();
    await expect(page.getByRole('main')).toContainText('Theirs');
    await expect(field(page, 'Title')).toHaveValue('Mine');
  });
});
