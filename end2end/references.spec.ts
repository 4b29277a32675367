import { endpoint, expect, field, PASSWORD, post, test, type Workspace } from './fixtures';
import { searchFor } from './keys';
import { addFeature, place, roadmap, row } from './roadmap';
import type { Page } from '@playwright/test';

const short = ({ product }: Workspace, number: number) => `${product.toUpperCase()}-${number}`;
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const board = (page: Page) => page.getByRole('list', { name: 'Submitted', exact: true });

test('an item has a short name that leads to it', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'First' });
  const idea = await workspace.addIdea({ title: 'Mobile App' });
  const reference = short(workspace, 2);
  await open(idea);
  await expect(page.getByLabel('Reference', { exact: true })).toHaveValue(reference);
  for (const written of [reference, reference.toLowerCase()]) {
    await open(`/r/${written}`);
    await expect(page).toHaveURL(idea);
    await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
  }
  await open(`${workspace.home}/ideas`);
  await expect(page.getByRole('row', { name: /Mobile App/ }).getByText(reference, { exact: true })).toBeVisible();
  await open(`${workspace.home}/ideas/board`);
  await expect(board(page).getByRole('listitem').filter({ hasText: 'Mobile App' }).getByText(reference, { exact: true })).toBeVisible();
});

test('the search finds an item by its short name first', async ({ page, open, workspace, javaScriptEnabled }) => {
  await workspace.addIdea({ title: 'Mobile App', description: 'For the road' });
  await workspace.addIdea({ title: 'Another', description: `Like ${short(workspace, 1)}` });
  await open(workspace.home);
  await searchFor(page, short(workspace, 1).toLowerCase(), javaScriptEnabled);
  const found = region(page, 'Ideas').getByRole('listitem');
  await expect(found.first().getByRole('link', { name: 'Mobile App' })).toBeVisible();
  await expect(found.first().getByText(short(workspace, 1), { exact: true })).toBeVisible();
  await expect(found.first()).toContainText('Submitted');
  await expect(found.first()).toContainText('For the road');
});

test('what is planned is named by its short name, on the roadmap and in overviews', async ({ page, open, workspace }) => {
  const feature = await addFeature(page, workspace, 'Export');
  await place(page, workspace, feature, '', '2026-01-05');
  const reference = short(workspace, 1);
  await open(roadmap(workspace, '?view=columns'));
  await expect(page.getByRole('list', { name: 'Now', exact: true }).getByRole('listitem')).toContainText(reference);
  await open(roadmap(workspace, '?view=table'));
  await expect(page.getByRole('rowheader', { name: /^Export/ }).getByText(reference, { exact: true })).toBeVisible();
  await open(roadmap(workspace, '?from=2026-01'));
  await expect(row(page, 'Export')).toContainText(reference);
  await open(`/orgs/${workspace.org}/products?view=timeline&from=2026-01`);
  await expect(row(page, 'Export')).toContainText(reference);
  for (const overview of [`/orgs/${workspace.org}`, workspace.home]) {
    await open(overview);
    const risk = page.getByRole('list', { name: 'At risk' }).getByRole('listitem').filter({ hasText: 'Export' });
    await expect(risk.getByText(reference, { exact: true })).toBeVisible();
  }
});

test('short names in texts lead to their items', async ({ page, open, workspace }) => {
  const { org, product, home } = workspace;
  const target = await workspace.addIdea({ title: 'Mobile App' });
  const reference = short(workspace, 1);
  const idea = await workspace.addIdea({ title: 'Other', description: `As ${reference}, not ${short(workspace, 99)} or UTF-8` });
  await open(idea);
  const description = region(page, 'Description');
  await expect(description.getByRole('link')).toHaveText([reference]);
  await expect(description.getByRole('link')).toHaveAttribute('title', 'Mobile App');
  await expect(description).toContainText('Submitted');

  await field(page, 'Your comment').fill(`Do ${reference} first`);
  await page.getByRole('button', { name: 'Add comment' }).click();
  const said = page.getByRole('region', { name: 'Comments' }).getByRole('list', { name: 'Comments' }).getByRole('listitem');
  await expect(said.getByRole('paragraph').getByRole('link', { name: reference })).toHaveAttribute('href', target);

  const fields = { org, product, 'form[title]': 'Plan', 'form[kind]': 'PRD', 'form[note]': '' };
  const content = `After ${reference}.\n\n\`${reference}\`\n\n    ${reference}`;
  const create = await endpoint(page.request, `${home}/documents/new?type=PRD`, 'create_document');
  const answer = await post(page.request, create, { ...fields, 'form[content]': content });
  expect(answer.status(), await answer.text()).toBe(303);
  await open(answer.headers().location);
  const text = region(page, 'Text');
  await expect(text.getByRole('link')).toHaveText([reference]);
  await expect(text.getByRole('link')).toHaveAttribute('title', 'Mobile App');
  await text.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
});

test('a signed-out visit to a short name leads to signing in and on to the item', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Mobile App' });
  await page.context().clearCookies();
  await open(`/r/${short(workspace, 1)}`);
  await expect(page).toHaveURL(/\/signin\?next=/);
  await field(page, 'E-mail address').fill(workspace.email);
  await field(page, 'Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(idea);
});

test('a wrong short name is as good as one of others', async ({ page, workspace }) => {
  await workspace.addIdea({ title: 'Mobile App' });
  for (const reference of [short(workspace, 99), 'DEMO-PRODUCT-1', 'NOTHING-1', 'nonsense', 'x'.repeat(500), "'--"]) {
    const answer = await page.request.get(`/r/${reference}`, { maxRedirects: 0 });
    expect(answer.status(), reference).toBe(404);
    expect(await answer.text()).toContain('Not found');
  }
});
