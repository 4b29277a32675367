import type { Page } from '@playwright/test';
import { expect, hydrated, test } from './fixtures';

/** Holds back the files that match until the answer is called. */
async function hold(page: Page, files: RegExp): Promise<() => void> {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(files, async (route) => {
    await gone;
    await route.continue();
  });
  return letGo;
}

test('what is chosen before the page is alive stands', async ({ page, workspace }) => {
  const letGo = await hold(page, /_bg\.wasm$/);
  await page.goto(`/orgs/${workspace.org}/audit?entity=Idea`);
  const filter = page.getByRole('search', { name: 'Filter the log' });
  await filter.getByLabel('Kind').selectOption('');
  await filter.getByLabel('Action').selectOption({ label: 'Product: created' });
  await filter.getByLabel('To (UTC)').fill('2020-01-01');
  letGo();
  await hydrated(page);
  await expect(filter.getByLabel('Kind')).toHaveValue('');
  await expect(filter.getByLabel('Action').locator('option:checked')).toHaveText('Product: created');
  await expect(filter.getByLabel('To (UTC)')).toHaveValue('2020-01-01');
});

test('a tick that is set before the page is alive stands', async ({ page, workspace }) => {
  await workspace.addIdea({ title: 'Ticked early' });
  const letGo = await hold(page, /_bg\.wasm$/);
  await page.goto(`${workspace.home}/ideas`);
  await page.getByLabel('Tick Ticked early').check();
  letGo();
  await hydrated(page);
  await expect(page.getByLabel('Tick Ticked early')).toBeChecked();
});

test('a link that is followed while the page comes to life leads to its page', async ({ page, workspace }) => {
  await workspace.addIdea({ title: 'Followed early' });
  const letGo = await hold(page, /pkg\/[^/]+\/(?!prodmatic_bg).*\.wasm$/);
  const listening = page.waitForResponse(/prodmatic_bg\.wasm$/);
  await page.goto(`${workspace.home}/ideas`, { waitUntil: 'commit' });
  await (await listening).finished();
  // The router listens soon after its code is there.
  await page.waitForTimeout(500);
  await expect(page.locator('html[data-hydrated]')).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: 'Followed early' }).click();
  await expect(page).toHaveURL(/ideas\/[a-z0-9]+$/);
  letGo();
  await expect(page.getByRole('heading', { name: 'Followed early', level: 1 })).toBeVisible();
  await hydrated(page);
});

test('the first page brings no more than is promised', async ({ page, open }) => {
  const sizes: Record<string, number> = {};
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (/\.(js|wasm)$/.test(path)) sizes[path] = Number(response.headers()['content-length']);
  });
  await open('/');
  expect(Object.keys(sizes).length).toBeGreaterThan(2);
  const all = Object.values(sizes).reduce((sum, size) => sum + size);
  expect(all, JSON.stringify(sizes)).toBeLessThanOrEqual(300_000);
});
