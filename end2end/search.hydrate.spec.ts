import { expect, test } from './fixtures';

test('a slash leads to the search, and what is found comes while one types', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Mobile App' });
  await open(`${workspace.home}/ideas`);
  // The frame listens once its data is there, a moment after the page itself has come alive.
  await expect(async () => {
    await page.keyboard.press('/');
    await expect(page.getByLabel('Search everything')).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.type('a/b');
  await expect(page.getByLabel('Search everything')).toHaveValue('a/b');

  await open(`/orgs/${workspace.org}/search`);
  const words = page.getByLabel('Words to search for');
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
