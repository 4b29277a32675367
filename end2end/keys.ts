import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures';

/** The frame listens once its data is there, a moment after the page itself has come alive. */
export async function pressUntil(page: Page, key: string, shown: Locator) {
  await expect(async () => {
    if (!(await shown.isVisible())) await page.keyboard.press(key);
    await expect(shown).toBeVisible({ timeout: 500 });
  }).toPass();
}

export const shortcuts = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' });
export const palette = (page: Page) => page.getByRole('combobox', { name: 'Search or jump to' });
export const options = (page: Page) => page.getByRole('listbox', { name: 'Results' }).getByRole('option');
export const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true });

/** Waits until single keys do something. */
export async function listens(page: Page) {
  await pressUntil(page, '?', shortcuts(page));
  await page.keyboard.press('Escape');
  await expect(shortcuts(page)).toBeHidden();
}

/** Opens the palette, and waits for what is in it. */
export async function openPalette(page: Page): Promise<Locator> {
  await pressUntil(page, 'Control+k', palette(page));
  await expect(palette(page)).toBeFocused();
  await expect(options(page).first()).toBeVisible();
  return palette(page);
}

/** Looks for words from wherever one is: with scripts by the palette, without by the field in its place. */
export async function searchFor(page: Page, words: string, scripts: boolean) {
  if (scripts) {
    await page.getByRole('complementary').getByRole('button', { name: 'Search or jump to' }).click();
    // What is found moves the options when it comes.
    const found = page.waitForResponse(/find_entries/);
    await palette(page).fill(words);
    await found;
    await page.waitForTimeout(100);
    await page.getByRole('option', { name: `Search for “${words}”` }).click();
  } else {
    await page.getByLabel('Search everything').fill(words);
    await page.getByLabel('Search everything').press('Enter');
  }
}

/** Goes on to what can be focused next until this is. */
export async function tabTo(page: Page, aim: Locator) {
  await expect(aim).toBeVisible();
  for (let tries = 0; tries < 80; tries++) {
    if (await aim.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(aim).toBeFocused();
}
