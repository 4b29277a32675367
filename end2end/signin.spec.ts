import { expect, expectRefused, field, PASSWORD, signUp, test, unique } from './fixtures';

test.use({ statuses: [422] });

const WRONG = /do not belong together/;

test('a wrong password is told beside the field and the address stays', async ({ page, open, workspace }) => {
  await page.context().clearCookies();
  await open('/signin');
  await field(page, 'E-mail address').fill(workspace.email);
  await field(page, 'Password').fill('not my password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectRefused(field(page, 'Password'), WRONG);
  await expect(field(page, 'E-mail address')).toHaveValue(workspace.email);
});

test('an unknown address is told the same', async ({ page, open }) => {
  await open('/signin');
  await field(page, 'E-mail address').fill(`${unique('nobody')}@example.test`);
  await field(page, 'Password').fill('not my password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expectRefused(field(page, 'Password'), WRONG);
});

test('a signed-out visit leads to signing in and on to the page', async ({ page, open }) => {
  const target = '/orgs/demo/products/demo-product/ideas?sort=ice&status=APPROVED';
  await open(target);
  await expect(page).toHaveURL(/\/signin\?next=/);
  await field(page, 'E-mail address').fill('dev@demo.test');
  await field(page, 'Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(target);
  await expect(page.getByRole('heading', { name: 'Ideas', level: 1 })).toBeVisible();
});

for (const elsewhere of ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/.//evil.example/', '/..//evil.example/']) {
  test(`signing in does not lead to ${elsewhere}`, async ({ page, open, baseURL }) => {
    await open(`/signin?next=${encodeURIComponent(elsewhere)}`);
    await field(page, 'E-mail address').fill('designer@demo.test');
    await field(page, 'Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL(`${baseURL}/orgs/demo/products`);
  });
}

test.describe('signing up', () => {
  test('with a known address is a field error and keeps what was typed, less the password', async ({ page, open }) => {
    const email = await signUp(page.request, 'First');
    await page.context().clearCookies();
    await open('/signup');
    await field(page, 'Your name').fill('Second <Person>');
    await field(page, 'E-mail address').fill(email.toUpperCase());
    await field(page, 'Password').fill('four unrelated words');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expectRefused(field(page, 'E-mail address'), /already/i);
    await expect(field(page, 'E-mail address')).toHaveValue(email.toUpperCase());
    await expect(field(page, 'Your name')).toHaveValue('Second <Person>');
    expect(await page.content()).not.toContain('four unrelated words');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(field(page, 'E-mail address')).toHaveValue(email.toUpperCase());
  });

  for (const [password, message] of [
    ['short', /at least 10 characters/i],
    ['password123', /attackers try first/],
    ['qwertyuiop', /attackers try first/],
    ['aaaaaaaaaaaa', /attackers try first/],
  ] as const) {
    test(`with the password ${password} is refused`, async ({ page, open }) => {
      const email = `${unique('weak')}@example.test`;
      await open('/signup');
      await field(page, 'Your name').fill('Weak Password');
      await field(page, 'E-mail address').fill(email);
      await field(page, 'Password').fill(password);
      await page.getByRole('button', { name: 'Create account' }).click();
      await expectRefused(field(page, 'Password'), message);
      await expect(field(page, 'E-mail address')).toHaveValue(email);
    });
  }

  test('with nothing filled in is told of every field at once', async ({ page, open }) => {
    await open('/signup');
    await page.getByRole('button', { name: 'Create account' }).click();
    for (const label of ['Your name', 'E-mail address', 'Password']) await expectRefused(field(page, label), /./);
    await expect(page.getByRole('alert')).toHaveText('Some fields need your attention.');
  });
});
