// What the measures in a browser have in common: a page of somebody who is signed in.
import { chromium } from '@playwright/test';

export const { BASE_URL = 'http://127.0.0.1:3000', CHROMIUM = '/usr/bin/chromium' } = process.env;

export const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
export const page = await browser.newPage({ baseURL: BASE_URL, viewport: { width: 1440, height: 900 } });
export const hydrated = () => page.locator('html[data-hydrated]').waitFor({ state: 'attached' });

await page.goto('/signin');
await hydrated();
await page.getByLabel('E-mail address').fill('pm@demo.test');
await page.getByLabel('Password').fill('prodmatic-demo');
await page.getByRole('button', { name: 'Sign in', exact: true }).click();
await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
