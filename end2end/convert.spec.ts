import { endpoint, expect, field, post, test } from './fixtures';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('an approved idea becomes features, and follows them', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Mobile App', description: 'Native, and quick' });
  await open(idea);
  await expect(page.getByRole('link', { name: 'Convert to features' })).toHaveCount(0);
  await workspace.moveIdea(idea, 'UNDER_REVIEW', 'APPROVED');
  await open(idea);
  await page.getByRole('link', { name: 'Convert to features' }).click();
  await expect(page.getByRole('heading', { name: 'Convert to features', level: 1 })).toBeVisible();
  await expect(field(page, 'Features')).toHaveValue('Mobile App');
  await expect(field(page, 'Description')).toHaveValue('Native, and quick');
  await field(page, 'Features').fill('App for iOS\n\nApp for Android\n');
  await field(page, 'Priority').selectOption('High');
  await page.getByRole('button', { name: 'Convert' }).click();

  await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
  const features = region(page, 'Features');
  const status = region(page, 'Status');
  await expect(status).toContainText('In development');
  await expect(features.getByRole('listitem')).toHaveCount(2);
  await expect(features).toContainText('0 of 2 done');

  const move = async (title: string, to: string, expected: string) => {
    await open(idea);
    await features.getByRole('link', { name: title }).click();
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
    await status.getByRole('button', { name: to, exact: true }).click();
    await expect(status.getByRole('button', { name: to, exact: true })).toHaveCount(0);
    const origin = region(page, 'Built for');
    await expect(origin).toContainText(expected);
    await origin.getByRole('link', { name: 'Mobile App' }).click();
    await expect(status).toContainText(expected);
  };
  await move('App for iOS', 'Done', 'In development');
  await expect(features).toContainText('1 of 2 done');
  await move('App for Android', 'Cancelled', 'Implemented');
  await expect(features).toContainText('1 of 1 done');
  await move('App for Android', 'In progress', 'In development');
  await move('App for Android', 'Done', 'Implemented');
});

test('an idea is converted once', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Twice' });
  await workspace.moveIdea(idea, 'UNDER_REVIEW', 'APPROVED');
  const action = await endpoint(page.request, `${idea}/convert`, 'convert_idea');
  const fields = { org: workspace.org, idea: idea.split('/').pop()!, 'form[titles]': 'One', 'form[description]': '', page: `${idea}/convert` };
  expect((await post(page.request, action, fields, `${idea}/convert`)).status()).toBe(303);
  const again = await post(page.request, action, fields, `${idea}/convert`);
  expect(again.status()).toBe(409);
  expect(await again.text()).toContain('Work on this idea has begun already.');
  await open(idea);
  await expect(region(page, 'Features').getByRole('listitem')).toHaveCount(1);
  await open(`${idea}/convert`);
  await expect(page.getByRole('alert')).toContainText('Work on this idea has begun already.');
  await expect(page.getByRole('button', { name: 'Convert' })).toHaveCount(0);
});

test('a feature is written, changed and had back', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/features`);
  await page.getByRole('link', { name: 'New feature' }).first().click();
  await field(page, 'Title').fill('Export');
  await field(page, 'Acceptance criteria').fill('Nothing is lost');
  await field(page, 'Story points').fill('5');
  await page.getByRole('button', { name: 'Add feature' }).click();
  await expect(page.getByRole('heading', { name: 'Export', level: 1 })).toBeVisible();
  await expect(region(page, 'Details')).toContainText('5');
  await expect(region(page, 'Acceptance criteria')).toContainText('Nothing is lost');
  await page.getByRole('link', { name: 'Edit' }).click();
  await field(page, 'Title').fill('Export of everything');
  await field(page, 'Priority').selectOption('Critical');
  await page.getByRole('button', { name: 'Save feature' }).click();
  await expect(page.getByRole('heading', { name: 'Export of everything', level: 1 })).toBeVisible();
  await expect(region(page, 'Details')).toContainText('Critical');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('status').filter({ hasText: 'The feature is deleted.' }).getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Export of everything', level: 1 })).toBeVisible();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Features' }).click();
  await expect(page.getByRole('row', { name: /Export of everything/ })).toContainText('Backlog');
});

test.describe('what is refused', () => {
  test.use({ statuses: [403, 422] });

  test('features without a title', async ({ page, open, workspace }) => {
    const idea = await workspace.addIdea({ title: 'Nothing' });
    await workspace.moveIdea(idea, 'UNDER_REVIEW', 'APPROVED');
    await open(`${idea}/convert`);
    await field(page, 'Features').fill('  ');
    await page.getByRole('button', { name: 'Convert' }).click();
    await expect(page.getByText('Enter a title for each feature, one a line.')).toBeVisible();
  });

  test('features by a stakeholder', async ({ page, open, signedInAs }) => {
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/demo-product/features');
    await expect(page.getByRole('link', { name: 'New feature' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Saved views' }).click();
    await expect(page.getByRole('heading', { name: 'Saved views', level: 1 })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0);
    await expect(region(page, 'Status').getByRole('button')).toHaveCount(0);
    expect((await open('/orgs/demo/products/demo-product/features/new'))?.status()).toBe(403);
  });
});
