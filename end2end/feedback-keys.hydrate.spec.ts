import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { listens, pressUntil } from './keys';

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true });
const choice = (page: Page, group: string, name: string) => page.getByRole('group', { name: group }).getByRole('button', { name, exact: true });
/** The item is shown, and the list from which the next key leads on: either may come first. */
const isShown = async (page: Page, title: string) => {
  await expect(heading(page, title)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Items' }).locator('[aria-current]')).toContainText(title);
};
const isPressed = (page: Page, group: string, name: string) => expect(choice(page, group, name)).toHaveAttribute('aria-pressed', 'true');

test('the inbox is worked off by keyboard', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Dark mode' });
  for (const title of ['Oldest', 'Middle', 'Newest']) await workspace.addFeedback({ title });
  await open(`${workspace.home}/feedback`);
  await listens(page);
  await page.keyboard.press('j');
  await isShown(page, 'Newest');
  await page.keyboard.press('ArrowDown');
  await isShown(page, 'Middle');
  await page.keyboard.press('j');
  await isShown(page, 'Oldest');
  await page.keyboard.press('j');
  await isShown(page, 'Oldest');
  await page.keyboard.press('k');
  await isShown(page, 'Middle');

  await page.keyboard.press('1');
  await isPressed(page, 'Priority', 'Critical');
  await page.keyboard.press('4');
  await isPressed(page, 'Priority', 'Low');
  await page.keyboard.press('p');
  await isPressed(page, 'Status', 'Planned');
  await page.keyboard.press('r');
  await isPressed(page, 'Status', 'Rejected');
  await expect(page.getByRole('list', { name: 'Items' }).locator('[aria-current]')).toContainText('Rejected');

  await page.keyboard.press('k');
  await isShown(page, 'Newest');
  await page.keyboard.press('i');
  await expect(page.getByRole('region', { name: 'Idea', exact: true }).getByRole('link', { name: 'Newest' })).toBeVisible();
});

test('a key that is typed into a field is a letter', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'jr1 ring' });
  await open(await workspace.addFeedback({ title: 'Typed' }));
  await listens(page);
  const search = page.getByLabel('Idea\'s title');
  await expect(search).toBeVisible();
  await page.keyboard.press('l');
  await expect(search).toBeFocused();
  await search.pressSequentially('jr1 ri');
  await expect(search).toHaveValue('jr1 ri');
  const link = page.getByRole('button', { name: 'Link to jr1 ring' });
  await expect(link).toBeVisible();
  await isPressed(page, 'Status', 'Submitted');
  await isPressed(page, 'Priority', 'Medium');
  await expect(heading(page, 'Typed')).toBeVisible();
});

test('a key with a modifier is a command of the browser', async ({ page, open, workspace }) => {
  await open(await workspace.addFeedback({ title: 'Kept' }));
  await listens(page);
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Alt+r');
  await page.keyboard.press('u');
  await isPressed(page, 'Status', 'Under review');
  await isPressed(page, 'Priority', 'Medium');
  await expect(heading(page, 'Kept')).toBeVisible();
});

test('the keys are shown and put away', async ({ page, open, workspace }) => {
  await open(await workspace.addFeedback({ title: 'Which key' }));
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(keys).toBeHidden();
  await pressUntil(page, '?', keys);
  await expect(keys).toBeVisible();
  await expect(keys).toContainText('Look for an idea to link');
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
});

test('only who triages is offered its keys', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products/demo-product/feedback');
  await listens(page);
  await page.keyboard.press('j');
  await expect(page.getByRole('region', { name: 'Details' })).toBeVisible();
  const path = new URL(page.url()).pathname;
  for (const key of ['1', 'r', 'i', 'l']) await page.keyboard.press(key);
  await expect(page.getByRole('region', { name: 'Details' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(path);
});

for (const width of [1440, 390]) {
  test(`at ${width} px the item stands ${width > 1000 ? 'beside' : 'in place of'} the list`, async ({ page, open, workspace }) => {
    await page.setViewportSize({ width, height: 900 });
    await workspace.addFeedback({ title: 'Here' });
    await open(`${workspace.home}/feedback`);
    const list = page.getByRole('list', { name: 'Items' });
    await list.getByRole('link', { name: /Here/ }).click();
    await expect(heading(page, 'Here')).toBeVisible();
    await expect(list).toBeVisible({ visible: width > 1000 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
