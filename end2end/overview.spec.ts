import { expect, test } from './fixtures';

test('the overview leads from each number to the list that it counts', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Offline mode' });
  await workspace.addIdea({ title: 'Dark mode' });
  await open(`/orgs/${workspace.org}`);
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  const figure = page.getByRole('link', { name: /^2 new ideas of/ });
  await figure.click();
  await expect(page).toHaveURL(/ideas\?status=SUBMITTED$/);
  await expect(page.getByRole('link', { name: 'Offline mode' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Dark mode' })).toBeVisible();
});
