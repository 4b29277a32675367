import type { Browser, Page } from '@playwright/test';
import { expect, expectRefused, field, hydrated, linkIn, mailTo, PASSWORD, signIn, signUp, test, unique, type Workspace } from './fixtures';

/** A page of somebody else, in a browser of their own. */
async function elsewhere(browser: Browser, javaScriptEnabled: boolean | undefined, baseURL: string | undefined) {
  const context = await browser.newContext({ javaScriptEnabled, baseURL });
  const page = await context.newPage();
  const open = async (path: string) => {
    const response = await page.goto(path);
    if (javaScriptEnabled) await hydrated(page);
    return response;
  };
  return { page, open, close: () => context.close() };
}

type Open = (path: string) => Promise<unknown>;

/** Invites somebody, and gives the path of the link that is shown for passing on. */
async function invite(page: Page, open: Open, org: string, email: string, role = 'Developer'): Promise<string> {
  await open(`/orgs/${org}/members/invite`);
  await field(page, 'E-mail address').fill(email);
  await field(page, 'Role').selectOption({ label: role });
  await field(page, 'Message (optional)').fill('Come and join us <b>now</b>');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  const link = page.getByLabel(`New link for ${email}`);
  await expect(link).toHaveValue(/\/invitations\/[\w-]{43}$/);
  return new URL(await link.inputValue()).pathname;
}

const invitation = (page: Page, email: string) =>
  page.getByRole('table', { name: 'Invitations' }).getByRole('row').filter({ hasText: email });
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

test('somebody is invited, signs up, gets another role and leaves', async ({ page, open, workspace, browser, javaScriptEnabled, baseURL }) => {
  const email = `${unique('new')}@example.test`;
  const { org } = workspace as Workspace;
  const link = await invite(page, open, org, email);
  await expect(invitation(page, email)).toContainText('Pending');

  const theirs = await elsewhere(browser, javaScriptEnabled, baseURL);
  await theirs.open(link);
  await expect(theirs.page.getByText('Come and join us <b>now</b>')).toBeVisible();
  await expect(theirs.page.getByText('Acme Labs')).toBeVisible();
  await field(theirs.page, 'Your name').fill('Nova New');
  await field(theirs.page, 'Password').fill(PASSWORD);
  await theirs.page.getByRole('button', { name: 'Create account and accept' }).click();
  await expect(theirs.page).toHaveURL(`${baseURL}/orgs/${org}/products`);
  await theirs.open(`/orgs/${org}/members`);
  await expect(row(theirs.page, 'Toni Tester')).toContainText('Administrator');
  await expect(theirs.page.getByText(workspace.email)).toHaveCount(0);
  await expect(theirs.page.getByRole('link', { name: 'Invite people' })).toHaveCount(0);

  await open(`/orgs/${org}/members`);
  await expect(invitation(page, email)).toContainText('Accepted');
  await page.getByRole('link', { name: 'Change Nova New' }).click();
  await field(page, 'Role').selectOption({ label: 'Designer' });
  await page.getByRole('button', { name: 'Save member' }).click();
  await expect(page.getByText('The change is saved.')).toBeVisible();
  await expect(row(page, 'Nova New')).toContainText('Designer');

  await theirs.open(`/orgs/${org}/members`);
  await theirs.page.getByRole('link', { name: 'Leave this organisation' }).click();
  await theirs.page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(theirs.page.getByRole('heading', { name: 'Create an organisation' })).toBeVisible();
  await open(`/orgs/${org}/members`);
  await expect(page.getByRole('link', { name: 'Change Nova New' })).toHaveCount(0);
  await theirs.close();
});

test('an account that exists signs in and accepts; another is told so', async ({ page, open, workspace, browser, javaScriptEnabled, baseURL }) => {
  const theirs = await elsewhere(browser, javaScriptEnabled, baseURL);
  const email = await signUp(theirs.page.request, 'Known Person');
  const link = await invite(page, open, workspace.org, email, 'Stakeholder');
  await open(link);
  await expect(page.getByText(`This invitation is for ${email}. You are signed in as ${workspace.email}.`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Accept invitation' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign out and go on' }).click();
  // The link that the inviter is shown does not tell who has an account.
  await expect(page.getByRole('button', { name: 'Create account and accept' })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await expect(field(page, 'E-mail address')).toHaveValue(email);
  await signIn(page.request, workspace.email);

  await theirs.page.context().clearCookies();
  await theirs.open(linkIn(await mailTo(email, /invites you to join/), 'invitations'));
  await theirs.page.getByRole('link', { name: 'Sign in to accept' }).click();
  await expect(field(theirs.page, 'E-mail address')).toHaveValue(email);
  await field(theirs.page, 'Password').fill(PASSWORD);
  await theirs.page.getByRole('button', { name: 'Sign in' }).click();
  await theirs.page.getByRole('button', { name: 'Accept invitation' }).click();
  await expect(theirs.page).toHaveURL(`${baseURL}/orgs/${workspace.org}/products`);
  await theirs.close();

  await open(`/orgs/${workspace.org}/members`);
  await page.getByRole('link', { name: 'Change Known Person' }).click();
  await expect(page.getByRole('button', { name: 'Remove member' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Remove from the organisation' }).click();
  await page.getByRole('button', { name: 'Remove member' }).click();
  await expect(page.getByText('The member is removed.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Change Known Person' })).toHaveCount(0);
});

test('whoever signs up without the link finds the invitation once the address is confirmed', async ({ page, open, workspace, browser, javaScriptEnabled, baseURL }) => {
  const email = `${unique('waiting')}@example.test`;
  await invite(page, open, workspace.org, email);
  await expect(page.getByRole('link', { name: 'What each role may do' })).toHaveAttribute('href', `/orgs/${workspace.org}/settings/roles`);

  const theirs = await elsewhere(browser, javaScriptEnabled, baseURL);
  await theirs.open('/signup');
  await field(theirs.page, 'Your name').fill('Wanda Waiting');
  await field(theirs.page, 'E-mail address').fill(email);
  await field(theirs.page, 'Password').fill(PASSWORD);
  await theirs.page.getByRole('button', { name: 'Create account' }).click();
  await expect(theirs.page.getByRole('status').filter({ hasText: `We have sent a mail to ${email}` })).toBeVisible();
  await expect(theirs.page.getByRole('heading', { name: 'You are invited' })).toHaveCount(0);
  await expect(theirs.page.getByRole('link', { name: 'Your account' })).toHaveAttribute('href', '/account');

  await theirs.open(linkIn(await mailTo(email, /Confirm your e-mail address/), 'verify'));
  await theirs.page.getByRole('button', { name: 'Confirm this address' }).click();
  await theirs.page.getByRole('link', { name: 'Go on' }).click();
  await theirs.page.getByRole('button', { name: 'Accept the invitation to Acme Labs' }).click();
  await expect(theirs.page).toHaveURL(`${baseURL}/orgs/${workspace.org}/products`);
  await theirs.close();
});

test.describe('refusals', () => {
  test.use({ statuses: [404, 409, 410, 422] });

  test('links that are over or unknown say so', async ({ page, open, workspace }) => {
    const email = `${unique('new')}@example.test`;
    const old = await invite(page, open, workspace.org, email);
    await page.getByRole('button', { name: `Resend to ${email}` }).click();
    const shown = page.getByLabel(`New link for ${email}`);
    await expect.poll(async () => new URL(await shown.inputValue()).pathname).not.toBe(old);
    const link = new URL(await shown.inputValue()).pathname;
    expect((await open(old) as { status(): number }).status()).toBe(410);
    await expect(page.getByText(/A newer link has taken the place of this one/)).toBeVisible();
    expect((await open('/invitations/nothing') as { status(): number }).status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'Invitation not found' })).toBeVisible();

    await open(`/orgs/${workspace.org}/members/invite`);
    await field(page, 'E-mail address').fill(email.toUpperCase());
    await page.getByRole('button', { name: 'Send invitation' }).click();
    await expectRefused(field(page, 'E-mail address'), /pending invitation/);

    await open(`/orgs/${workspace.org}/members`);
    await page.getByLabel(`Copy link for ${email}`).click();
    await expect(page.getByLabel(`Link for ${email}`, { exact: true })).toHaveValue(new RegExp(`${link}$`));
    await page.getByRole('button', { name: `Revoke for ${email}` }).click();
    await expect(page.getByText('The invitation is revoked.')).toBeVisible();
    await expect(invitation(page, email)).toContainText('Revoked');
    expect((await open(link) as { status(): number }).status()).toBe(410);
    await expect(page.getByText('This invitation has been revoked.')).toBeVisible();
  });

  test('the last administrator stays', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/members`);
    await page.getByRole('link', { name: 'Change Toni Tester' }).click();
    await field(page, 'Role').selectOption({ label: 'Developer' });
    await page.getByRole('button', { name: 'Save member' }).click();
    await expect(page.getByRole('alert')).toHaveText(/needs an administrator/);
    await open(`/orgs/${workspace.org}/members`);
    await page.getByRole('link', { name: 'Leave this organisation' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect(page.getByRole('alert')).toHaveText(/needs an administrator/);
  });
});

test('a team is made, filled, deleted and restored', async ({ page, open, workspace }) => {
  const teams = `/orgs/${workspace.org}/teams`;
  await open(teams);
  await expect(page.getByRole('heading', { name: 'No teams yet' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'New team' }).first().click();
  await field(page, 'Name').fill('Mobile & Web');
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page).toHaveURL(new RegExp(`${teams}/mobile-web$`));
  await field(page, 'Add a member').selectOption({ label: `Toni Tester, ${workspace.email}` });
  await page.getByRole('button', { name: 'Add member' }).click();
  await expect(page.getByRole('button', { name: 'Remove Toni Tester' })).toBeVisible();
  await field(page, 'Add a product').selectOption({ label: 'Rocket' });
  await page.getByRole('button', { name: 'Add product' }).click();
  await expect(page.getByRole('button', { name: 'Remove Rocket' })).toBeVisible();

  await open(teams);
  const card = page.getByRole('listitem').filter({ hasText: 'Mobile & Web' });
  await expect(card).toContainText('Members1');
  await expect(card).toContainText('Products1');
  await open(`${teams}/mobile-web`);
  await page.getByRole('button', { name: 'Remove Rocket' }).click();
  await expect(page.getByText('This team has no products yet.')).toBeVisible();

  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('button', { name: 'Delete team' }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page).toHaveURL(new RegExp(`${teams}/mobile-web$`));
  await expect(page.getByRole('button', { name: 'Remove Toni Tester' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove Toni Tester' }).click();
  await expect(page.getByText('Nobody is in this team yet.')).toBeVisible();
});

test('everybody reads the teams and members, and changes none', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/teams');
  await page.getByRole('link', { name: 'Growth' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Priya Nair' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Remove|Add/ })).toHaveCount(0);
  await open('/orgs/demo/members');
  await expect(row(page, 'Dana Fischer')).toContainText('Designer');
  await expect(page.getByText('designer@demo.test')).toHaveCount(0);
  const filter = page.getByRole('search', { name: 'Filter the members' });
  await filter.getByLabel('Name or title').fill('dana');
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/members\?find=dana$/);
  await expect(page.getByRole('table', { name: 'Members' }).getByRole('rowheader')).toHaveText([/Dana Fischer/]);
  await filter.getByLabel('Name or title').fill('nobody has this');
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('heading', { name: 'Nobody matches' })).toBeVisible();
  await page.getByRole('link', { name: 'Show all members' }).click();
  await expect(row(page, 'Dana Fischer')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Invitations' })).toHaveCount(0);
});
