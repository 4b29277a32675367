import { endpoint, expect, expectRefused, field, post, test, type Workspace } from './fixtures';
import type { APIRequestContext, Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const row = (page: Page, title: string) => page.getByRole('row', { name: new RegExp(title) });

/** The day so many days from today, as a date field takes it. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Adds a task by the form of its page; gives its page. */
async function addTask(request: APIRequestContext, { org, product, home }: Workspace, title: string, more: Record<string, string> = {}) {
  const page = `${home}/tasks/new`;
  const empty = { 'form[description]': '', 'form[priority]': '', 'form[feature]': '', 'form[assignee]': '', 'form[due]': '' };
  const answer = await post(request, await endpoint(request, page, 'create_task'), { org, product, 'form[title]': title, ...empty, ...more }, page);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

/** Adds a feature; gives its page. */
async function addFeature(request: APIRequestContext, { org, product, home }: Workspace, title: string) {
  const page = `${home}/features/new`;
  const answer = await post(request, await endpoint(request, page, 'create_feature'), { org, product, 'form[title]': title }, page);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

/** Gives a task, named by its page, to whoever is signed in. */
async function take(request: APIRequestContext, { org }: Workspace, task: string) {
  const answer = await post(request, await endpoint(request, task, 'take_task'), { org, id: task.split('/').pop()!, wanted: 'true' }, task);
  expect(answer.status(), await answer.text()).toBeLessThan(400);
}

test('a task is written, taken, finished and had back', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/tasks`);
  await page.getByRole('link', { name: 'New task' }).first().click();
  await field(page, 'Title').fill('Write the help page');
  await field(page, 'Priority').selectOption('High');
  await field(page, 'Due date').fill('2031-03-04');
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(page.getByRole('heading', { name: 'Write the help page', level: 1 })).toBeVisible();
  await expect(region(page, 'Details')).toContainText('4 Mar 2031');

  const assignee = region(page, 'Assignee');
  await expect(assignee).toContainText('Nobody');
  await assignee.getByRole('button', { name: 'Assign to me' }).click();
  await expect(assignee).toContainText(workspace.name);
  await expect(assignee.getByRole('button')).toHaveText(['Give it back']);

  const status = region(page, 'Status');
  await status.getByRole('button', { name: 'In review', exact: true }).click();
  await expect(status.getByRole('button', { name: 'In review', exact: true })).toHaveCount(0);
  await status.getByRole('button', { name: 'Done', exact: true }).click();
  await expect(status.getByRole('button', { name: 'Done', exact: true })).toHaveCount(0);
  await expect(region(page, 'Details').getByRole('term').filter({ hasText: 'Done' })).toBeVisible();

  await page.getByRole('link', { name: 'Edit' }).click();
  await expect(field(page, 'Due date')).toHaveValue('2031-03-04');
  await expect(field(page, 'Assignee')).toHaveValue(/.+/);
  await field(page, 'Title').fill('Write the whole help');
  await field(page, 'Due date').fill('');
  await page.getByRole('button', { name: 'Save task' }).click();
  await expect(page.getByRole('heading', { name: 'Write the whole help', level: 1 })).toBeVisible();
  await expect(region(page, 'Details')).toContainText('No date');
  await page.getByText('History', { exact: true }).click();
  await expect(page.getByRole('list', { name: 'History' }).getByText('Status changed').first()).toBeVisible();

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('status').filter({ hasText: 'The task is deleted.' }).getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Write the whole help', level: 1 })).toBeVisible();
});

test('a feature tells how far its tasks are', async ({ page, open, workspace }) => {
  const feature = await addFeature(page.request, workspace, 'Export');
  await open(feature);
  const tasks = region(page, 'Tasks');
  await expect(tasks).toContainText('No tasks yet.');
  for (const title of ['Draw it', 'Build it']) {
    await open(feature);
    await tasks.getByRole('link', { name: 'Add task' }).click();
    await expect(field(page, 'Feature')).toHaveValue(feature.split('/').pop()!);
    await field(page, 'Title').fill(title);
    await page.getByRole('button', { name: 'Add task' }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  }
  await region(page, 'Status').getByRole('button', { name: 'Done', exact: true }).click();
  await expect(region(page, 'Status').getByRole('button', { name: 'Done', exact: true })).toHaveCount(0);
  await region(page, 'Details').getByRole('link', { name: 'Export' }).click();
  await expect(tasks).toContainText('1 of 2 done');
  await expect(tasks.getByRole('listitem')).toHaveCount(2);
  await expect(tasks.getByRole('listitem').first()).toContainText('Draw it');
});

test('the list is narrowed and sorted, and its address says how', async ({ page, open, workspace }) => {
  const late = await addTask(page.request, workspace, 'Late', { 'form[due]': day(-3), 'form[priority]': 'LOW' });
  await addTask(page.request, workspace, 'Soon', { 'form[due]': day(3), 'form[priority]': 'CRITICAL' });
  await addTask(page.request, workspace, 'Whenever');
  await take(page.request, workspace, late);
  const titles = page.getByRole('rowheader').getByRole('link');
  await open(`${workspace.home}/tasks`);
  await expect(titles).toHaveText(['Whenever', 'Soon', 'Late']);
  await expect(row(page, 'Late')).toContainText('overdue');
  await page.getByRole('columnheader', { name: 'Due' }).getByRole('link').click();
  await expect(page.getByRole('columnheader', { name: 'Due' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(titles).toHaveText(['Late', 'Soon', 'Whenever']);
  await field(page, 'Assignee').selectOption({ label: 'Me' });
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/sort=due.*assignee=me/);
  await expect(titles).toHaveText(['Late']);
  await page.getByRole('link', { name: 'Clear' }).click();
  await expect(titles).toHaveCount(3);
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'Overdue' }).click();
  await expect(titles).toHaveText(['Late']);
  await open(`${workspace.home}/tasks?sort=priority`);
  await expect(titles).toHaveText(['Soon', 'Whenever', 'Late']);
  await open(`${workspace.home}/tasks?assignee=nobody`);
  await expect(titles).toHaveText(['Whenever', 'Soon']);
  // Where the heads of the columns have no room, links stand for them.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('navigation', { name: 'Order by' }).getByRole('link', { name: 'Due' }).click();
  await expect(titles).toHaveText(['Soon', 'Whenever']);
});

test('my work stands in groups, and is moved on from there', async ({ page, open, workspace }) => {
  for (const [title, due] of [['Late', day(-2)], ['Today', day(0)], ['Far off', day(30)], ['Whenever', '']]) {
    await take(page.request, workspace, await addTask(page.request, workspace, title, { 'form[due]': due }));
  }
  await addTask(page.request, workspace, 'Not mine');
  await open(workspace.home);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'My work 1 overdue' }).click();
  await expect(page.getByRole('heading', { name: 'My work', level: 1 })).toBeVisible();
  await expect(page.getByText('4 open tasks, 1 of them overdue.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: /^(Overdue|Due this week|Later|No date) 1$/ })).toHaveCount(4);
  await expect(region(page, 'Tasks: Overdue').getByRole('rowheader')).toHaveText([/Late/]);
  await expect(region(page, 'Tasks: Due this week').getByRole('rowheader')).toHaveText([/Today/]);
  await expect(page.getByRole('link', { name: 'Not mine' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Start: Today' }).click();
  await expect(row(page, 'Today')).toContainText('In progress');
  await expect(page.getByRole('button', { name: 'Start: Today' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Done: Late' }).click();
  await expect(page.getByText('3 open tasks, none of them overdue.')).toBeVisible();
  await expect(region(page, 'Tasks: Overdue')).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'My work', exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Today' }).click();
  await expect(region(page, 'Status')).toContainText('In progress');
});

for (const thing of ['task', 'feature'] as const) {
  test(`a ${thing} is discussed, and whoever is named is marked`, async ({ page, open, workspace }) => {
    const add = thing === 'task' ? addTask : addFeature;
    const address = await add(page.request, workspace, 'Discussed');
    await open(address);
    const comments = region(page, 'Comments');
    const said = comments.getByRole('list', { name: 'Comments' }).getByRole('listitem');
    await expect(comments).toContainText('Nobody has said anything yet.');
    await field(page, 'Your comment').fill(`<b>Look</b>, @${workspace.name}`);
    await page.getByRole('button', { name: 'Add comment' }).click();
    await expect(said.getByRole('paragraph')).toHaveText(`<b>Look</b>, @${workspace.name}`);
    await expect(said.locator('mark')).toHaveText(`@${workspace.name}`);
    await said.getByRole('link', { name: 'Change' }).click();
    await field(page, 'Changed comment').fill('Better');
    await page.getByRole('button', { name: 'Save comment' }).click();
    await expect(page).toHaveURL(new RegExp(`${address}#comment-`));
    await expect(said).toContainText('Better');
    await said.getByRole('button', { name: 'Remove' }).click();
    await expect(said).toHaveCount(0);
  });
}

test.describe('what is refused', () => {
  test.use({ statuses: [403, 409, 422] });

  test('a task without a title, and finishing what is finished', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/tasks/new`);
    await field(page, 'Description').fill('Kept');
    await page.getByRole('button', { name: 'Add task' }).click();
    await expectRefused(field(page, 'Title'), /Enter a title/);
    await expect(field(page, 'Description')).toHaveValue('Kept');

    const task = await addTask(page.request, workspace, 'Once');
    await open(task);
    const finish = { org: workspace.org, id: task.split('/').pop()!, status: 'DONE' };
    expect((await post(page.request, await endpoint(page.request, task, 'move_task'), finish, task)).status()).toBeLessThan(400);
    await region(page, 'Status').getByRole('button', { name: 'Done', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText('This task is already done.');
  });

  test('tasks by a stakeholder', async ({ page, open, signedInAs }) => {
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/demo-product/tasks');
    await expect(page.getByRole('link', { name: 'New task' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Renew the certificate of the test server' }).click();
    await expect(page.getByRole('heading', { name: 'Renew the certificate of the test server', level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0);
    await expect(region(page, 'Status').getByRole('button')).toHaveCount(0);
    await expect(region(page, 'Assignee').getByRole('button')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Add comment' })).toBeVisible();
    expect((await open('/orgs/demo/products/demo-product/tasks/new'))?.status()).toBe(403);
  });
});
