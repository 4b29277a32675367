import type { Page } from '@playwright/test';
import { expectNothing } from './axe';
import { expect, field, PASSWORD, test } from './fixtures';
import { heading, openPalette, options, palette, pressUntil, shortcuts, tabTo } from './keys';

const chosen = (page: Page) => page.getByRole('dialog').getByRole('option', { selected: true });

test('from signing in to an idea and on to the portfolio without a mouse', async ({ page, open, workspace, context }) => {
  await context.clearCookies();
  await open('/signin');
  await tabTo(page, field(page, 'E-mail address'));
  await page.keyboard.type(workspace.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Portfolio')).toBeVisible();

  await openPalette(page);
  await page.keyboard.type('rocket');
  await expect(chosen(page)).toContainText('Rocket');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Rocket')).toBeVisible();
  await openPalette(page);
  await page.keyboard.type('new idea');
  await expect(chosen(page)).toHaveText(/^New idea/);
  await page.keyboard.press('Enter');
  await expect(heading(page, 'New idea')).toBeVisible();
  await tabTo(page, field(page, 'Title'));
  await page.keyboard.type('Night mode');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Night mode')).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(heading(page, 'Portfolio')).toBeVisible();
  await openPalette(page);
  await page.keyboard.type('night mo');
  await expect(chosen(page)).toContainText('Night mode');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Night mode')).toBeVisible();
});

test('it opens, is gone through by arrows, and puts the focus back', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/ideas`);
  const button = page.getByRole('button', { name: 'Search or jump to' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeFocused();
  await expect(page.getByRole('group', { name: 'On this page' }).getByRole('option', { name: 'New idea' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Go to' }).getByRole('option', { name: 'Members' })).toBeVisible();
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('ArrowDown');
  await expect(options(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(palette(page)).toHaveAttribute('aria-activedescendant', (await options(page).nth(1).getAttribute('id'))!);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(options(page).last()).toHaveAttribute('aria-selected', 'true');
  await expect(options(page).last()).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(button).toBeFocused();

  await openPalette(page);
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();
});

test('what the page can do is done from it', async ({ page, open, workspace }) => {
  await open(await workspace.addIdea({ title: 'Going places' }));
  await openPalette(page);
  await page.keyboard.type('theme dark');
  await expect(chosen(page)).toContainText('Dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  await openPalette(page);
  await page.keyboard.type('edit');
  await expect(chosen(page)).toHaveText(/^Edit/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/edit$/);

  await page.goBack();
  await expect(heading(page, 'Going places')).toBeVisible();
  await openPalette(page);
  await page.keyboard.type('delete');
  await page.keyboard.press('Enter');
  // What cannot be meant by mistake is shown, not pressed.
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeFocused();
  await expect(heading(page, 'Going places')).toBeVisible();
});

test('what was opened last comes first, until somebody signs out', async ({ page, open, workspace }) => {
  const kept = () => page.evaluate(() => JSON.stringify(localStorage));
  for (const title of ['First thing', 'Second thing']) {
    await open(await workspace.addIdea({ title }));
    await expect.poll(kept).toContain(title);
  }
  await open(`${workspace.home}/ideas`);
  await openPalette(page);
  const recent = page.getByRole('group', { name: 'Recent' }).getByRole('option');
  await expect(recent).toHaveText([/^Second thing · [A-Z0-9-]+-2/, /^First thing · [A-Z0-9-]+-1/]);
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Second thing')).toBeVisible();

  await openPalette(page);
  await page.keyboard.type('sign out');
  await expect(chosen(page)).toHaveText(/^Sign out/);
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Sign in')).toBeVisible();
  await expect.poll(kept).not.toContain('thing');
  // Long enough for whatever would still be asked for, which would be refused and told in the console.
  await page.waitForTimeout(600);
});

test('a later answer is never replaced by an earlier one', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Alpha release' });
  await workspace.addIdea({ title: 'Alpine tour' });
  await open(workspace.home);
  await openPalette(page);
  let slow = true;
  await page.route('**/api/find_entries*', async (route) => {
    if (slow && route.request().postData()?.includes('"alp"')) {
      slow = false;
      await new Promise((resolve) => setTimeout(resolve, 1_200));
    }
    await route.continue().catch(() => {});
  });
  const asked = page.waitForRequest((request) => request.postData()?.includes('"alp"') ?? false);
  const late = page.waitForResponse((response) => response.request().postData()?.includes('"alp"') ?? false);
  await page.keyboard.type('alp');
  await asked;
  await page.keyboard.type('ine');
  const found = page.getByRole('group', { name: 'Items' }).getByRole('option');
  await expect(found).toHaveText([/^Alpine tour/]);
  await late;
  await expect(found).toHaveText([/^Alpine tour/]);
});

test('results are there within a tenth of a second after a key', async ({ page, open, signedInAs }) => {
  await signedInAs('pm');
  await open('/orgs/demo/products/demo-product');
  await openPalette(page);
  // What the server finds, too; of several, the one in the middle.
  const took = await page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('dialog [role=combobox]')!;
    const list = document.querySelector('[role=listbox]')!;
    const found = () => [...list.querySelectorAll('[role=group]')].some((group) => group.textContent!.startsWith('Items'));
    const until = (done: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => done() && (observer.disconnect(), resolve());
        const observer = new MutationObserver(look);
        observer.observe(list, { childList: true, subtree: true, characterData: true });
        look();
      });
    const type = (words: string) => {
      input.value = words;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const times: number[] = [];
    for (const words of ['mobile', 'dark', 'import', 'keyboard', 'release']) {
      type('');
      await until(() => !found());
      const begun = performance.now();
      type(words);
      await until(found);
      times.push(performance.now() - begun);
    }
    return times.sort((one, other) => one - other)[2];
  });
  expect(took).toBeLessThan(100);
});

test('a reference is gone to, and words to the page of the search', async ({ page, open, workspace }) => {
  await open(workspace.home);
  const words = await openPalette(page);
  await words.fill('demo-123');
  await expect(chosen(page)).toHaveText('Go to DEMO-123');
  await words.fill('nothing like it');
  await expect(chosen(page)).toHaveText('Search for “nothing like it”');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=nothing%20like%20it/);
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});

test('people and teams are found, and items with their short names', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo');
  await openPalette(page);
  await page.keyboard.type('growth');
  const found = (text: RegExp) => options(page).filter({ hasText: text });
  await expect(found(/^Growth ?Team · Organisation$/)).toBeVisible();
  await palette(page).fill('mobile app');
  await expect(found(/^Mobile App ?DEMO-PRODUCT-\d+ · Idea · Demo Product$/)).toBeVisible();
  await palette(page).fill('priya');
  await found(/^Priya Nair ?Person · Organisation$/).click();
  await expect(heading(page, 'Members')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Members' }).getByRole('rowheader')).toHaveText([/Priya Nair/]);
});

test('markup in a name is text', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: '<img src=x onerror=alert(1)> sharp' });
  await open(workspace.home);
  await openPalette(page);
  await page.keyboard.type('sharp');
  await expect(page.getByRole('option', { name: '<img src=x onerror=alert(1)> sharp' })).toBeVisible();
});

test('axe finds nothing on the palette and the keys, and they fit', async ({ page, open, signedInAs }) => {
  await signedInAs('pm');
  await open('/orgs/demo/products/demo-product/ideas');
  await openPalette(page);
  await expectNothing(page);
  await page.keyboard.type('mobile');
  await expect(page.getByRole('group', { name: 'Items' })).toBeVisible();
  await expectNothing(page);
  await page.keyboard.press('Escape');
  await pressUntil(page, '?', shortcuts(page));
  await expect(shortcuts(page).getByText('Portfolio')).toBeVisible();
  await expectNothing(page);
});

test('at 390 px a button opens it and a press beside it shuts it', async ({ page, open, workspace }) => {
  await page.setViewportSize({ width: 390, height: 900 });
  await open(workspace.home);
  await page.getByRole('button', { name: 'Search or jump to' }).click();
  await expect(palette(page)).toBeFocused();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(palette(page)).toBeHidden();
  await page.getByRole('button', { name: 'Search or jump to' }).click();
  await expect(palette(page)).toBeVisible();
  await page.mouse.click(2, 2);
  await expect(palette(page)).toBeHidden();
});

test('the menu of organisations shuts on escape and on a press beside it', async ({ page, open, workspace }) => {
  await open(workspace.home);
  const menu = page.getByRole('list').filter({ has: page.getByRole('link', { name: 'New organisation' }) });
  const button = page.getByRole('button', { name: /^Organisation .*, change$/ });
  await button.click();
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await button.click();
  await expect(menu).toBeVisible();
  await heading(page, 'Rocket').click();
  await expect(menu).toBeHidden();
});
