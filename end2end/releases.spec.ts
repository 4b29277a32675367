import { endpoint, expect, expectRefused, field, post, test, unfold } from './fixtures';
import { deafen } from './live';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true });

/** Adds a release by the form and leaves its page open. */
async function addRelease(page: Page, open: (path: string) => Promise<unknown>, home: string, name: string, type?: string) {
  await open(`${home}/releases/new${type ? `?type=${type}` : ''}`);
  await field(page, 'Name').fill(name);
  await page.getByRole('button', { name: 'Add release' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
}

const move = async (page: Page, to: string) => {
  await region(page, 'Status').getByRole('button', { name: to, exact: true }).click();
};

async function addItem(page: Page, title: string) {
  const checklist = region(page, 'Launch checklist');
  await unfold(checklist, 'Add an item');
  await checklist.getByLabel('What is to be done', { exact: true }).fill(title);
  await checklist.getByRole('button', { name: 'Add item' }).click();
  await expect(checklist.getByRole('button', { name: `Done: ${title}` })).toHaveAttribute('aria-pressed', 'false');
}

test.describe('a refusal', () => {
  test.use({ statuses: [409, 422] });

  test('the checklist keeps a release from being ready', async ({ page, open, workspace }) => {
    await addRelease(page, open, workspace.home, 'Spring');
    const status = region(page, 'Status');
    const checklist = region(page, 'Launch checklist');
    await addItem(page, 'Write the notes');
    await move(page, 'In progress');
    await expect(status).toContainText('In progress');
    await move(page, 'Testing');
    await expect(status.getByRole('button', { name: 'Ready', exact: true })).toBeVisible();
    await move(page, 'Ready');
    await expect(status.getByRole('alert')).toContainText('Write the notes');
    await checklist.getByRole('button', { name: 'Done: Write the notes' }).click();
    await expect(checklist.getByRole('button', { name: 'Done: Write the notes' })).toHaveAttribute('aria-pressed', 'true');
    await move(page, 'Ready');
    await expect(status.getByRole('button', { name: 'Released', exact: true })).toBeVisible();
    await checklist.getByRole('button', { name: 'Done: Write the notes' }).click();
    await expect(status.getByRole('button', { name: 'Ready', exact: true })).toBeVisible();
  });

  test('a step that somebody else has taken is told of, and the checklist of what is out stays', async ({
    page,
    open,
    workspace,
    javaScriptEnabled,
  }) => {
    await addRelease(page, open, workspace.home, 'Spring');
    const status = region(page, 'Status');
    const checklist = region(page, 'Launch checklist');
    await addItem(page, 'Write the notes');
    await checklist.getByRole('button', { name: 'Done: Write the notes' }).click();
    await expect(checklist.getByRole('button', { name: 'Done: Write the notes' })).toHaveAttribute('aria-pressed', 'true');
    const form = (await checklist.getByRole('link', { name: 'Edit Write the notes' }).getAttribute('href'))!;
    for (const [to, next] of [
      ['In progress', 'Testing'],
      ['Testing', 'Ready'],
      ['Ready', 'Released'],
    ]) {
      await move(page, to);
      await expect(status.getByRole('button', { name: next, exact: true })).toBeVisible();
    }
    const path = new URL(page.url()).pathname;
    await deafen(page);
    await open(path);
    const fields = { org: workspace.org, id: path.split('/').pop()!, status: 'RELEASED', page: path };
    const answer = await post(page.request, await endpoint(page.request, path, 'move_release'), fields, path);
    expect(answer.status()).toBe(303);
    await move(page, 'Testing');
    const told = page.getByRole('alert').filter({ hasText: 'A release that is “Released” cannot become “Testing”.' });
    await expect(told).toBeVisible();
    if (!javaScriptEnabled) await expect(told).toContainText('This was not done:');

    await open(path);
    await expect(told).toHaveCount(0);
    await expect(checklist).toContainText('Its checklist stays as it was when it went out.');
    await expect(checklist.getByRole('listitem')).toContainText('Write the notes');
    await expect(checklist.getByRole('button')).toHaveCount(0);
    await expect(checklist.getByText('Add an item')).toHaveCount(0);
    await open(form);
    await expect(page.getByText('The checklist is frozen')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Save item' })).toHaveCount(0);
  });

  test('a version is checked and is one release\'s alone', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/releases/new`);
    await expect(field(page, 'Version')).toHaveValue('0.1.0');
    await field(page, 'Version').fill('v1');
    await field(page, 'Name').fill('Kept');
    await page.getByRole('button', { name: 'Add release' }).click();
    await expectRefused(field(page, 'Version'), /three numbers/);
    await expect(field(page, 'Name')).toHaveValue('Kept');
    await field(page, 'Version').fill('1.4.2');
    await page.getByRole('button', { name: 'Add release' }).click();
    await expect(heading(page, 'Kept · 1.4.2')).toBeVisible();
    await open(`${workspace.home}/releases/new`);
    await expect(field(page, 'Version')).toHaveValue('1.5.0');
    await page.getByRole('link', { name: 'Major 2.0.0' }).click();
    await expect(field(page, 'Version')).toHaveValue('2.0.0');
    await field(page, 'Version').fill('1.4.2');
    await page.getByRole('button', { name: 'Add release' }).click();
    await expectRefused(field(page, 'Version'), /has this version/);
  });
});

test('a release goes out, and its changelog is drafted, published and read by the world', async ({ page, open, workspace, request }) => {
  const { home, org, product } = workspace;
  await open(`${home}/features/new`);
  await field(page, 'Title').fill('Dark theme');
  await field(page, 'Description').fill('Easy on **the eyes** <script>alert(1)</script>');
  await page.getByRole('button', { name: 'Add feature' }).click();
  await expect(heading(page, 'Dark theme')).toBeVisible();
  await region(page, 'Status').getByRole('button', { name: 'Done', exact: true }).click();
  await expect(region(page, 'Status').getByRole('button', { name: 'Done', exact: true })).toHaveCount(0);

  await addRelease(page, open, home, 'Spring', 'MAJOR');
  await expect(heading(page, 'Spring · 1.0.0')).toBeVisible();
  const features = region(page, 'Features');
  await features.getByLabel('Feature\'s title').fill('dark');
  await features.getByRole('button', { name: 'Find' }).click();
  await features.getByRole('button', { name: 'Add Dark theme' }).click();
  await expect(features.getByRole('link', { name: 'Dark theme' })).toBeVisible();
  await expect(features).toContainText('1 of 1 done');
  for (const step of ['In progress', 'Testing', 'Ready', 'Released']) {
    await move(page, step);
    await expect(region(page, 'Status').getByRole('button', { name: step, exact: true })).toHaveCount(0);
  }
  await expect(region(page, 'Details')).toContainText('Released');

  const changelog = region(page, 'Changelog');
  await expect(changelog).toContainText('The release is out.');
  await changelog.getByRole('button', { name: 'Draft from features' }).click();
  await expect(changelog).toContainText('Internal');
  await expect(changelog.locator('strong')).toHaveText('the eyes');
  const feed = `/p/${org}/${product}/changelog.atom`;
  expect((await request.get(feed)).status()).toBe(404);

  await open(`${home}/releases`);
  await region(page, 'Public changelog').getByRole('button', { name: 'Make it public' }).click();
  await expect(region(page, 'Public changelog').getByRole('link', { name: 'public changelog' })).toBeVisible();
  expect(await (await request.get(feed)).text()).not.toContain('Dark theme');
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'Released' }).click();
  await page.getByRole('link', { name: 'Spring' }).click();
  await changelog.getByRole('button', { name: 'Publish Dark theme' }).click();
  await expect(changelog).toContainText('Published');

  const answer = await request.get(feed);
  expect(answer.headers()['content-type']).toContain('application/atom+xml');
  const text = await answer.text();
  expect(text).toContain('Dark theme');
  expect(text).not.toContain('<script');
  expect((await request.get(feed, { headers: { 'if-none-match': answer.headers().etag } })).status()).toBe(304);
  // Nothing is open any more that would ask for something without its session.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await open(`/p/${org}/${product}/changelog`);
  await expect(heading(page, 'Rocket changelog')).toBeVisible();
  const release = page.getByRole('article', { name: '1.0.0' });
  await expect(release).toContainText('Dark theme');
  await expect(release.locator('strong')).toHaveText('the eyes');
});

test('a template fills the checklist, with days counted back', async ({ page, open, workspace }) => {
  await open(`/orgs/${workspace.org}/settings/checklists`);
  await field(page, 'Name').fill('Launch');
  await page.getByRole('button', { name: 'New template' }).click();
  await expect(heading(page, 'Launch')).toBeVisible();
  await field(page, 'What is to be done').fill('Load test');
  await field(page, 'Days before the target date').fill('14');
  await page.getByRole('button', { name: 'Add item' }).click();
  await expect(region(page, 'Items')).toContainText('14 days before');

  await open(`${workspace.home}/releases/new`);
  await field(page, 'Target date').fill('2027-03-15');
  await page.getByRole('button', { name: 'Add release' }).click();
  const checklist = region(page, 'Launch checklist');
  await checklist.getByRole('button', { name: 'Apply template' }).click();
  await expect(checklist).toContainText('due 1 Mar 2027');
  await checklist.getByRole('link', { name: 'Edit Load test' }).click();
  await field(page, 'Owner').selectOption('Toni Tester');
  await page.getByRole('button', { name: 'Save item' }).click();
  await expect(checklist).toContainText('Toni Tester');
});

test('a deleted release comes back', async ({ page, open, workspace }) => {
  await addRelease(page, open, workspace.home, 'Fleeting');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('The release is deleted.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Fleeting');
});
