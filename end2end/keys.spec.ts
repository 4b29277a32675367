import { expect, test } from './fixtures';

test('single keys are switched off and on in the profile', async ({ page, open, workspace }) => {
  expect(workspace.org).toBeTruthy();
  await open('/account');
  const keyboard = page.getByRole('region', { name: /^Keyboard/ });
  await expect(keyboard).toContainText('Single keys on');
  await keyboard.getByRole('button', { name: 'Switch single keys off' }).click();
  await expect(keyboard).toContainText('Single keys off');
  await expect(page.getByRole('status').filter({ hasText: 'Your keyboard is set up.' })).toBeVisible();
  await open('/account');
  await keyboard.getByRole('button', { name: 'Switch single keys on' }).click();
  await expect(keyboard).toContainText('Single keys on');
});

test('there is one way to look for something: the palette, and without scripts the field in its place', async ({ page, open, workspace, javaScriptEnabled }) => {
  await open(workspace.home);
  const field = page.getByLabel('Search everything');
  await expect(page.getByRole('complementary').getByRole('button', { name: 'Search or jump to' })).toHaveCount(javaScriptEnabled ? 1 : 0);
  await expect(field).toBeVisible({ visible: !javaScriptEnabled });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  if (javaScriptEnabled) return;
  await expect(page.getByRole('complementary').getByRole('link', { name: 'Search or jump to' })).toBeHidden();
  await field.fill('rocket');
  await field.press('Enter');
  await expect(page).toHaveURL(`/orgs/${workspace.org}/search?q=rocket`);
  await expect(page.getByLabel('Words to search for')).toHaveValue('rocket');
  // On a small screen the bar at its top leads there.
  await page.setViewportSize({ width: 390, height: 900 });
  await open(workspace.home);
  await page.getByRole('banner').getByRole('link', { name: 'Search or jump to' }).click();
  await expect(page).toHaveURL(`/orgs/${workspace.org}/search`);
});
