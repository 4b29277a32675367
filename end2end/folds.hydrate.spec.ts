import { endpoint, expect, field, post, test, unfold, type Workspace } from './fixtures';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const step = (page: Page, to: string) => region(page, 'Status').getByRole('button', { name: to, exact: true });
const news = (page: Page) => page.getByRole('status').filter({ hasText: 'Somebody changed this.' });
const idOf = (path: string) => path.split('/').pop()!;

/** Sends a form of a page past the browser that the test looks at, as somebody else would; gives the path that it leads to. */
async function send(page: Page, from: string, name: string, fields: Record<string, string>): Promise<string> {
  const answer = await post(page.request, await endpoint(page.request, from, name), { ...fields, page: from }, from);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

/** Adds a release and gives its page. */
const addRelease = ({ org, product, home }: Workspace, page: Page, version: string) =>
  send(page, `${home}/releases/new`, 'create_release', { org, product, 'form[version]': version });

const move = (page: Page, { org }: Workspace, release: string, status: string) =>
  send(page, release, 'move_release', { org, id: idOf(release), status });

test('a fold stays open with what is typed and chosen in it while somebody else changes the page', async ({ page, open, workspace }) => {
  const release = await addRelease(workspace, page, '1.0.0');
  await open(release);
  const checklist = region(page, 'Launch checklist');
  await unfold(checklist, 'Add an item');
  const [what, owner] = [checklist.getByLabel('What is to be done', { exact: true }), checklist.getByLabel('Owner', { exact: true })];
  await what.fill('Half a thou');
  await owner.selectOption(workspace.name);
  const chosen = await owner.inputValue();
  expect(chosen).not.toBe('');
  await checklist.getByLabel('The release waits for it').uncheck();
  await move(page, workspace, release, 'IN_PROGRESS');
  await news(page).getByRole('button', { name: 'Show' }).click();
  await expect(step(page, 'Testing')).toBeVisible();
  await expect(what).toBeVisible();
  await expect(what).toHaveValue('Half a thou');
  await expect(owner).toHaveValue(chosen);
  await expect(checklist.getByLabel('The release waits for it')).not.toBeChecked();

  await what.fill('Half a thought');
  await checklist.getByRole('button', { name: 'Add item' }).click();
  await expect(checklist.getByRole('listitem')).toContainText('Half a thought');
  await expect(checklist.getByRole('listitem')).toContainText(workspace.name);
  // Ready for the next.
  await expect(what).toBeVisible();
  await expect(what).toHaveValue('');
  await expect(owner).toHaveValue('');
});

test('what is only chosen waits for the news too', async ({ page, open, workspace }) => {
  const release = await addRelease(workspace, page, '1.0.0');
  await open(release);
  const checklist = region(page, 'Launch checklist');
  await unfold(checklist, 'Add an item');
  await checklist.getByLabel('Owner', { exact: true }).selectOption(workspace.name);
  await move(page, workspace, release, 'IN_PROGRESS');
  await expect(news(page)).toBeVisible();
  await expect(step(page, 'Testing')).toHaveCount(0);
});

test('a fold that nobody types in stays as it was left', async ({ page, open, workspace }) => {
  const release = await addRelease(workspace, page, '1.0.0');
  await open(release);
  const [checklist, changelog] = [region(page, 'Launch checklist'), region(page, 'Changelog')];
  await unfold(checklist, 'Add an item');
  await unfold(changelog, 'Add an entry');
  await changelog.getByText('Add an entry', { exact: true }).click();
  await expect(changelog.getByLabel('What has changed')).toBeHidden();
  await move(page, workspace, release, 'IN_PROGRESS');
  await expect(step(page, 'Testing')).toBeVisible();
  await expect(checklist.getByLabel('What is to be done', { exact: true })).toBeVisible();
  await expect(changelog.getByLabel('What has changed')).toBeHidden();
});

test('a fold stays open when one changes something else oneself', async ({ page, open, workspace }) => {
  const release = await addRelease(workspace, page, '1.0.0');
  await send(page, release, 'add_checklist_item', { org: workspace.org, id: idOf(release), 'form[item]': 'Write the notes' });
  await open(release);
  const checklist = region(page, 'Launch checklist');
  await unfold(checklist, 'Add an item');
  const what = checklist.getByLabel('What is to be done', { exact: true });
  await what.fill('Half a thou');
  const tick = checklist.getByRole('button', { name: 'Done: Write the notes' });
  await tick.click();
  await expect(tick).toHaveAttribute('aria-pressed', 'true');
  await expect(what).toBeVisible();
  await expect(what).toHaveValue('Half a thou');
});

test('the folds of one item are not those of another', async ({ page, open, workspace }) => {
  const release = await addRelease(workspace, page, '1.0.0');
  await addRelease(workspace, page, '2.0.0');
  await open(release);
  const what = region(page, 'Launch checklist').getByLabel('What is to be done', { exact: true });
  await unfold(region(page, 'Launch checklist'), 'Add an item');
  await expect(what).toBeVisible();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Releases' }).click();
  await page.getByRole('row', { name: /2\.0\.0/ }).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('2.0.0');
  await expect(what).toBeHidden();
});

test('a fold of an experiment stays open, too', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/experiments/new`);
  await field(page, 'Name').fill('Green button');
  await field(page, 'Hypothesis').fill('We believe that a green button sells more.');
  await page.getByRole('button', { name: 'Add experiment' }).click();
  await expect(page.getByRole('heading', { name: 'Green button', level: 1 })).toBeVisible();
  const [metrics, experiment] = [region(page, 'Metrics'), new URL(page.url()).pathname];
  await unfold(metrics, 'Add a metric');
  await metrics.getByLabel('Metric', { exact: true }).fill('Half a thou');
  await send(page, experiment, 'add_metric', { org: workspace.org, id: idOf(experiment), 'form[name]': 'Buys' });
  await news(page).getByRole('button', { name: 'Show' }).click();
  await expect(metrics.getByRole('list', { name: 'Metrics' })).toContainText('Buys');
  await expect(metrics.getByLabel('Metric', { exact: true })).toBeVisible();
  await expect(metrics.getByLabel('Metric', { exact: true })).toHaveValue('Half a thou');
});

test.describe('what is wrong in a shut fold', () => {
  test.use({ statuses: [422] });

  test('opens it', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/experiments/new`);
    await unfold(page.getByRole('main'), 'How it is read');
    await field(page, 'Name').fill('Green button');
    await field(page, 'Hypothesis').fill('We believe that a green button sells more.');
    await field(page, 'Alpha').fill('much');
    await page.getByText('How it is read', { exact: true }).click();
    await expect(field(page, 'Alpha')).toBeHidden();
    await page.getByRole('button', { name: 'Add experiment' }).click();
    await expect(field(page, 'Alpha')).toBeVisible();
    await expect(field(page, 'Alpha')).toBeFocused();
  });
});
