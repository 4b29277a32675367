import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { expect, expectRefused, field, linkIn, mailTo, PASSWORD, signIn, signUp, test, unique } from './fixtures';

const OTHER = 'five unrelated words here';

const card = (page: Page, name: string) => page.getByRole('region', { name });

/** Fills in the sign-in page, in a browser that knows nothing yet. */
async function canSignIn(browser: Browser, baseURL: string, email: string, password: string) {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/signin');
  await field(page, 'E-mail address').fill(email);
  await field(page, 'Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const signedIn = !page.url().includes('sign');
  await context.close();
  return signedIn;
}

/** A picture whose pixels are chance, so that its file is as large as it looks. */
function png(width: number, height: number): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
    return n >>> 0;
  });
  const crc = (bytes: Buffer) => ~bytes.reduce((sum, byte) => (sum >>> 8) ^ table[(sum ^ byte) & 255], ~0) >>> 0;
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Array.from({ length: height }, () => Buffer.concat([Buffer.from([0]), randomBytes(width * 3)]));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}

test('a mail says the same as text and as a page, and loads nothing', async ({ page }) => {
  const email = await signUp(page.request, 'Ada <b>King</b>');
  const mail = await mailTo(email, /Confirm your e-mail address/);
  expect(mail.from).toContain('prodmatic@example.test');
  expect(mail.to).toEqual([email]);
  expect(mail.contentType).toContain('multipart/alternative');
  expect(mail.text).toContain('Hello Ada <b>King</b>,');
  expect(mail.html).toContain('Hello Ada &lt;b&gt;King&lt;/b&gt;,');
  expect(mail.html).toContain(linkIn(mail, 'verify'));
  expect(mail.html).not.toMatch(/<img|<script|url\(|<link/i);
});

test.describe('confirming an address', () => {
  test.use({ statuses: [410, 404] });

  test('takes the link, a press, and works once', async ({ page, open, baseURL }) => {
    const email = await signUp(page.request, 'Ada King');
    await open('/account');
    await expect(card(page, 'E-mail address not confirmed')).toContainText(email);
    const path = linkIn(await mailTo(email, /Confirm/), 'verify');
    // A program that scans mail follows the link too.
    expect((await page.request.get(path)).status()).toBe(200);
    await open('/account');
    await expect(card(page, 'E-mail address not confirmed')).toBeVisible();

    await open(path);
    await page.getByRole('button', { name: 'Confirm this address' }).click();
    await expect(page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
    await expect(page).toHaveURL(`${baseURL}/verified`);
    await open('/account');
    await expect(page.getByRole('heading', { name: 'Your account', level: 1 })).toBeVisible();
    await expect(card(page, 'E-mail address not confirmed')).toBeHidden();

    expect((await open(path))?.status()).toBe(410);
    await expect(page.getByRole('alert')).toContainText('used already');
    expect((await open('/verify/no-such-link'))?.status()).toBe(404);
    await expect(page.getByRole('alert')).toContainText('no such link');
  });

  test('can be asked for again', async ({ page, open }) => {
    const email = await signUp(page.request, 'Ada King');
    const first = linkIn(await mailTo(email, /Confirm/), 'verify');
    await open('/account');
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'on its way again' })).toBeVisible();
    await expect.poll(async () => linkIn(await mailTo(email, /Confirm/), 'verify')).not.toBe(first);
  });
});

test.describe('a forgotten password', () => {
  test.use({ statuses: [410, 422] });

  test('is set anew by a link that works once', async ({ page, open, browser, baseURL }) => {
    const email = await signUp(page.request, 'Ada King');
    await page.context().clearCookies();
    await open('/signin');
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await field(page, 'E-mail address').fill(email.toUpperCase());
    await page.getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'If there is an account' })).toBeVisible();

    const path = linkIn(await mailTo(email, /Set a new password/), 'reset');
    await open(path);
    await field(page, 'New password').fill('short');
    await page.getByRole('button', { name: 'Set password' }).click();
    await expectRefused(field(page, 'New password'), /at least 10 characters/i);
    await field(page, 'New password').fill(OTHER);
    await page.getByRole('button', { name: 'Set password' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Your new password is set' })).toBeVisible();

    await mailTo(email, /Your password was changed/);
    expect(await canSignIn(browser, baseURL!, email, PASSWORD)).toBe(false);
    expect(await canSignIn(browser, baseURL!, email, OTHER)).toBe(true);
    expect((await open(path))?.status()).toBe(410);
    await expect(page.getByRole('link', { name: 'Ask for a new link' })).toBeVisible();
    await expect(page.getByText('signed out everywhere else')).toHaveCount(0);
  });

  test('of an unknown address is answered alike', async ({ page, open }) => {
    await open('/forgot');
    await field(page, 'E-mail address').fill(`${unique('nobody')}@example.test`);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'If there is an account' })).toBeVisible();
  });
});

test.describe('on the security page', () => {
  test.use({ statuses: [422] });

  test('the password changes and other sessions end', async ({ page, open, browser, baseURL }) => {
    const email = await signUp(page.request, 'Ada King');
    const elsewhere = await browser.newContext({ baseURL });
    await signIn(elsewhere.request, email);
    await open('/account/security');
    const change = card(page, 'Change your password');
    await change.getByLabel('New password').fill('short');
    await change.getByRole('button', { name: 'Change password' }).click();
    await expectRefused(change.getByLabel('Current password'), /Enter your current password/);
    await expectRefused(change.getByLabel('New password'), /at least 10 characters/i);
    await change.getByLabel('Current password').fill(PASSWORD);
    await change.getByLabel('New password').fill(PASSWORD);
    await change.getByRole('button', { name: 'Change password' }).click();
    await expectRefused(change.getByLabel('New password'), /is your current password/);
    await change.getByLabel('Current password').fill('not my password');
    await change.getByLabel('New password').fill(OTHER);
    await change.getByRole('button', { name: 'Change password' }).click();
    await expectRefused(change.getByLabel('Current password'), /not your current password/);
    expect(await page.content()).not.toContain(OTHER);
    await change.getByLabel('Current password').fill(PASSWORD);
    await change.getByLabel('New password').fill(OTHER);
    await change.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Your password is changed.' })).toBeVisible();
    expect((await elsewhere.request.get('/account', { maxRedirects: 0, headers: { accept: 'text/html' } })).status()).toBe(302);
    await elsewhere.close();
    await open('/account/security');
    await expect(page.getByRole('table', { name: 'Where you are signed in' }).getByRole('row', { name: /This session/ })).toHaveCount(1);
    expect(await canSignIn(browser, baseURL!, email, OTHER)).toBe(true);
  });

  test('the e-mail address changes once the new one answers', async ({ page, open, browser, baseURL }) => {
    const email = await signUp(page.request, 'Ada King');
    const next = `${unique('next')}@example.test`;
    await open('/account/security');
    const change = card(page, 'Change your e-mail address');
    await change.getByLabel('New e-mail address').fill('dev@demo.test');
    await change.getByLabel('Current password').fill(PASSWORD);
    await change.getByRole('button', { name: 'Change e-mail address' }).click();
    await expectRefused(change.getByLabel('New e-mail address'), /already/);
    await change.getByLabel('New e-mail address').fill(next);
    await change.getByLabel('Current password').fill(PASSWORD);
    await change.getByRole('button', { name: 'Change e-mail address' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'a link to the new address' })).toBeVisible();
    expect((await mailTo(email, /about to change/)).text).toContain(next);

    const underWay = page.getByRole('group', { name: 'Change of e-mail address under way' });
    await expect(underWay).toContainText(next);
    await underWay.getByRole('button', { name: 'Cancel the change' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'stays as it is' })).toBeVisible();
    await expect(underWay).toHaveCount(0);
    const dead = linkIn(await mailTo(next, /Confirm your new/), 'verify');
    expect((await page.request.get(dead)).status()).toBe(410);
    await change.getByLabel('New e-mail address').fill(next);
    await change.getByLabel('Current password').fill(PASSWORD);
    await change.getByRole('button', { name: 'Change e-mail address' }).click();
    await expect(underWay).toContainText(next);
    await expect.poll(async () => linkIn(await mailTo(next, /Confirm your new/), 'verify')).not.toBe(dead);

    await open(linkIn(await mailTo(next, /Confirm your new/), 'verify'));
    await page.getByRole('button', { name: 'Confirm this address' }).click();
    await expect(page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
    await open('/account/security');
    await expect(change).toContainText(next);
    expect(await canSignIn(browser, baseURL!, next, PASSWORD)).toBe(true);
    expect(await canSignIn(browser, baseURL!, email, PASSWORD)).toBe(false);
  });

  test('sessions are told apart and ended one by one or all at once', async ({ page, open, browser, baseURL }) => {
    const email = await signUp(page.request, 'Ada King');
    const agents = ['Mozilla/5.0 (iPhone) Version/18.1 Safari/604.1', 'Mozilla/5.0 (Windows NT 10.0) Firefox/135.0', 'curl/8'];
    const others = await Promise.all(agents.map((userAgent) => browser.newContext({ baseURL, userAgent })));
    for (const other of others) await signIn(other.request, email);
    const signedIn = () =>
      Promise.all(others.map(async ({ request }) => (await request.get('/account', { maxRedirects: 0, headers: { accept: 'text/html' } })).status() === 200));

    await open('/account/security');
    const sessions = page.getByRole('table', { name: 'Where you are signed in' });
    await expect(sessions.getByRole('row')).toHaveCount(5);
    await expect(sessions.getByRole('row', { name: /This session/ })).toHaveCount(1);
    await sessions.getByRole('row', { name: /Firefox on Windows/ }).getByRole('button', { name: 'End' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'The session is ended.' })).toBeVisible();
    await expect(sessions.getByRole('row', { name: /Firefox on Windows/ })).toHaveCount(0);
    await expect(sessions.getByRole('row', { name: /Safari on iPhone/ })).toBeVisible();
    expect(await signedIn()).toEqual([true, false, true]);

    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'All other sessions are ended.' })).toBeVisible();
    await expect(sessions.getByRole('row')).toHaveCount(2);
    expect(await signedIn()).toEqual([false, false, false]);
    await Promise.all(others.map((other) => other.close()));
  });
});

test('the profile is reached by the name, changed and kept', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await page.getByRole('link', { name: 'Your account' }).click();
  await expect(page.getByRole('heading', { name: 'Your account', level: 1 })).toBeVisible();
  await field(page, 'Your name').fill('Ada "King" Lovelace');
  await field(page, 'Title').fill('Analyst');
  await field(page, 'About you').fill('First line\n</textarea><b>second</b>');
  await field(page, 'Time zone').selectOption('Europe/London');
  await page.getByRole('button', { name: 'Save profile' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Your profile is saved.' })).toBeVisible();
  await open('/account');
  await expect(field(page, 'Title')).toHaveValue('Analyst');
  await expect(field(page, 'About you')).toHaveValue('First line\n</textarea><b>second</b>');
  await expect(field(page, 'Time zone')).toHaveValue('Europe/London');
  await open(workspace.home);
  await expect(page.getByRole('link', { name: 'Ada "King" Lovelace' })).toBeVisible();
});

test.describe('a picture', () => {
  test.use({ statuses: [422] });
  const upload = async (page: Page, name: string, buffer: Buffer) => {
    await field(page, 'Picture file').setInputFiles({ name, mimeType: 'image/png', buffer });
    await page.getByRole('button', { name: 'Upload picture' }).click();
  };

  test('leaves what is typed beside it, with scripts', async ({ page, open, workspace, javaScriptEnabled }) => {
    expect(workspace.email).toBeTruthy();
    test.skip(!javaScriptEnabled, 'a browser by itself loads the page anew');
    await open('/account');
    await field(page, 'About you').fill('Half a sentence');
    await field(page, 'Your name').fill('Not saved yet');
    await upload(page, 'me.png', Buffer.from('no picture'));
    await expectRefused(field(page, 'Picture file'), /cannot be read/);
    await expect(field(page, 'Picture file')).toBeFocused();
    await upload(page, 'me.png', png(300, 120));
    await expect(page.getByRole('status').filter({ hasText: 'Your picture is saved.' })).toBeVisible();
    await expect(page.locator('main img[src^="/images/"]')).toBeVisible();
    await expect(field(page, 'About you')).toHaveValue('Half a sentence');
    await expect(field(page, 'Your name')).toHaveValue('Not saved yet');
  });

  test('is cut to a square, shown in the frame and removed again', async ({ page, open, workspace }) => {
    await open('/account');
    await upload(page, 'me.png', png(300, 120));
    await expect(page.getByRole('status').filter({ hasText: 'Your picture is saved.' })).toBeVisible();
    const picture = page.locator('img[src^="/images/"]');
    await expect(picture).toBeVisible();
    const answer = await page.request.get((await picture.getAttribute('src'))!);
    expect(answer.headers()).toMatchObject({ 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' });
    expect(answer.headers()['cache-control']).toContain('immutable');
    await open(workspace.home);
    await expect(picture).toBeVisible();
    expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([256, 256]);
    await open('/account');
    await page.getByRole('button', { name: 'Remove picture' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Your picture is removed.' })).toBeVisible();
    await expect(picture).toHaveCount(0);
  });

  test('that is none, or too large, is told beside the field', async ({ page, open, workspace }) => {
    expect(workspace.org).toBeTruthy();
    await open('/account');
    await upload(page, 'page.png', Buffer.from('<script>alert(1)</script>'));
    await expectRefused(field(page, 'Picture file'), /cannot be read/);
    const large = png(1000, 700);
    expect(large.length).toBeGreaterThan(2_000_000);
    await upload(page, 'large.png', large);
    await expectRefused(field(page, 'Picture file'), /larger than 1 MB/);
    await field(page, 'Picture file').setInputFiles([]);
    await page.getByRole('button', { name: 'Upload picture' }).click();
    await expectRefused(field(page, 'Picture file'), /choose a file/);
  });
});

test.describe('deleting the account', () => {
  test.use({ statuses: [422] });

  test('takes the password and leaves what was made', async ({ page, open, browser, baseURL, workspace }) => {
    await open('/account/delete');
    await field(page, 'Current password').fill('not my password');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await expectRefused(field(page, 'Current password'), /not your current password/);
    await field(page, 'Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await expect(page.getByRole('heading', { name: 'Your account is deleted' })).toBeVisible();
    expect(await canSignIn(browser, baseURL!, workspace.email, PASSWORD)).toBe(false);
    await open('/account');
    await expect(page).toHaveURL(/\/signin\?next=%2Faccount/);
  });

  test('waits while somebody is needed', async ({ page, open, signedInAs }) => {
    await signedInAs('admin');
    await open('/account/delete');
    await expect(card(page, 'You are still needed')).toContainText('Demo Company');
    await expect(page.getByRole('button', { name: 'Delete my account' })).toHaveCount(0);
  });
});

test('signed out, the pages lead to signing in', async ({ page, open }) => {
  for (const path of ['/account', '/account/security', '/account/delete']) {
    await open(path);
    await expect(page).toHaveURL(`/signin?next=${encodeURIComponent(path)}`);
  }
});
