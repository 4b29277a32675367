import { randomUUID } from 'node:crypto';
import { expect, field, hydrated, test } from './fixtures';
import { elsewhere } from './live';

test('the log keeps up with deliveries, and leaves alone what is being typed', async ({ page, open, workspace }) => {
  const { RECEIVER_URL } = process.env;
  if (!RECEIVER_URL) throw new Error('RECEIVER_URL is not set: start end2end/receiver.mjs, and the server with PRODMATIC_WEBHOOK_NETWORKS=127.0.0.1');
  await open(`/orgs/${workspace.org}/webhooks/new`);
  await field(page, 'Name').fill('Build server');
  await field(page, 'Address').fill(`${RECEIVER_URL}/hooks/${randomUUID()}`);
  await page.getByRole('checkbox', { name: 'Ideas' }).check();
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(page.getByText('Nothing was sent yet.')).toBeVisible();

  await field(page, 'Name').fill('Build server of');
  await workspace.addIdea({ title: 'Heard of elsewhere' });
  const row = page.getByRole('region', { name: 'Deliveries', exact: true }).getByRole('row').filter({ hasText: 'idea.created' });
  await expect(row).toContainText('Delivered', { timeout: 15_000 });
  await expect(page.getByRole('region', { name: 'Last two weeks' })).toContainText('100 %');
  await expect(field(page, 'Name')).toHaveValue('Build server of');
});

test.describe('what is done to a webhook elsewhere', () => {
  test.use({ statuses: [404, 409] });

  test('is followed by its page, and not written over', async ({ page, open, workspace, browser, baseURL }) => {
    const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
    await open(`/orgs/${workspace.org}/webhooks/new`);
    await field(page, 'Name').fill('Build server');
    await field(page, 'Address').fill('https://example.com/hook');
    await page.getByRole('checkbox', { name: 'Ideas' }).check();
    await page.getByRole('button', { name: 'Add webhook' }).click();
    await expect(heading('Build server')).toBeVisible();

    const other = await elsewhere(browser, page, baseURL);
    await other.goto(new URL(page.url()).pathname);
    await hydrated(other);
    const rename = async (name: string) => {
      await field(other, 'Name').fill(name);
      await other.getByRole('button', { name: 'Save webhook' }).click();
      await expect(other.getByRole('heading', { name, level: 1 })).toBeVisible();
    };
    await rename('Chat');
    await expect(heading('Chat')).toBeVisible();
    await expect(field(page, 'Name')).toHaveValue('Chat');

    await field(page, 'Name').fill('Chat of ours');
    await rename('Pager');
    await page.getByRole('button', { name: 'Save webhook' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'Somebody changed this while you were editing.' })).toContainText('Look at: Name.');
    await expect(field(page, 'Name')).toHaveValue('Chat of ours');
    await page.getByRole('button', { name: 'Use this instead: Name' }).click();
    await page.getByRole('button', { name: 'Save webhook' }).click();
    await expect(heading('Pager')).toBeVisible();

    await other.getByText('Delete this webhook').click();
    await other.getByRole('button', { name: 'Delete webhook' }).click();
    await expect(other.getByRole('heading', { name: 'No webhooks yet' })).toBeVisible();
    await expect(heading('Not found')).toBeVisible();
    await other.context().close();
  });
});
