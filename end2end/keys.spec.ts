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

test('without scripts the way into the palette is the way to the search', async ({ page, open, workspace, javaScriptEnabled }) => {
  await open(workspace.home);
  const way = page.getByRole('complementary').getByRole(javaScriptEnabled ? 'button' : 'link', { name: 'Search or jump to' });
  await expect(way).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  if (javaScriptEnabled) return;
  await expect(page.getByText(/Ctrl K|⌘/)).toHaveCount(0);
  await way.click();
  await expect(page).toHaveURL(`/orgs/${workspace.org}/search`);
  await expect(page.getByLabel('Words to search for')).toBeVisible();
});
