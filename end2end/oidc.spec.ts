import { expect, field, hydrated, signIn, signUp, test, unique } from './fixtures';
import type { Page } from '@playwright/test';

// A refused unlinking.
test.use({ statuses: [422] });

type Open = (path: string) => Promise<unknown>;

const WAYS = '/account/security';
const alert = (page: Page) => page.getByRole('alert');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Gives the address to the provider that is shown, and presses one of its buttons. */
async function atProvider(page: Page, email: string, button: string) {
  await field(page, 'E-mail').fill(email);
  await press(page, button);
}

async function forget(page: Page) {
  await page.context().clearCookies();
}

async function expectSignedOut(page: Page, open: Open) {
  await open(WAYS);
  await expect(page).toHaveURL(/\/signin\?next=/);
}

async function settled(page: Page, javaScriptEnabled: boolean) {
  if (javaScriptEnabled) await hydrated(page);
}

test('somebody new signs in by a provider, and the same person the next time', async ({ page, open }) => {
  const email = `${unique('Olga')}@example.test`;
  await open('/signin');
  await press(page, 'Continue with Honest ID');
  await atProvider(page, email, 'Log in');
  await expect(page.getByRole('heading', { name: 'Create an organisation' })).toBeVisible();
  await open(WAYS);
  await expect(page.getByRole('listitem').filter({ hasText: 'Honest ID' })).toContainText('Linked');

  await press(page, 'Unlink Honest ID');
  await expect(alert(page)).toHaveText(/only way to sign in/);

  await forget(page);
  await open(`/signin?next=${encodeURIComponent(WAYS)}`);
  await press(page, 'Continue with Honest ID');
  await atProvider(page, email, 'Log in');
  await expect(page).toHaveURL(WAYS);
  await expect(page.getByRole('button', { name: 'Unlink Honest ID' })).toBeVisible();
});

test('an account with a password is not opened by its address, but by linking', async ({ page, open, javaScriptEnabled }) => {
  const email = await signUp(page.request, 'Petra Password');
  await forget(page);
  await open('/signin');
  await press(page, 'Continue with Honest ID');
  await atProvider(page, email.toUpperCase(), 'Log in');
  await expect(alert(page)).toHaveText(/Sign in with its password, then link/);
  await expectSignedOut(page, open);

  await forget(page);
  await signIn(page.request, email);
  await open(WAYS);
  await press(page, 'Link Honest ID');
  await atProvider(page, email.toUpperCase(), 'Log in');
  await expect(page.getByRole('status').filter({ hasText: 'The identity provider is linked.' })).toBeVisible();

  await forget(page);
  await open(`/signin?next=${encodeURIComponent(WAYS)}`);
  await press(page, 'Continue with Honest ID');
  await atProvider(page, email.toUpperCase(), 'Log in');
  await expect(page).toHaveURL(WAYS);
  await settled(page, javaScriptEnabled);
  await press(page, 'Unlink Honest ID');
  await expect(page.getByRole('button', { name: 'Link Honest ID', exact: true })).toBeVisible();
});

test('only a provider that knows the account by its own address is linked', async ({ page, open }) => {
  await signUp(page.request, 'Petra Password');
  await open(WAYS);
  await press(page, 'Link Honest ID');
  await atProvider(page, `${unique('other')}@example.test`, 'Log in');
  await expect(alert(page)).toHaveText(/another e-mail address/);
  await expect(page).toHaveURL(/\/account\/security\?problem=oidc-other-email$/);
  await expect(page.getByRole('listitem').filter({ hasText: 'Honest ID' })).toContainText('Not linked');
});

test('linking needs the person who began it', async ({ page, open }) => {
  const email = await signUp(page.request, 'Petra Password');
  await open(WAYS);
  await press(page, 'Link Lying ID');
  await field(page, 'E-mail').fill(email);
  // Somebody else signs in meanwhile, in the same browser.
  await signUp(page.request, 'Somebody Else');
  await press(page, 'truth');
  await expect(alert(page)).toHaveText(/Your session ended meanwhile/);
});

test('an address that the provider has not verified lets nobody in', async ({ page, open }) => {
  await open('/signin');
  await press(page, 'Continue with Honest ID');
  await atProvider(page, `unverified-${unique('una')}@example.test`, 'Log in');
  await expect(alert(page)).toHaveText(/has not verified your e-mail address/);
  await expectSignedOut(page, open);
});

test('a provider that is down is told, and the password still works', async ({ page, open }) => {
  await open('/signin?next=/orgs/demo/members');
  await press(page, 'Continue with Sleeping ID');
  await expect(alert(page)).toHaveText(/cannot be reached/);
  await expect(page).toHaveURL(/problem=oidc-unreachable&next=%2Forgs%2Fdemo%2Fmembers$/);
  await expect(field(page, 'Password')).toBeVisible();
});

test('coming back a second time is refused', async ({ page, open }) => {
  const returned = page.waitForRequest(/\/oidc\/callback\?/);
  await open('/signin');
  await press(page, 'Continue with Lying ID');
  await atProvider(page, `${unique('twice')}@example.test`, 'truth');
  await expect(page.getByRole('heading', { name: 'Create an organisation' })).toBeVisible();
  await open((await returned).url());
  await expect(alert(page)).toHaveText(/begun in another browser/);
});

test('the page says nothing that the address made up', async ({ page, open }) => {
  await open('/signin?problem=Call%20this%20number');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(alert(page)).toHaveCount(0);
  await expect(page.getByText('Call this number')).toHaveCount(0);
});

test.describe('a provider that lies', () => {
  const UNTRUSTED = /could not be trusted/;
  const lies: [string, RegExp][] = [
    ['wrong nonce', UNTRUSTED],
    ['no nonce', UNTRUSTED],
    ['wrong audience', UNTRUSTED],
    ['second audience', UNTRUSTED],
    ['wrong issuer', UNTRUSTED],
    ['expired token', UNTRUSTED],
    ['bad signature', UNTRUSTED],
    ['unknown key', UNTRUSTED],
    ['no signature', UNTRUSTED],
    ['shared secret', UNTRUSTED],
    ['no ID token', UNTRUSTED],
    ['nonsense', UNTRUSTED],
    ['redirect', UNTRUSTED],
    ['server error', UNTRUSTED],
    ['someone else in user info', UNTRUSTED],
    ['wrong issuer on return', UNTRUSTED],
    ['endless answer', /cannot be reached/],
    ['wrong state', /begun in another browser/],
    ['refusal', /did not let you through/],
    ['unverified e-mail', /has not verified/],
    ['no word on verification', /has not verified/],
    ['no e-mail', /did not tell us your e-mail address/],
  ];
  for (const [lie, message] of lies) {
    test(`with a ${lie} lets nobody in`, async ({ page, open }) => {
      await open('/signin');
      await press(page, 'Continue with Lying ID');
      await atProvider(page, `${unique('lied')}@example.test`, lie);
      await expect(alert(page)).toHaveText(message);
      await expect(page.getByText('Words of mine')).toHaveCount(0);
      await expectSignedOut(page, open);
    });
  }

  test('does not get into an existing account', async ({ page, open }) => {
    for (const [lie, message] of [['truth', /then link the identity provider/], ['unverified e-mail', /has not verified/]] as const) {
      await open('/signin');
      await press(page, 'Continue with Lying ID');
      await atProvider(page, 'admin@demo.test', lie);
      await expect(alert(page)).toHaveText(message);
      await expectSignedOut(page, open);
    }
  });

  test('is found out by its lies alone', async ({ page, open }) => {
    await open('/signin');
    await press(page, 'Continue with Lying ID');
    await atProvider(page, `${unique('honest')}@example.test`, 'truth');
    await expect(page.getByRole('heading', { name: 'Create an organisation' })).toBeVisible();
  });
});
