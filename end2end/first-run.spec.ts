import { expect, field, PASSWORD, test, unique } from './fixtures';

test('from the landing page to a ranked idea, and back in', async ({ page, open }) => {
  const email = `${unique('ada')}@example.test`;
  const slug = unique('lovelace');
  const key = unique('engine');

  await open('/');
  await page.getByRole('link', { name: 'Create your account' }).click();
  await field(page, 'Your name').fill('Ada Lovelace');
  await field(page, 'E-mail address').fill(email);
  await field(page, 'Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();

  await expect(page.getByRole('heading', { name: 'Create an organisation' })).toBeVisible();
  await field(page, 'Name').fill('Lovelace & Co');
  await field(page, 'Address').fill(slug);
  await page.getByRole('button', { name: 'Create organisation' }).click();

  await expect(page).toHaveURL(`/orgs/${slug}/products`);
  await expect(page.getByRole('heading', { name: 'No products yet' })).toBeVisible();
  await page.getByRole('link', { name: 'New product' }).first().click();
  await field(page, 'Name').fill('Analytical Engine');
  await field(page, 'Key').fill(key);
  await page.getByRole('button', { name: 'Create product' }).click();

  await expect(page).toHaveURL(`/orgs/${slug}/products/${key}`);
  await page.getByRole('link', { name: 'New idea', exact: true }).click();
  await field(page, 'Title').fill('Punched cards');
  await field(page, 'Description').fill('Programs that can be kept in a drawer.');
  await page.getByRole('button', { name: 'Add idea' }).click();

  await expect(page.getByRole('heading', { name: 'Punched cards', level: 1 })).toBeVisible();
  for (const [label, value] of [['Reach', '100'], ['Impact', '9'], ['Confidence', '7'], ['Effort', '8'], ['Priority', '50']]) {
    await field(page, label).fill(value);
  }
  await page.getByRole('button', { name: 'Save scores' }).click();
  await expect(page.getByLabel('RICE score')).toHaveText('787.5');

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Ideas' }).click();
  const row = page.getByRole('row', { name: /Punched cards/ });
  await expect(row.getByRole('cell', { name: '787.5', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await field(page, 'E-mail address').fill(email);
  await field(page, 'Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`/orgs/${slug}/products`);
  await expect(page.getByRole('link', { name: 'Analytical Engine' }).first()).toBeVisible();
});
