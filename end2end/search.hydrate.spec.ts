import { expect, test } from './fixtures';
import { palette, pressUntil } from './keys';

test('a slash leads to the search, and what is found comes while one types', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Mobile App' });
  await open(`${workspace.home}/ideas`);
  await expect(page.getByLabel('Search everything')).toBeHidden();
  await pressUntil(page, '/', palette(page));
  await expect(palette(page)).toBeFocused();
  await page.keyboard.type('a/b');
  await expect(palette(page)).toHaveValue('a/b');

  await open(`/orgs/${workspace.org}/search`);
  const words = page.getByLabel('Words to search for');
  await expect(async () => {
    await page.keyboard.press('/');
    await expect(words).toBeFocused({ timeout: 500 });
  }).toPass();
  await words.fill('');
  await words.pressSequentially('mobi');
  await expect(page.getByRole('link', { name: 'Mobile App' })).toBeVisible();
  await expect(page).toHaveURL(/q=mobi$/);
  await expect(words).toBeFocused();
  await expect(words).toHaveValue('mobi');
});

test('one box ticks all the others', async ({ page, open, workspace }) => {
  for (const title of ['One', 'Two']) await workspace.addIdea({ title });
  await open(`${workspace.home}/ideas`);
  await page.getByLabel('Tick all on this page').check();
  for (const title of ['One', 'Two']) await expect(page.getByRole('checkbox', { name: `Tick ${title}` })).toBeChecked();
  await page.getByLabel('Tick all on this page').uncheck();
  await expect(page.getByRole('checkbox', { name: 'Tick Two' })).not.toBeChecked();
});
