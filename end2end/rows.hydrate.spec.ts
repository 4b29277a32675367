import { expect, expectRefused, field, test, type Workspace } from './fixtures';
import type { Locator, Page } from '@playwright/test';

/** Presses Enter on the button, waits until its row is gone or changed, and presses Enter once more wherever that leads. */
async function enterTwice(page: Page, button: Locator, gone: () => Promise<unknown>) {
  await button.focus();
  await page.keyboard.press('Enter');
  await gone();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
}

test('a second Enter on Revoke spares the next invitation', async ({ page, open, workspace }) => {
  const { org } = workspace as Workspace;
  for (const name of ['one', 'two']) {
    await open(`/orgs/${org}/members/invite`);
    await field(page, 'E-mail address').fill(`${name}@example.test`);
    await page.getByRole('button', { name: 'Send invitation' }).click();
    await expect(page.getByLabel(`New link for ${name}@example.test`)).toBeVisible();
  }
  await open(`/orgs/${org}/members`);
  const revoke = (name: string) => page.getByRole('button', { name: `Revoke for ${name}@example.test` });
  // The newest stands first.
  await enterTwice(page, revoke('two'), () => expect(revoke('two')).toHaveCount(0));
  await expect(page.getByRole('heading', { name: 'Invitations' })).toBeFocused();
  await expect(revoke('one')).toBeVisible();
});

test('a second Enter on Remove spares the next comment', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Talked about' });
  await open(idea);
  const comments = page.getByRole('region', { name: 'Comments' });
  for (const text of ['First', 'Second', 'Third']) {
    await comments.getByLabel('Your comment').fill(text);
    await comments.getByRole('button', { name: 'Add comment' }).click();
    await expect(comments.getByText(text, { exact: true })).toBeVisible();
  }
  const remove = comments.getByRole('button', { name: 'Remove' });
  await enterTwice(page, remove.first(), () => expect(remove).toHaveCount(2));
  await expect(comments.getByRole('heading', { name: 'Comments' })).toBeFocused();
  await expect(comments.getByText('Third', { exact: true })).toBeVisible();
  await expect(remove).toHaveCount(2);
});

test('a second Enter on Remove spares the next product of a team', async ({ page, open, workspace }) => {
  const { org } = workspace as Workspace;
  await open(`/orgs/${org}/products/new`);
  await field(page, 'Name').fill('Second product');
  await page.getByRole('button', { name: 'Create product' }).click();
  await expect(page.getByRole('heading', { name: 'Second product', level: 1 })).toBeVisible();
  await open(`/orgs/${org}/teams/new`);
  await field(page, 'Name').fill('Twins');
  await page.getByRole('button', { name: 'Create team' }).click();
  const products = page.getByRole('region', { name: 'Products' });
  for (const name of ['Rocket', 'Second product']) {
    await products.getByLabel('Add a product').selectOption({ label: name });
    await products.getByRole('button', { name: 'Add product' }).click();
    await expect(products.getByRole('button', { name: `Remove ${name}` })).toBeVisible();
  }
  const remove = (name: string) => products.getByRole('button', { name: `Remove ${name}` });
  await enterTwice(page, remove('Rocket'), () => expect(remove('Rocket')).toHaveCount(0));
  await expect(products.getByRole('heading', { name: 'Products' })).toBeFocused();
  await expect(remove('Second product')).toBeVisible();
});

test('an invitation can be read on a narrow screen, and its link copied', async ({ page, open, workspace }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(`/orgs/${workspace.org}/members/invite`);
  await field(page, 'E-mail address').fill('narrow@example.test');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  const notice = page.getByRole('status').filter({ hasText: 'The invitation goes to narrow@example.test' });
  await notice.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(notice.getByRole('button', { name: 'Copied', exact: true })).toBeVisible();
  await expect(page.getByText(/Stakeholder · until \d+ \w+ \d{4}/)).toBeVisible();
});

test.describe('two forms on a page', () => {
  test.use({ statuses: [422] });

  test('what was wrong with one is forgotten once the other is accepted', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/teams/new`);
    await field(page, 'Name').fill('Forgetful');
    await page.getByRole('button', { name: 'Create team' }).click();
    await page.getByRole('button', { name: 'Add product' }).click();
    await expectRefused(field(page, 'Add a product'), /Choose/);
    await field(page, 'Add a member').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Add member' }).click();
    await expect(page.getByRole('button', { name: /^Remove / })).toBeVisible();
    await expect(field(page, 'Add a product')).toHaveAttribute('aria-invalid', 'false');
  });
});
