import { expect, test } from './fixtures';
import { searchFor } from './keys';
import type { Page } from '@playwright/test';

const found = (page: Page) => page.getByRole('region', { name: 'Ideas', exact: true }).getByRole('listitem');
const words = (page: Page) => page.getByLabel('Words to search for');

async function look(page: Page, text: string) {
  await words(page).fill(text);
  await page.getByRole('main').getByRole('button', { name: 'Search' }).click();
}

test('ideas are found from the sidebar by beginnings and phrases, best first', async ({ page, open, workspace, javaScriptEnabled }) => {
  await workspace.addIdea({ title: 'Offline', description: 'A native app that works in a tunnel, and mobile' });
  await workspace.addIdea({ title: 'Mobile App', description: 'Not so native, this app <script>' });
  await open(workspace.home);
  await searchFor(page, 'mob', javaScriptEnabled);
  await expect(page).toHaveURL(`/orgs/${workspace.org}/search?q=mob`);
  await expect(found(page).getByRole('link')).toHaveText(['Mobile App', 'Offline']);
  await expect(found(page).first().locator('mark')).toHaveText('Mobile');

  await look(page, '"native app"');
  await expect(found(page).getByRole('link')).toHaveText(['Offline']);
  await look(page, 'nothing like it');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  const eight = page.getByText('The first eight words and phrases are looked for');
  await expect(eight).toHaveCount(0);
  await look(page, 'a tunnel and mobile offline native app that works');
  await expect(eight).toBeVisible();
  await expect(found(page).getByRole('link')).toHaveText(['Offline']);
  await look(page, 'mobile');
  await expect(page).toHaveURL(/q=mobile/);
  await expect(found(page).getByRole('link')).toHaveText(['Mobile App', 'Offline']);
  await found(page).getByRole('link', { name: 'Mobile App' }).click();
  await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
});

test('a search is narrowed by choices that stand in the field and the address', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/search?q=mobile');
  await expect(found(page).getByRole('link', { name: 'Mobile App' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Filter by kind' }).getByRole('link', { name: 'Feedback' }).click();
  await expect(page).toHaveURL(/q=type(%3A|:)feedback(%20|\+)mobile/);
  await expect(words(page)).toHaveValue('type:feedback mobile');
  await expect(found(page)).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Filter by kind' }).getByRole('link', { name: 'Ideas' }).click();
  await expect(found(page).getByRole('link', { name: 'Mobile App' })).toBeVisible();
  const add = page.getByRole('search', { name: 'Add filters' });
  await add.getByLabel('Status').selectOption({ label: 'Approved' });
  await add.getByRole('button', { name: 'Add filter' }).click();
  await expect(words(page)).toHaveValue('type:idea status:approved mobile');
  await expect(found(page).getByRole('link')).toHaveText(['Mobile App']);
  await expect(found(page).first()).toContainText('Approved');
  await add.getByLabel('Product').selectOption({ label: 'Insights' });
  await add.getByRole('button', { name: 'Add filter' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await page.getByRole('list', { name: 'Filters' }).getByRole('link', { name: /Remove product:/ }).click();
  await expect(found(page).getByRole('link')).toHaveText(['Mobile App']);
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await expect(words(page)).toHaveValue('mobile');
});

test('filters are typed, and a wrong value is told with the possible ones', async ({ page, open, signedInAs }) => {
  await signedInAs('dev');
  await open('/orgs/demo/search');
  await look(page, 'type:task assignee:me');
  await expect(page.getByRole('region', { name: 'Tasks', exact: true }).getByRole('listitem').first()).toBeVisible();
  await look(page, 'type:tusk mobile');
  await expect(page.getByRole('alert')).toContainText('There is no type “tusk”. Possible are: product, idea');
  await look(page, 'product:"no such thing"');
  await expect(page.getByRole('alert')).toContainText('demo-product');
});

test('words typed wrong are found all the same', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Quarterly calendar' });
  await open(`/orgs/${workspace.org}/search?q=calender`);
  await expect(page.getByText('words that are like them')).toBeVisible();
  await expect(found(page).getByRole('link')).toHaveText(['Quarterly calendar']);
});

test('people, teams, products and comments are found, and what only administrators see by them alone', async ({ page, open, signedInAs }) => {
  await signedInAs('admin');
  await open('/orgs/demo/search?q=priya');
  await page.getByRole('region', { name: 'People' }).getByRole('link', { name: 'Priya Nair' }).click();
  await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Members' }).getByRole('rowheader')).toHaveText([/Priya Nair/]);
  await open('/orgs/demo/search?q=type:product+demo');
  await page.getByRole('region', { name: 'Products' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/orgs\/demo\/products\/[^/]+$/);
  await open('/orgs/demo/search?q=type:webhook');
  await expect(page.getByRole('region', { name: 'Webhooks' }).getByRole('listitem').first()).toBeVisible();
  await page.context().clearCookies();
  await signedInAs('stakeholder');
  await open('/orgs/demo/search?q=type:webhook');
  await expect(page.getByRole('alert')).toContainText('There is no type “webhook”');
});

test('odd words find nothing and break nothing', async ({ page, workspace }) => {
  for (const odd of ["'", '\\', '& | ! ( ) :*', '"', '%00', '<script>alert(1)</script>', 'x'.repeat(5_000)]) {
    const answer = await page.request.get(`/orgs/${workspace.org}/search?q=${encodeURIComponent(odd)}`);
    expect(answer.status(), odd).toBe(200);
    expect(await answer.text()).not.toContain('<script>alert(1)');
  }
});

test('nothing of another organisation is found', async ({ page, open, workspace }) => {
  await open(`/orgs/${workspace.org}/search?q=mobile`);
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  expect((await page.request.get('/orgs/demo/search?q=mobile')).status()).toBe(404);
});
