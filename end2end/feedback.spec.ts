import { expect, field, test } from './fixtures';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const pressed = (page: Page, group: string, name: string) => page.getByRole('group', { name: group }).getByRole('button', { name, exact: true });
const items = (page: Page) => page.getByRole('list', { name: 'Items' }).getByRole('link');

test('feedback is sent, sorted and found again', async ({ page, open, workspace }) => {
  await workspace.addFeedback({ title: 'It crashes', kind: 'BUG_REPORT', source: 'survey' });
  await open(`${workspace.home}/feedback`);
  await page.getByRole('link', { name: 'New feedback' }).first().click();
  await field(page, 'Title').fill('Dark & <b>quiet</b>');
  await field(page, 'Description').fill('At night\nit glares');
  await field(page, 'Source').fill('support');
  await field(page, 'Their e-mail address').fill('Ada@Customer.example');
  await page.getByRole('button', { name: 'Send feedback' }).click();
  await expect(page.getByRole('heading', { name: 'Dark & <b>quiet</b>', level: 1 })).toBeVisible();
  await expect(page.getByText('Thank you.')).toBeVisible();
  await expect(region(page, 'Description')).toHaveText('At night\nit glares');
  await expect(region(page, 'Details')).toContainText('ada@customer.example');
  await expect(region(page, 'Details')).toContainText('Feature request');

  for (const [group, name] of [['Status', 'Planned'], ['Priority', 'High'], ['Type', 'Complaint']]) {
    await pressed(page, group, name).click();
    await expect(pressed(page, group, name)).toHaveAttribute('aria-pressed', 'true');
    await expect(region(page, 'Details')).toContainText(name);
  }

  await open(`${workspace.home}/feedback`);
  await expect(items(page)).toHaveCount(2);
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'Planned' }).click();
  await expect(items(page)).toHaveCount(1);
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'All' }).click();
  await expect(items(page)).toHaveCount(2);
  await page.getByLabel('Type', { exact: true }).selectOption('Bug report');
  await page.getByLabel('Source', { exact: true }).fill('survey');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/type=BUG_REPORT.*source=survey/);
  await expect(items(page)).toHaveCount(1);
  await expect(items(page)).toContainText('It crashes');
  await page.getByRole('link', { name: 'Clear' }).click();
  await expect(items(page)).toHaveCount(2);
});

test('many items of feedback ask for one idea', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Dark mode' });
  await workspace.addIdea({ title: 'Something else' });
  for (const title of ['Too bright', 'My eyes']) {
    await open(await workspace.addFeedback({ title, source: 'support', email: `${title.split(' ')[1]}@customer.example` }));
    const panel = region(page, 'Idea');
    await expect(panel).toContainText('Not linked to an idea yet.');
    await page.getByLabel('Idea\'s title').fill('dark');
    await page.getByLabel('Idea\'s title').press('Enter');
    await expect(panel.getByRole('button', { name: /^Link to/ })).toHaveCount(1);
    await panel.getByRole('button', { name: 'Link to Dark mode' }).click();
    await expect(panel.getByRole('link', { name: 'Dark mode' })).toBeVisible();
    await expect(region(page, 'Details')).toContainText('Under review');
  }
  await open(idea);
  const asked = region(page, 'Who asked');
  await expect(asked).toContainText('2 items of feedback');
  await expect(asked.getByRole('list').getByRole('link')).toHaveText(['My eyes', 'Too bright']);
  await expect(asked).toContainText('bright@customer.example');
  await open(`${workspace.home}/ideas`);
  await expect(page.getByRole('row', { name: /Dark mode/ })).toContainText('2 asked');
  await expect(page.getByRole('row', { name: /Something else/ })).not.toContainText('asked');

  await open(idea);
  await asked.getByRole('link', { name: 'My eyes' }).click();
  await region(page, 'Idea').getByRole('button', { name: 'Unlink' }).click();
  await expect(region(page, 'Idea')).toContainText('Not linked to an idea yet.');
  await open(idea);
  await expect(asked).toContainText('1 item of feedback');
});

test('an idea is made of feedback', async ({ page, open, workspace }) => {
  await open(await workspace.addFeedback({ title: 'Undo, please', description: 'Right where I clicked' }));
  await page.getByRole('button', { name: 'New idea from this' }).click();
  await region(page, 'Idea').getByRole('link', { name: 'Undo, please' }).click();
  await expect(page).toHaveURL(/\/ideas\//);
  await expect(page.getByRole('heading', { name: 'Undo, please', level: 1 })).toBeVisible();
  await expect(region(page, 'Description')).toHaveText('Right where I clicked');
  await expect(region(page, 'Who asked')).toContainText('1 item of feedback');
});

test('deleted feedback can be had back at once or later', async ({ page, open, workspace }) => {
  const item = await workspace.addFeedback({ title: 'Second thoughts' });
  await open(item);
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(new RegExp(`${workspace.home}/feedback\\?deleted=`));
  await expect(items(page)).toHaveCount(0);
  await page.getByRole('status').filter({ hasText: 'The feedback is deleted.' }).getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Second thoughts', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'Deleted' }).click();
  await items(page).filter({ hasText: 'Second thoughts' }).click();
  await expect(page.getByText('This feedback is deleted.')).toBeVisible();
  await expect(region(page, 'Triage')).toHaveCount(0);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(region(page, 'Triage')).toBeVisible();
});

test.describe('a refused form', () => {
  test.use({ statuses: [422] });

  test('says what is wrong and keeps what was typed', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/feedback/new`);
    await field(page, 'Description').fill('An hour of thought');
    await field(page, 'Type').selectOption('Complaint');
    await field(page, 'Their e-mail address').fill('nobody');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    await expect(page.getByText('Enter a title.')).toBeVisible();
    await expect(page.getByText('Enter an e-mail address')).toBeVisible();
    await expect(field(page, 'Description')).toHaveValue('An hour of thought');
    await expect(field(page, 'Type')).toHaveValue('COMPLAINT');
  });
});

test.describe('who may do what', () => {
  const DEMO = '/orgs/demo/products/demo-product/feedback';

  test('an address is shown to those who triage', async ({ page, open, signedInAs }) => {
    await signedInAs('pm');
    await open(`${DEMO}?source=sales`);
    await items(page).filter({ hasText: 'We cannot buy without SAML' }).click();
    await expect(region(page, 'Details')).toContainText('procurement@helvetia-rail.example');
    await expect(region(page, 'Triage')).toBeVisible();
  });

  for (const role of ['stakeholder', 'dev'] as const) {
    test(`and is not even sent to a ${role}`, async ({ page, open, signedInAs }) => {
      await signedInAs(role);
      const bodies: Promise<string>[] = [];
      page.on('response', (answer) => {
        if (/\/(feedback|ideas|api)/.test(answer.url()) && answer.ok()) bodies.push(answer.text().catch(() => ''));
      });
      await open(`${DEMO}?source=sales`);
      await items(page).filter({ hasText: 'We cannot buy without SAML' }).click();
      await expect(page.getByRole('heading', { name: 'We cannot buy without SAML', level: 1 })).toBeVisible();
      await expect(region(page, 'Details')).toContainText('sales');
      await expect(region(page, 'Triage')).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Delete' })).toHaveCount(0);
      await expect(page.getByRole('search', { name: 'Find an idea' })).toHaveCount(0);
      await region(page, 'Idea').getByRole('link').click();
      await expect(region(page, 'Who asked')).toContainText('2 items of feedback');
      expect((await Promise.all(bodies)).join('')).not.toContain('helvetia-rail.example');
    });
  }

  test('everybody may send feedback', async ({ page, open, signedInAs }) => {
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/insights/feedback/new');
    await field(page, 'Title').fill('From the board room');
    await page.getByRole('button', { name: 'Send feedback' }).click();
    await expect(page.getByText('Thank you.')).toBeVisible();
  });
});
