import { endpoint, expect, field, post, signIn, test, unique, type Role } from './fixtures';
import type { APIRequestContext, Page } from '@playwright/test';

const DEMO = '/orgs/demo/products/demo-product';
const FORBIDDEN = 'Your role in this organisation does not allow that.';

async function openIdea(page: Page, open: (path: string) => Promise<unknown>, title: string) {
  await open(`${DEMO}/ideas`);
  await page.getByRole('row').getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
}

const absent = async (page: Page, names: string[]) => {
  for (const name of names) {
    await expect(page.getByRole('link', { name, exact: true })).toHaveCount(0);
    await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0);
  }
};

test('a stakeholder is offered nothing that they may not do', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products');
  await expect(page.getByRole('heading', { name: 'Portfolio' })).toBeVisible();
  await absent(page, ['New product', 'Deleted', 'Settings']);
  await open(DEMO);
  await expect(page.getByRole('heading', { name: 'Demo Product' })).toBeVisible();
  await absent(page, ['Edit', 'New idea', 'Discovery', 'Settings']);
  await open(`${DEMO}/ideas`);
  await expect(page.getByRole('heading', { name: 'Ideas' })).toBeVisible();
  await absent(page, ['New idea', 'Deleted', 'Restore']);
  await openIdea(page, open, 'Mobile App');
  await absent(page, ['Edit', 'Delete', 'Start development', 'Reject', 'Save scores']);
  await expect(page.getByRole('spinbutton')).toHaveCount(0);
  await expect(page.getByLabel('RICE score')).toHaveText('787.5');
});

test('a developer adds and changes ideas of their own, and scores none', async ({ page, open, signedInAs }) => {
  const title = unique('Faster builds');
  await signedInAs('dev');
  await open('/orgs/demo/products/insights/ideas/new');
  await field(page, 'Title').fill(title);
  await page.getByRole('button', { name: 'Add idea' }).click();
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  await absent(page, ['Review', 'Reject', 'Save scores']);
  await page.getByRole('link', { name: 'Edit' }).click();
  await field(page, 'Title').fill(`${title} again`);
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(page.getByRole('heading', { name: `${title} again`, level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('The idea is deleted.')).toBeVisible();

  await openIdea(page, open, 'Mobile App');
  await absent(page, ['Edit', 'Delete', 'Start development', 'Reject', 'Save scores']);
  await open(DEMO);
  await absent(page, ['Discovery', 'Settings', 'Edit']);
});

test.describe('the server refuses', () => {
  test.use({ statuses: [403] });

  const pages: [Role, string][] = [
    ['stakeholder', `${DEMO}/ideas/new`],
    ['stakeholder', `${DEMO}/settings`],
    ['stakeholder', '/orgs/demo/products/new'],
    ['dev', '/orgs/demo/products/new'],
    ['dev', `${DEMO}/settings`],
    ['designer', '/orgs/demo/settings'],
    ['pm', '/orgs/demo/settings'],
  ];
  for (const [role, path] of pages) {
    test(`${path} to ${role}`, async ({ page, open, signedInAs }) => {
      await signedInAs(role);
      expect((await open(path))?.status()).toBe(403);
      await expect(page.getByRole('alert')).toContainText(FORBIDDEN);
      await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);
    });
  }

  test('what is sent past the pages', async ({ page, playwright, baseURL }) => {
    const as = async (role: Role) => {
      const request = await playwright.request.newContext({ baseURL });
      await signIn(request, `${role}@demo.test`);
      return request;
    };
    const refuses = async (by: APIRequestContext, action: string, fields: Record<string, string>) => {
      expect((await post(by, action, fields, DEMO)).status(), action).toBe(403);
      const asked = await by.post(action, { form: fields, headers: { origin: baseURL! } });
      expect(asked.status(), action).toBe(403);
      expect(await asked.json()).toEqual({ code: 'FORBIDDEN' });
    };
    const [admin, pm, dev, stakeholder] = await Promise.all((['admin', 'pm', 'dev', 'stakeholder'] as const).map(as));
    const list = await (await admin.get(`${DEMO}/ideas`)).text();
    // The administrator's idea: a developer may well delete one of their own.
    const idea = list.match(new RegExp(`${DEMO}/ideas/(c[a-z0-9]+)"[^>]*>Mobile App<`))![1];
    const action = (from: string, name: string) => endpoint(admin, from, name);

    const text = { org: 'demo', product: 'demo-product', 'form[title]': 'Sneaked in', 'form[description]': '', 'form[tags]': '' };
    await refuses(stakeholder, await action(`${DEMO}/ideas/new`, 'create_idea'), text);
    const scores = { org: 'demo', product: 'demo-product', id: idea, 'form[priority]': '1', 'form[reach]': '1', 'form[impact]': '1', 'form[confidence]': '1', 'form[effort]': '1' };
    await refuses(dev, await action(`${DEMO}/ideas/${idea}`, 'score_idea'), scores);
    const one = { org: 'demo', product: 'demo-product', id: idea };
    for (const by of [dev, stakeholder]) {
      await refuses(by, await action(`${DEMO}/ideas/${idea}`, 'delete_idea'), one);
      await refuses(by, await action(`${DEMO}/ideas/${idea}/edit`, 'update_idea'), { ...text, id: idea });
      await refuses(by, await action(DEMO, 'move_product'), { org: 'demo', key: 'demo-product', stage: 'SUNSET' });
      await refuses(by, await action(`${DEMO}/settings`, 'delete_product'), { org: 'demo', key: 'demo-product' });
      await refuses(by, await action('/orgs/demo/products/new', 'create_product'), { org: 'demo', 'form[name]': 'Sneaked in' });
    }
    await refuses(pm, await action('/orgs/demo/settings', 'update_org'), { org: 'demo', 'form[name]': 'Mine', 'form[slug]': 'demo' });
    for (const request of [admin, pm, dev, stakeholder]) await request.dispose();

    await signIn(page.request, 'admin@demo.test');
    await page.goto(`${DEMO}/ideas/${idea}`);
    await expect(page.getByRole('button', { name: 'Delete' })).toBeVisible();
  });
});
