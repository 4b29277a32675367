import { expect, test } from './fixtures';
import type { Page } from '@playwright/test';

const found = (page: Page) => page.getByRole('region', { name: 'Ideas', exact: true }).getByRole('listitem');
const words = (page: Page) => page.getByLabel('Words to search for');

async function look(page: Page, text: string) {
  await words(page).fill(text);
  await page.getByRole('main').getByRole('button', { name: 'Search' }).click();
}

test('ideas are found from the sidebar by beginnings and phrases, best first', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Offline', description: 'A native app that works in a tunnel, and mobile' });
  await workspace.addIdea({ title: 'Mobile App', description: 'Not so native, this app <script>' });
  await open(workspace.home);
  await page.getByLabel('Search everything').fill('mob');
  await page.getByLabel('Search everything').press('Enter');
  await expect(page).toHaveURL(`/orgs/${workspace.org}/search?q=mob`);
  await expect(found(page).getByRole('link')).toHaveText(['Mobile App', 'Offline']);
  await expect(found(page).first().locator('mark')).toHaveText('Mobile');

  await look(page, '"native app"');
  await expect(found(page).getByRole('link')).toHaveText(['Offline']);
  await look(page, 'nothing like it');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await look(page, 'mobile');
  await found(page).getByRole('link', { name: 'Mobile App' }).click();
  await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
});

test('a search is narrowed to a kind and a product', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/search?q=mobile');
  await expect(found(page).getByRole('link', { name: 'Mobile App' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Filter by kind' }).getByRole('link', { name: 'Feedback' }).click();
  await expect(page).toHaveURL(/q=mobile&kind=Feedback/);
  await expect(found(page)).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Filter by kind' }).getByRole('link', { name: 'Ideas' }).click();
  await page.getByRole('navigation', { name: 'Filter by product' }).getByRole('link', { name: 'Insights' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
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
