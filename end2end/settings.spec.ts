import { expect, expectRefused, field, signUp, test } from './fixtures';

const settings = (org: string, tail = '') => `/orgs/${org}/settings${tail}`;

test('profile: website and description stand in the menu, the domain is kept', async ({ page, open, workspace }) => {
  await open(settings(workspace.org));
  await field(page, 'Description').fill('Rockets for everybody');
  await field(page, 'Website').fill('https://www.acme.example/');
  await field(page, 'E-mail domain').fill('@Acme.Example');
  await page.getByLabel('Invite only people with an address at this domain').check();
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The settings are saved.' })).toBeVisible();
  await page.getByLabel('Organisation Acme Labs, change').click();
  await expect(page.getByRole('link', { name: 'www.acme.example' })).toHaveAttribute('href', 'https://www.acme.example/');
  await expect(page.getByText('Rockets for everybody').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'www.acme.example' })).toBeHidden();
  await open(settings(workspace.org));
  await expect(field(page, 'E-mail domain')).toHaveValue('acme.example');
  await expect(page.getByLabel('Invite only people with an address at this domain')).toBeChecked();
});

test('a part that is switched off is gone for everybody', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Scored' }, { impact: 3, confidence: 3, effort: 3, business_value: 8, time_criticality: 1, risk_reduction: 1, job_size: 2 });
  const list = `${workspace.home}/ideas`;
  await open(list);
  await expect(page.getByRole('columnheader', { name: 'WSJF' })).toBeVisible();
  await open(workspace.home);
  await expect(page.getByRole('table', { name: 'Where the ideas stand' })).toContainText('Submitted');

  await open(settings(workspace.org, '/features'));
  const teams = page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Teams' });
  await expect(teams).toHaveCount(1);
  for (const name of ['WSJF', 'Analytics', 'Teams']) {
    await page.getByRole('button', { name: `Switch ${name} off` }).click();
    await expect(page.getByRole('button', { name: `Switch ${name} on` })).toBeVisible();
  }
  await open(list);
  await expect(teams).toHaveCount(0);
  await expect(page.getByRole('columnheader', { name: 'ICE', exact: true })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'WSJF' })).toHaveCount(0);
  await open(workspace.home);
  await expect(page.getByRole('region', { name: 'In numbers' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Where the ideas stand' })).toHaveCount(0);
  await open(idea);
  await expect(page.getByLabel('RICE score')).toBeVisible();
  await expect(page.getByLabel('WSJF score')).toHaveCount(0);
  await page.getByRole('button', { name: 'Save scores' }).click();

  // What is not shown is not lost.
  await open(settings(workspace.org, '/features'));
  await page.getByRole('button', { name: 'Switch WSJF on' }).click();
  await expect(page.getByRole('button', { name: 'Switch WSJF off' })).toBeVisible();
  await open(idea);
  await expect(page.getByLabel('WSJF score')).toHaveText('5');
});

test('every member reads who may do what', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open(settings('demo', '/roles'));
  const row = page.getByRole('row', { name: /^vote and comment on ideas/ });
  await expect(row.getByRole('cell')).toHaveText(['Yes', 'Yes', 'Yes', 'Yes', 'Yes']);
  await expect(page.getByRole('row', { name: /^write features/ }).getByRole('cell')).toHaveText(['Yes', 'Yes', 'Yes', 'No', 'No']);
  await expect(page.getByText('You are here as stakeholder.')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Settings' })).toHaveCount(0);
});

test.describe('deleting an organisation', () => {
  test.use({ statuses: [404, 422] });

  test('needs its address, hides it, and can be undone', async ({ page, open, workspace }) => {
    await open(settings(workspace.org));
    const confirm = field(page, "The organisation's address, to confirm");
    await confirm.fill('something else');
    await page.getByRole('button', { name: 'Delete organisation' }).click();
    await expectRefused(confirm, new RegExp(`Type ${workspace.org}`));
    await confirm.fill(workspace.org);
    await page.getByRole('button', { name: 'Delete organisation' }).click();
    await expect(page.getByRole('heading', { name: 'Deleted organisations' })).toBeVisible();
    expect((await open(workspace.home))?.status()).toBe(404);
    await open('/orgs/new');
    await page.getByRole('button', { name: 'Restore Acme Labs' }).click();
    await expect(page.getByRole('heading', { name: 'Portfolio' })).toBeVisible();
    expect((await open(workspace.home))?.status()).toBe(200);
  });

  test('nobody else sees or restores it', async ({ page, playwright, baseURL, open, workspace }) => {
    await open(settings(workspace.org));
    await field(page, "The organisation's address, to confirm").fill(workspace.org);
    await page.getByRole('button', { name: 'Delete organisation' }).click();
    await expect(page.getByRole('heading', { name: 'Deleted organisations' })).toBeVisible();
    const stranger = await playwright.request.newContext({ baseURL });
    await signUp(stranger, 'Some Stranger');
    const seen = await (await stranger.get('/orgs/new')).text();
    expect(seen).toContain('Create an organisation');
    expect(seen).not.toContain('Deleted organisations');
    await stranger.dispose();
  });
});

test('whoever deletes an organisation is told until when it can be restored', async ({ page, open, workspace }) => {
  await open(settings(workspace.org));
  await field(page, "The organisation's address, to confirm").fill(workspace.org);
  await page.getByRole('button', { name: 'Delete organisation' }).click();
  await expect(page.getByRole('status').filter({ hasText: /Acme Labs is deleted. Until \d+ \w+ \d{4} you can restore it./ })).toBeVisible();
  const entry = page.getByRole('region', { name: 'Deleted organisations' }).getByRole('listitem').filter({ hasText: 'Acme Labs' });
  const [outer, button] = [await entry.boundingBox(), await entry.getByRole('button').boundingBox()];
  expect(button!.x + button!.width).toBeLessThanOrEqual(outer!.x + outer!.width + 1);
  await page.getByRole('button', { name: 'Restore Acme Labs' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The organisation is restored' })).toBeVisible();
});

test('an organisation with a name of another script gets an address', async ({ page, open, workspace }) => {
  expect(workspace.org).toBeTruthy();
  await open('/orgs/new');
  await field(page, 'Name').fill('Nörd & Söhne');
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await expect(page).toHaveURL(/\/orgs\/noerd-soehne(-\d+)?\/products$/);
});

test('a key left empty finds a free one', async ({ page, open, workspace }) => {
  const keys = new Set<string>();
  for (let time = 0; time < 2; time += 1) {
    await open(`/orgs/${workspace.org}/products/new`);
    await field(page, 'Name').fill('Mobile App');
    await page.getByRole('button', { name: 'Create product' }).click();
    await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
    keys.add(new URL(page.url()).pathname.split('/').pop()!);
  }
  expect(keys.size).toBe(2);
});

test('a logo stands in the navigation until it is removed', async ({ page, open, workspace }) => {
  await open(settings(workspace.org));
  // A red dot of one pixel.
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');
  await page.getByLabel('Logo file').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png });
  await page.getByRole('button', { name: 'Upload logo' }).click();
  const logo = page.getByRole('img', { name: 'The logo as it is now' });
  await expect(logo).toBeVisible();
  expect(await logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(256);
  await page.getByRole('button', { name: 'Remove logo' }).click();
  await expect(logo).toHaveCount(0);
});

test.describe('a file that is no picture', () => {
  test.use({ statuses: [422] });

  test('is refused beside the field', async ({ page, open, workspace }) => {
    await open(settings(workspace.org));
    await page.getByLabel('Logo file').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg onload=alert(1)>') });
    await page.getByRole('button', { name: 'Upload logo' }).click();
    await expectRefused(page.getByLabel('Logo file'), /cannot be read/);
    await expect(page.getByLabel('Logo file')).toBeFocused();
    await expect(page.getByLabel('Logo file')).toBeInViewport();
  });
});
