import { randomUUID } from 'node:crypto';
import { expect, field, test } from './fixtures';

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
