import type { Browser, Page } from '@playwright/test';

/** Lets a page hear nothing of what others change, for tests of what then becomes of it. */
export const deafen = (page: Page) => page.route('**/events?*', (route) => route.fulfill({ contentType: 'text/event-stream', body: '' }));

/** The same person at another browser. */
export async function elsewhere(browser: Browser, page: Page, baseURL: string | undefined): Promise<Page> {
  const context = await browser.newContext({ baseURL, storageState: await page.context().storageState() });
  return context.newPage();
}
