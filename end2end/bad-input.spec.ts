import { endpoint, expect, expectRefused, field, post, test } from './fixtures';

const ODD_TEXTS = [
  '🚀👩🏽‍🚀 naïve — “quotes” & ampersands',
  'שלום עולם, مرحبا بالعالم',
  '<script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE \"Idea\"; --",
];

for (const text of ODD_TEXTS) {
  test(`in an idea is shown as text: ${text}`, async ({ page, open, workspace }) => {
    const tag = text.replaceAll(',', '').slice(0, 40).trim();
    await open(`${workspace.home}/ideas/new`);
    await field(page, 'Title').fill(text);
    await field(page, 'Description').fill(`${text}\n${text}`);
    await field(page, 'Tags').fill(tag);
    await page.getByRole('button', { name: 'Add idea' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(text);
    await expect(page).toHaveTitle(`${text} · ProdMatic`);
    await expect(page.getByRole('region', { name: 'Description' })).toHaveText(`${text}\n${text}`);
    await expect(page.getByRole('region', { name: 'Details' }).getByRole('link')).toHaveText(tag);

    await page.getByRole('link', { name: 'Edit' }).click();
    await expect(field(page, 'Title')).toHaveValue(text);
    await expect(field(page, 'Description')).toHaveValue(`${text}\n${text}`);

    await open(`${workspace.home}/ideas`);
    await page.getByRole('row').getByRole('link', { name: tag, exact: true }).last().click();
    await expect(page.getByRole('search').getByRole('textbox', { name: 'Tag' })).toHaveValue(tag);
    await expect(page.getByRole('row').getByRole('link', { name: text, exact: true }).first()).toBeVisible();
  });
}

test('names of organisations and products are shown as text', async ({ page, open, workspace }) => {
  const name = '</style><script>alert(1)</script> שלום 🚀';
  await open(`${workspace.home}/settings`);
  await field(page, 'Name').fill(name);
  await field(page, 'Vision').fill('</textarea><script>alert(1)</script>');
  await page.getByRole('button', { name: 'Save product' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await expect(page.getByRole('paragraph').filter({ hasText: '</textarea><script>alert(1)</script>' })).toBeVisible();

  await open(`/orgs/${workspace.org}/settings`);
  await field(page, 'Name').fill(name);
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByLabel(`Organisation ${name}, change`)).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name })).toBeVisible();
});

test.describe('refused', () => {
  test.use({ statuses: [422] });

  test('a title of 10,000 characters stays with all that was typed', async ({ page, open, workspace }) => {
    const title = 'long '.repeat(2_000);
    await open(`${workspace.home}/ideas/new`);
    await field(page, 'Title').fill(title);
    await field(page, 'Description').fill('</textarea><script>alert(1)</script>');
    await field(page, 'Tags').fill('"quoted", <b>bold</b>');
    await page.getByRole('button', { name: 'Add idea' }).click();
    await expectRefused(field(page, 'Title'), /the limit is 200/);
    await expect(field(page, 'Title')).toHaveValue(title);
    await expect(field(page, 'Description')).toHaveValue('</textarea><script>alert(1)</script>');
    await expect(field(page, 'Tags')).toHaveValue('"quoted", <b>bold</b>');
  });

  test('control characters are refused where they were typed', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/ideas/new`);
    await field(page, 'Title').fill('bell\u0007');
    await field(page, 'Description').fill('escape\u001b');
    await field(page, 'Tags').fill('fine, backspace\u0008');
    await page.getByRole('button', { name: 'Add idea' }).click();
    for (const label of ['Title', 'Description', 'Tags']) await expectRefused(field(page, label), /control characters/);
    await expect(field(page, 'Title')).toHaveValue('bell\u0007');
    await expect(field(page, 'Description')).toHaveValue('escape\u001b');
    await expect(field(page, 'Tags')).toHaveValue('fine, backspace\u0008');
  });

  test('too many tags, and one too long', async ({ page, open, workspace }) => {
    await open(await workspace.addIdea({ title: 'Tagged' }));
    await page.getByRole('link', { name: 'Edit' }).click();
    const many = Array.from({ length: 21 }, (_, at) => `tag${at}`).join(', ');
    await field(page, 'Tags').fill(many);
    await page.getByRole('button', { name: 'Save idea' }).click();
    await expectRefused(field(page, 'Tags'), /the limit is 20/);
    await expect(field(page, 'Tags')).toHaveValue(many);
    await field(page, 'Tags').fill('x'.repeat(41));
    await page.getByRole('button', { name: 'Save idea' }).click();
    await expectRefused(field(page, 'Tags'), /the limit is 40/);
  });

  test('names of 10,000 characters', async ({ page, open, workspace }) => {
    const name = 'n'.repeat(10_000);
    await open(`${workspace.home}/settings`);
    await field(page, 'Name').fill(name);
    await page.getByRole('button', { name: 'Save product' }).click();
    await expectRefused(field(page, 'Name'), /the limit is 120/);
    await expect(field(page, 'Name')).toHaveValue(name);

    await open(`/orgs/${workspace.org}/settings`);
    await field(page, 'Name').fill(name);
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expectRefused(field(page, 'Name'), /the limit is 120/);
    await expect(field(page, 'Name')).toHaveValue(name);
  });

  test('scores out of range, and everything else typed stays', async ({ page, open, workspace }) => {
    const typed = {
      Reach: '250',
      Impact: '11',
      Confidence: '7',
      Effort: '0',
      'Business value': '40',
      'Time criticality': '-1',
      'Risk reduction': '5',
      'Job size': '',
      Priority: '33',
    };
    await open(await workspace.addIdea({ title: 'Overrated' }));
    for (const [label, value] of Object.entries(typed)) await field(page, label).fill(value);
    await page.getByRole('button', { name: 'Save scores' }).click();
    await expectRefused(field(page, 'Impact'), /whole number from 0 to 10/);
    await expectRefused(field(page, 'Effort'), /whole number from 1 to 10/);
    await expectRefused(field(page, 'Time criticality'), /whole number from 0 to 100/);
    await expect(field(page, 'Reach')).toHaveAttribute('aria-invalid', 'false');
    for (const [label, value] of Object.entries(typed)) await expect(field(page, label)).toHaveValue(value);

    await field(page, 'Impact').fill('10');
    await field(page, 'Effort').fill('1');
    await field(page, 'Time criticality').fill('0');
    await page.getByRole('button', { name: 'Save scores' }).click();
    await expect(page.getByLabel('RICE score')).toHaveText('17,500');
    await expect(field(page, 'Impact')).toHaveAttribute('aria-invalid', 'false');
    await page.reload();
    await expect(page.getByLabel('RICE score')).toHaveText('17,500');
    await expect(field(page, 'Priority')).toHaveValue('33');
  });
});

test.describe('sent without a form', () => {
  test('a NUL byte is refused in every field', async ({ page, workspace }) => {
    const form = `${workspace.home}/ideas/new`;
    const create = await endpoint(page.request, form, 'create_idea');
    const good = { org: workspace.org, product: workspace.product, 'form[title]': 'A', 'form[description]': 'B', 'form[tags]': 'c' };
    for (const name of ['form[title]', 'form[description]', 'form[tags]']) {
      const answer = await post(page.request, create, { ...good, [name]: 'nul\0byte' }, form);
      expect(answer.status(), name).toBe(422);
      expect(await answer.text()).toContain('without control characters');
    }
    for (const name of ['org', 'product']) {
      expect((await post(page.request, create, { ...good, [name]: 'nul\0byte' }, form)).status(), name).toBeLessThan(500);
    }
  });

  test('broken addresses are not found rather than failures', async ({ page, workspace }) => {
    for (const path of ['%00', '%ff', '..%2f..', "'", '%F0%9F%9A%80']) {
      const statuses = await Promise.all(
        [`/orgs/${path}/products`, `/orgs/${workspace.org}/products/${path}`, `${workspace.home}/ideas/${path}`].map(async (address) =>
          (await page.request.get(address)).status(),
        ),
      );
      for (const status of statuses) expect([400, 404], path).toContain(status);
    }
    for (const query of ['tag=%00', 'at=f_7ff0000000000000_1_x', 'at=%00', 'sort=%00', 'status=nonsense', 'tag=' + 'x'.repeat(5_000)]) {
      expect((await page.request.get(`${workspace.home}/ideas?${query}`)).status(), query).toBe(200);
    }
  });

  test('a body over 1 MB is refused', async ({ page, workspace, baseURL }) => {
    const create = await endpoint(page.request, `${workspace.home}/ideas/new`, 'create_idea');
    const fields = { org: workspace.org, product: workspace.product, 'form[title]': 'Heavy', 'form[description]': 'x'.repeat(1_000_001) };
    expect((await page.request.post(create, { form: fields, headers: { origin: baseURL! } })).status()).toBe(413);
    expect((await page.request.post(create, { form: fields, headers: { origin: baseURL!, accept: 'text/html' } })).status()).toBe(413);
  });
});

test.describe('too large', () => {
  test.use({ statuses: [413] });

  test('a form over 1 MB is told so', async ({ page, open, workspace, javaScriptEnabled }) => {
    await open(`${workspace.home}/ideas/new`);
    await field(page, 'Title').fill('Heavy');
    await field(page, 'Description').evaluate((area: HTMLTextAreaElement) => (area.value = 'x'.repeat(1_000_001)));
    await page.getByRole('button', { name: 'Add idea' }).click();
    await expect(page.getByText('more than fits into one form (1 MB)')).toBeVisible();
    if (javaScriptEnabled) {
      await expectRefused(field(page, 'Description'), /more than fits into one form/);
      await expect(field(page, 'Title')).toHaveValue('Heavy');
    } else {
      await expect(page.getByRole('heading', { name: 'Too large' })).toBeVisible();
      await page.getByRole('link', { name: "Open the form's page anew" }).click();
      await expect(field(page, 'Title')).toBeVisible();
    }
  });
});
