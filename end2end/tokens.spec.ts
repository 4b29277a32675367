import { expect, field, test } from './fixtures';

test('a token is made, shown once, opens the API and is revoked', async ({ page, open, workspace, playwright, baseURL }) => {
  const { org, product } = workspace;
  await open(`/orgs/${org}/products`);
  await page.getByRole('link', { name: 'Tokens' }).click();
  await expect(page.getByRole('heading', { name: 'Tokens', exact: true })).toBeVisible();
  await field(page, 'Name').fill('Build server');
  await field(page, 'Scope').selectOption({ label: 'Read and write' });
  await page.getByRole('button', { name: 'Make token' }).click();

  const shown = page.getByLabel('Token Build server');
  await expect(shown).toHaveValue(/^pm_[\w-]{43}$/);
  const token = await shown.inputValue();
  const row = page.getByRole('row').filter({ hasText: 'Build server' });
  await expect(row).toContainText('Active');
  await expect(row).toContainText('All products');
  await page.reload();
  await expect(row).toContainText('Active');
  await expect(page.getByLabel('Token Build server')).toHaveCount(0);

  // A program has no cookies.
  const program = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  const ideas = `/api/v1/orgs/${org}/products/${product}/ideas`;
  const made = await program.post(ideas, { data: { title: 'Sent by a program' } });
  expect(made.status()).toBe(201);
  expect((await (await program.get(ideas)).json()).data[0].title).toBe('Sent by a program');
  expect((await program.get(`/api/v1/orgs/${org}/audit-log`)).status()).toBe(403);

  await open(`/orgs/${org}/tokens`);
  await page.getByRole('button', { name: 'Revoke Build server' }).click();
  await expect(row).toContainText('Revoked');
  await expect(page.getByRole('button', { name: 'Revoke Build server' })).toHaveCount(0);
  expect((await program.get(ideas)).status()).toBe(401);
  await program.dispose();
});

test('a token that is refused keeps what was typed', async ({ page, open, workspace, statuses }) => {
  statuses.push(422);
  await open(`/orgs/${workspace.org}/tokens`);
  await field(page, 'Name').fill('Build server');
  await field(page, 'Scope').selectOption({ label: 'Read, write and administer' });
  await page.getByRole('checkbox', { name: 'Rocket' }).check();
  await page.getByRole('button', { name: 'Make token' }).click();
  await expect(page.getByText('A token for some products cannot administer the organisation.')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Build server');
  await expect(page.getByRole('checkbox', { name: 'Rocket' })).toBeChecked();
  await field(page, 'Scope').selectOption({ label: 'Read' });
  await page.getByRole('button', { name: 'Make token' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Build server' })).toContainText('Rocket');
});

test('the API is described on a page of its own', async ({ page }) => {
  await page.goto('/api/docs');
  await expect(page.getByRole('heading', { name: 'REST API' })).toBeVisible();
  await page.getByRole('link', { name: 'Ideas', exact: true }).click();
  const route = page.getByRole('group').filter({ hasText: 'POST /api/v1/orgs/{org}/products/{key}/ideas Creates an idea' });
  await route.getByText('Creates an idea').first().click();
  await expect(route.getByText('"title": "Mobile App"').first()).toBeVisible();
  const specification = await page.request.get('/api/v1/openapi.json');
  expect((await specification.json()).openapi).toBe('3.1.0');
});

test('on a narrow screen the description of the API begins with what it says, its contents folded', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/api/docs');
  await expect(page.getByRole('heading', { name: 'REST API' })).toBeInViewport();
  await expect(page.getByText('Every request bears one')).toBeInViewport();
  const contents = page.getByRole('navigation', { name: 'Contents' });
  await expect(contents.getByRole('link', { name: 'Ideas', exact: true })).toHaveCount(0);
  await contents.getByText('Contents').click();
  await contents.getByRole('link', { name: 'Ideas', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Ideas', exact: true })).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
