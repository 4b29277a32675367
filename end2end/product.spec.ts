import { expect, expectRefused, field, test, unique } from './fixtures';

test('a product is created and changed', async ({ page, open, workspace }) => {
  const name = unique('Field Guide');
  const key = name.toLowerCase().replace(' ', '-');
  await open(`/orgs/${workspace.org}/products`);
  await page.getByRole('link', { name: 'New product' }).first().click();
  await field(page, 'Name').fill(name);
  await field(page, 'Description').fill('What grows where.');
  await field(page, 'Vision').fill('Nobody picks the wrong mushroom.');
  await page.getByRole('button', { name: 'Create product' }).click();
  await expect(page).toHaveURL(`/orgs/${workspace.org}/products/${key}`);
  await expect(page.getByRole('paragraph').filter({ hasText: 'Nobody picks the wrong mushroom.' })).toBeVisible();

  await page.getByRole('link', { name: 'Edit' }).click();
  await expect(field(page, 'Description')).toHaveValue('What grows where.');
  await field(page, 'Name').fill('Field Guide 2');
  await field(page, 'Key').fill(`${key}-2`);
  await page.getByRole('button', { name: 'Save product' }).click();
  await expect(page).toHaveURL(`/orgs/${workspace.org}/products/${key}-2`);
  await expect(page.getByRole('heading', { name: 'Field Guide 2', level: 1 })).toBeVisible();
  const navigation = page.getByRole('navigation', { name: 'Organisation' });
  await expect(navigation.getByRole('link', { name: 'Field Guide 2' })).toBeVisible();
});

test.describe('refusals', () => {
  test.use({ statuses: [422] });

  test('a key that is taken is a field error and the rest stays', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/products/new`);
    await field(page, 'Name').fill('Another Rocket');
    await field(page, 'Key').fill(workspace.product);
    await field(page, 'Description').fill('With a <second> stage');
    await field(page, 'Vision').fill('\nHigher');
    await page.getByRole('button', { name: 'Create product' }).click();
    await expectRefused(field(page, 'Key'), /taken/);
    await expect(field(page, 'Key')).toHaveValue(workspace.product);
    await expect(field(page, 'Name')).toHaveValue('Another Rocket');
    await expect(field(page, 'Description')).toHaveValue('With a <second> stage');
    await expect(field(page, 'Vision')).toHaveValue('\nHigher');
  });

  test('so is a key that is taken when a product is changed', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/settings`);
    await field(page, 'Name').fill('Rocket, renamed');
    await field(page, 'Key').fill('demo-product');
    await page.getByRole('button', { name: 'Save product' }).click();
    await expectRefused(field(page, 'Key'), /taken/);
    await expect(field(page, 'Key')).toHaveValue('demo-product');
    await expect(field(page, 'Name')).toHaveValue('Rocket, renamed');
  });

  test('a key of the wrong shape is a field error', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/settings`);
    await field(page, 'Key').fill('Not a key!');
    await page.getByRole('button', { name: 'Save product' }).click();
    await expectRefused(field(page, 'Key'), /lower-case letters/);
    await expect(field(page, 'Key')).toHaveValue('Not a key!');
  });
});

test('a deleted product can be restored', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Survives' });
  await open(`${workspace.home}/settings`);
  await page.getByRole('button', { name: 'Delete product' }).click();
  await expect(page).toHaveURL(`/orgs/${workspace.org}/products?show=deleted`);
  await expect(page.getByRole('heading', { name: 'Rocket' })).toBeVisible();
  const navigation = page.getByRole('navigation', { name: 'Organisation' });
  await expect(navigation.getByRole('link', { name: 'Rocket' })).toHaveCount(0);

  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();

  await page.getByRole('link', { name: 'Deleted' }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page).toHaveURL(workspace.home);
  await expect(navigation.getByRole('link', { name: 'Rocket' })).toBeVisible();
  await navigation.getByRole('link', { name: 'Ideas' }).click();
  await expect(page.getByRole('link', { name: 'Survives' })).toBeVisible();
});

test('the portfolio counts what each product holds', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products');
  const card = page.getByRole('main').getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Demo Product' }) });
  await expect(card.getByRole('term')).toHaveText(['Ideas', 'Features', 'Releases']);
  await expect(card.getByRole('definition')).toHaveText(['44', '11', '4']);
});
