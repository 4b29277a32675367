import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, expectRefused, field, test } from './fixtures';

type Got = { id: string; signedWith: string[]; signatures: string; event: { type: string; data: { changes: { after?: { title?: string } } } } };

/** An address of the receiver that nobody else uses. */
function receiver() {
  const { RECEIVER_URL } = process.env;
  if (!RECEIVER_URL) throw new Error('RECEIVER_URL is not set: start end2end/receiver.mjs, and the server with PRODMATIC_WEBHOOK_NETWORKS=127.0.0.1');
  const url = `${RECEIVER_URL}/hooks/${randomUUID()}`;
  const got = async (): Promise<Got[]> => (await fetch(url)).json();
  return {
    url,
    got,
    settle: (how: object) => fetch(url, { method: 'PUT', body: JSON.stringify(how) }),
    /** Waits for the last delivery of so many. */
    arrives: async (count: number) => {
      await expect.poll(async () => (await got()).length, { timeout: 15_000 }).toBe(count);
      return (await got())[count - 1];
    },
  };
}

type Open = (path: string) => Promise<unknown>;

/** Adds a webhook for ideas; gives its page and the secret that is shown once. */
async function addWebhook(page: Page, open: Open, org: string, url: string): Promise<{ path: string; secret: string }> {
  await open(`/orgs/${org}/webhooks/new`);
  await field(page, 'Name').fill('Build server');
  await field(page, 'Address').fill(url);
  await page.getByRole('checkbox', { name: 'Ideas' }).check();
  await page.getByRole('button', { name: 'Add webhook' }).click();
  const secret = await page.getByRole('textbox', { name: 'Signing secret' }).inputValue();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  return { path: new URL(page.url()).pathname, secret };
}

test('a change arrives, signed as the specification has it', async ({ page, open, workspace }) => {
  const hook = receiver();
  const { path, secret } = await addWebhook(page, open, workspace.org, hook.url);
  await hook.settle({ secrets: [secret] });
  await workspace.addIdea({ title: 'Heard of elsewhere' });
  const got = await hook.arrives(1);
  expect(got.event.type).toBe('idea.created');
  expect(got.event.data.changes.after?.title).toBe('Heard of elsewhere');
  expect(got.signedWith).toEqual([secret]);

  // The secret is not shown again.
  await open(path);
  await expect(page.getByRole('textbox', { name: 'Signing secret' })).toHaveCount(0);
  await expect(page.locator('body')).not.toContainText(secret);
  const deliveries = page.getByRole('region', { name: 'Deliveries', exact: true });
  await expect(deliveries.getByRole('row').filter({ hasText: 'idea.created' })).toContainText('Delivered');
  await deliveries.getByRole('link', { name: 'idea.created' }).click();
  await expect(page.getByRole('region', { name: 'Request headers' })).toContainText(got.signatures);
  await expect(page.getByRole('region', { name: 'Request body' })).toContainText('Heard of elsewhere');
  await expect(page.getByRole('region', { name: 'Response body' })).toContainText('{"status":200}');

  // Once more, under the same id.
  await page.getByRole('button', { name: 'Send again' }).click();
  expect((await hook.arrives(2)).id).toBe(got.id);
});

test('a new secret signs beside the old one', async ({ page, open, workspace }) => {
  const hook = receiver();
  const { path, secret } = await addWebhook(page, open, workspace.org, hook.url);
  await page.getByRole('button', { name: 'Change secret' }).click();
  const shown = page.getByRole('textbox', { name: 'Signing secret' });
  await expect(shown).not.toHaveValue(secret);
  const next = await shown.inputValue();
  await hook.settle({ secrets: [secret, next] });
  await page.getByRole('button', { name: 'Send test event' }).click();
  await expect(page.getByRole('heading', { name: 'webhook.test', level: 1 })).toBeVisible();
  expect((await hook.arrives(1)).signedWith).toEqual([secret, next]);
  await expect(page.getByText('Status 200')).toBeVisible();
  await open(path);
  await expect(page.getByText('For a day deliveries are signed with those before it, too.')).toBeVisible();
});

test('what fails is told, and sent again once the endpoint is in order', async ({ page, open, workspace }) => {
  const hook = receiver();
  await hook.settle({ status: 410 });
  const { path } = await addWebhook(page, open, workspace.org, hook.url);
  await workspace.addIdea({ title: 'Refused at first' });
  await hook.arrives(1);
  await expect(async () => {
    await open(path);
    await expect(page.getByText('The endpoint answered that it is gone (status 410).')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await open(`/orgs/${workspace.org}/webhooks`);
  await expect(page.getByRole('row').filter({ hasText: 'Build server' })).toContainText('Disabled');

  await hook.settle({ status: 200 });
  await open(path);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await expect(page.getByRole('button', { name: 'Switch off' })).toBeVisible();
  await page.getByRole('search', { name: 'Filter the deliveries' }).getByLabel('Status').selectOption({ label: 'Failed' });
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('region', { name: 'Deliveries', exact: true }).getByRole('row')).toHaveCount(2);
  await page.getByRole('button', { name: 'Send all failed again' }).click();
  await hook.arrives(2);
  await expect(async () => {
    await open(path);
    const row = page.getByRole('region', { name: 'Deliveries', exact: true }).getByRole('row').filter({ hasText: 'idea.created' });
    await expect(row).toContainText('Delivered', { timeout: 1_000 });
  }).toPass();
});

test('what is sent again to a webhook that is off says that it waits', async ({ page, open, workspace }) => {
  const hook = receiver();
  await hook.settle({ status: 410 });
  const { path } = await addWebhook(page, open, workspace.org, hook.url);
  await workspace.addIdea({ title: 'Refused at first' });
  await hook.arrives(1);
  await expect(async () => {
    await open(path);
    await expect(page.getByText('The endpoint answered that it is gone (status 410).')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('region', { name: 'Deliveries', exact: true }).getByRole('link', { name: 'idea.created' }).click();
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByRole('definition').filter({ hasText: 'Once the webhook is switched on' })).toBeVisible();

  await hook.settle({ status: 200 });
  await open(path);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await hook.arrives(2);
});

test.describe('what is filled in wrongly', () => {
  test.use({ statuses: [422] });

  test('is told beside the field', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/webhooks/new`);
    await field(page, 'Name').fill('Inside');
    await field(page, 'Address').fill('https://10.0.0.1/');
    await page.getByRole('checkbox', { name: 'OKRs' }).check();
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await expectRefused(field(page, 'Address'), /Use a name instead of a number/);
    await expect(page.getByRole('checkbox', { name: 'OKRs' })).toBeChecked();
    await field(page, 'Address').fill('https://user:word@example.com/');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await expectRefused(field(page, 'Address'), /Leave the name and the password out/);
    await field(page, 'Address').fill('https://example.com/hook');
    await page.getByRole('checkbox', { name: 'OKRs' }).uncheck();
    await field(page, 'Single events').fill('not an event');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await expectRefused(field(page, 'Single events'), /is no event/);
    await field(page, 'Single events').fill('foo.*');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await expectRefused(field(page, 'Single events'), /“foo\.\*” is no event\. .* idea\.\*, feature\.\*/);
    await field(page, 'Single events').fill('vote.moved');
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await expectRefused(field(page, 'Single events'), /There are vote\.\*, vote\.created, vote\.deleted, vote\.updated\./);
    await expect(field(page, 'Single events')).toHaveValue('vote.moved');
    await page.getByText('Names of all events').click();
    await expect(page.getByRole('definition').filter({ hasText: 'vote.created' })).toBeVisible();
  });
});

test('a webhook is changed and deleted', async ({ page, open, workspace }) => {
  const { path } = await addWebhook(page, open, workspace.org, receiver().url);
  await open(path);
  await field(page, 'Name').fill('Chat');
  await page.getByRole('checkbox', { name: 'Releases' }).check();
  await field(page, 'Single events').fill('product.created');
  await page.getByRole('button', { name: 'Save webhook' }).click();
  await expect(page.getByRole('heading', { name: 'Chat', level: 1 })).toBeVisible();
  await expect(page.getByText('idea.*, product.created, release.*')).toBeVisible();
  await page.getByText('Delete this webhook').click();
  await page.getByRole('button', { name: 'Delete webhook' }).click();
  await expect(page.getByRole('heading', { name: 'No webhooks yet' })).toBeVisible();
});
