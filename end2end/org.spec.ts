import { addOrganisation, expect, expectRefused, field, test, unique } from './fixtures';

test.describe('refusals', () => {
  test.use({ statuses: [422] });

  test('a slug that is taken is a field error and the rest stays', async ({ page, open, workspace }) => {
    await open('/orgs/new');
    await field(page, 'Name').fill('Acme Again');
    await field(page, 'Address').fill(workspace.org);
    await field(page, 'Description (optional)').fill('Two lines\nof text');
    await page.getByRole('button', { name: 'Create organisation' }).click();
    await expectRefused(field(page, 'Address'), /taken/);
    await expect(field(page, 'Address')).toHaveValue(workspace.org);
    await expect(field(page, 'Name')).toHaveValue('Acme Again');
    await expect(field(page, 'Description (optional)')).toHaveValue('Two lines\nof text');
  });

  test('so is a slug that is taken when the organisation is changed', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/settings`);
    await field(page, 'Name').fill('Acme, renamed');
    await field(page, 'Address').fill('demo');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expectRefused(field(page, 'Address'), /taken/);
    await expect(field(page, 'Address')).toHaveValue('demo');
    await expect(field(page, 'Name')).toHaveValue('Acme, renamed');
  });

  test('what is no colour is refused and stays to be mended', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/settings`);
    await field(page, 'Name').fill('Pale Labs');
    await field(page, 'Accent colour').fill('yellow');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expectRefused(field(page, 'Accent colour'), /Use a colour such as/);
    await expect(field(page, 'Accent colour')).toHaveValue('yellow');
    await expect(field(page, 'Name')).toHaveValue('Pale Labs');
  });
});

test('settings change the name and the accent', async ({ page, open, workspace }) => {
  const accent = () =>
    page.locator('html').evaluate((root) => getComputedStyle(root).getPropertyValue('--brand-fill-light').trim());
  await open(`/orgs/${workspace.org}/settings`);
  expect(await accent()).toBe('');
  await field(page, 'Name').fill('Blue Labs');
  await field(page, 'Accent colour').fill('#2563EB');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The settings are saved.' })).toBeVisible();
  await expect(page.getByLabel('Organisation Blue Labs, change')).toBeVisible();
  await expect.poll(accent).toBe('#2563eb');
  await open(`/orgs/${workspace.org}/settings`);
  await expect(field(page, 'Name')).toHaveValue('Blue Labs');
  await expect(field(page, 'Accent colour')).toHaveValue('#2563EB');
  expect(await accent()).toBe('#2563eb');
});

test.describe('what is not there', () => {
  test.use({ statuses: [404] });

  test('an organisation of others looks like one that does not exist', async ({ page, open, workspace }) => {
    const seen = async (path: string) => {
      const response = await open(path);
      expect(response?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
      return page.locator('body').ariaSnapshot();
    };
    expect(workspace.org).toBeTruthy();
    for (const tail of ['products', 'settings', 'products/demo-product', 'products/demo-product/ideas', 'products/new']) {
      expect(await seen(`/orgs/demo/${tail}`)).toBe(await seen(`/orgs/${unique('nowhere')}/${tail}`));
    }
  });

  test('an unknown address is a 404 page', async ({ page, open }) => {
    expect((await open('/no/such/page'))?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await expect(page.getByRole('heading', { name: 'From idea to measured outcome' })).toBeVisible();
  });
});

test('one can go from one organisation to another', async ({ page, open, workspace }) => {
  const other = await addOrganisation(page.request, 'Borealis');
  await open(workspace.home);
  await page.getByLabel('Organisation Acme Labs, change').click();
  await page.getByRole('link', { name: 'Borealis' }).click();
  await expect(page).toHaveURL(`/orgs/${other}/products`);
  await expect(page.getByLabel('Organisation Borealis, change')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();

  await page.getByLabel('Organisation Borealis, change').click();
  await page.getByRole('link', { name: 'New organisation' }).click();
  await expect(page.getByRole('heading', { name: 'Create an organisation' })).toBeVisible();
});
