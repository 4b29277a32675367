import { expect, test } from './fixtures';

test('the chosen theme stays', async ({ page, open, workspace }) => {
  const html = page.locator('html');
  const choice = (name: string) => page.getByRole('group', { name: 'Theme' }).getByRole('button', { name });
  for (const [path, name] of [['/signin', 'Dark'], [workspace.home, 'Light'], [workspace.home, 'System']]) {
    await open(path);
    const kept = page.waitForResponse((response) => response.request().method() === 'POST');
    await choice(name).click();
    await kept;
    await expect(choice(name)).toHaveAttribute('aria-pressed', 'true');
    await expect(html).toHaveAttribute('data-theme', name.toLowerCase());
    await expect(page).toHaveURL(path);
    await page.reload();
    await expect(html).toHaveAttribute('data-theme', name.toLowerCase());
    await expect(choice(name)).toHaveAttribute('aria-pressed', 'true');
  }
});
