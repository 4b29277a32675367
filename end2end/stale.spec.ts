import type { BrowserContext, Page } from '@playwright/test';
import { expect, field, hydrated, remembers, test } from './fixtures';
import { deafen } from './live';

test.use({ statuses: [409, 422] });

const saved = (page: Page, label: string) => page.getByRole('group', { name: `${label}: saved now` });
const told = (page: Page) => page.getByRole('alert').filter({ hasText: 'Somebody changed this while you were editing.' });

/** The same page in a second window. */
async function second(context: BrowserContext, path: string, scripts: boolean): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  if (scripts) await hydrated(page);
  return page;
}

test('two edits of one idea: the second sees both versions and merges them', async ({ page, context, open, workspace, javaScriptEnabled }) => {
  const idea = await workspace.addIdea({ title: 'Offline mode', description: 'For trains.', tags: 'mobile' });
  await open(`${idea}/edit`);
  const other = await second(context, `${idea}/edit`, javaScriptEnabled);

  await field(other, 'Title').fill('Offline mode, by Ada');
  await field(other, 'Description').fill('For trains.\nAnd for <tunnels>.');
  await other.getByRole('button', { name: 'Save idea' }).click();
  await expect(other).toHaveURL(idea);

  await field(page, 'Title').fill('Offline mode, by Bob');
  await field(page, 'Tags').fill('mobile, offline');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(told(page)).toContainText('Look at: Title, Description, Tags.');
  await expect(field(page, 'Title')).toHaveValue('Offline mode, by Bob');
  await expect(field(page, 'Tags')).toHaveValue('mobile, offline');
  await expect(saved(page, 'Title')).toContainText('Offline mode, by Ada');
  await expect(saved(page, 'Description')).toContainText('And for <tunnels>.');
  await expect(saved(page, 'Tags')).toContainText('mobile');

  if (javaScriptEnabled) {
    await page.getByRole('button', { name: 'Use this instead: Description' }).click();
    await expect(field(page, 'Description')).toBeFocused();
  } else {
    await expect(page.getByRole('button', { name: 'Use this instead' })).toHaveCount(0);
    await field(page, 'Description').fill('For trains.\nAnd for <tunnels>.');
  }
  await expect(field(page, 'Description')).toHaveValue('For trains.\nAnd for <tunnels>.');

  // A refusal for another reason does not forget what was looked at.
  await field(page, 'Title').fill('');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(field(page, 'Title')).toHaveAttribute('aria-invalid', 'true');
  await field(page, 'Title').fill('Offline mode, by both');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(page).toHaveURL(idea);
  await expect(page.getByRole('heading', { name: 'Offline mode, by both', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Description' })).toContainText('And for <tunnels>.');
  await expect(page.getByRole('link', { name: 'offline', exact: true })).toBeVisible();
});

test('a refused form that is wrong as well still knows what it was filled from', async ({ page, context, open, workspace, javaScriptEnabled }) => {
  const idea = await workspace.addIdea({ title: 'Export' });
  await open(`${idea}/edit`);
  const other = await second(context, `${idea}/edit`, javaScriptEnabled);
  await field(other, 'Title').fill('Export, by Ada');
  await other.getByRole('button', { name: 'Save idea' }).click();
  await expect(other).toHaveURL(idea);

  await field(page, 'Title').fill('');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(field(page, 'Title')).toHaveAttribute('aria-invalid', 'true');
  await field(page, 'Title').fill('Export, by Bob');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(told(page)).toBeVisible();
  await expect(saved(page, 'Title')).toContainText('Export, by Ada');
});

test('what changes elsewhere on an idea is no conflict', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Dark theme' });
  await open(`${idea}/edit`);
  await workspace.moveIdea(idea, 'UNDER_REVIEW');
  await field(page, 'Title').fill('Dark and light theme');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(page).toHaveURL(idea);
  await expect(page.getByRole('heading', { name: 'Dark and light theme', level: 1 })).toBeVisible();
});

test('two edits of a feature: a choice is shown by its name', async ({ page, context, open, workspace, javaScriptEnabled }) => {
  await open(`${workspace.home}/features/new`);
  await field(page, 'Title').fill('Sign in');
  await page.getByRole('button', { name: 'Add feature' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
  const feature = new URL(page.url()).pathname;
  await open(`${feature}/edit`);
  const other = await second(context, `${feature}/edit`, javaScriptEnabled);
  await field(other, 'Priority').selectOption({ label: 'Critical' });
  await other.getByRole('button', { name: 'Save feature' }).click();
  await expect(other).toHaveURL(feature);

  await field(page, 'Priority').selectOption({ label: 'Low' });
  await page.getByRole('button', { name: 'Save feature' }).click();
  await expect(told(page)).toContainText('Look at: Priority.');
  await expect(field(page, 'Priority')).toHaveValue('LOW');
  await expect(saved(page, 'Priority')).toContainText('Critical');
  if (javaScriptEnabled) await page.getByRole('button', { name: 'Use this instead: Priority' }).click();
  else await field(page, 'Priority').selectOption({ label: 'Critical' });
  await expect(field(page, 'Priority')).toHaveValue('CRITICAL');
  await page.getByRole('button', { name: 'Save feature' }).click();
  await expect(page).toHaveURL(feature);
});

test('scores that somebody else has changed are not written over', async ({ page, context, open, workspace, javaScriptEnabled }) => {
  const idea = await workspace.addIdea({ title: 'Widgets' }, { impact: 2, confidence: 2, effort: 2 });
  await deafen(page);
  await open(idea);
  const other = await second(context, idea, javaScriptEnabled);
  await field(other, 'Reach').fill('1201');
  await other.getByRole('button', { name: 'Save scores' }).click();
  await remembers(other, '1201');

  await field(page, 'Reach').fill('1302');
  await page.getByRole('button', { name: 'Save scores' }).click();
  await expect(told(page)).toBeVisible();
  await expect(field(page, 'Reach')).toHaveValue('1302');
  await expect(saved(page, 'Reach')).toContainText('1201');
  await page.getByRole('button', { name: 'Save scores' }).click();
  await remembers(page, '1302');
  await expect(told(page)).toHaveCount(0);
});

test('one person who saves twice is no conflict', async ({ page, open, workspace }) => {
  await open(`/orgs/${workspace.org}/settings`);
  for (const name of ['Acme One', 'Acme Two']) {
    await field(page, 'Name').fill(name);
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(page.getByText('The settings are saved.')).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Breadcrumb' })).toContainText(name);
  }
  await open(await workspace.addIdea({ title: 'Twice' }, { impact: 1, confidence: 1, effort: 1 }));
  for (const reach of ['501', '602']) {
    await field(page, 'Reach').fill(reach);
    await page.getByRole('button', { name: 'Save scores' }).click();
    await remembers(page, reach);
  }
});
