import { expect, field, hydrated, test } from './fixtures';

test('scores and formulas follow what is typed and slid, before it is saved', async ({ page, open, workspace }) => {
  await open(await workspace.addIdea({ title: 'Alive' }));
  const score = (name: string) => page.getByLabel(`${name} score`, { exact: true });
  const scores = page.getByRole('region', { name: 'Scores' });
  await expect(score('RICE')).toHaveText('100');
  await expect(score('WSJF')).toHaveText('–');

  await field(page, 'Impact').fill('9');
  await field(page, 'Confidence').fill('7');
  await field(page, 'Effort').fill('');
  await expect(scores.getByText('100 × 9 × 7 ÷ –')).toBeVisible();
  await expect(score('RICE')).toHaveText('–');
  await field(page, 'Effort').fill('8');
  await expect(score('RICE')).toHaveText('787.5');
  await expect(score('ICE')).toHaveText('189');
  await expect(scores.getByText('100 × 9 × 7 ÷ 8')).toBeVisible();
  await expect(scores.getByText('9 × 7 × (10 − 8 + 1)')).toBeVisible();

  for (const [label, value] of [['Business value', '60'], ['Time criticality', '40'], ['Risk reduction', '20'], ['Job size', '16']]) {
    await field(page, label).fill(value);
  }
  await expect(score('WSJF')).toHaveText('7.5');
  await expect(scores.getByText('(60 + 40 + 20) ÷ 16')).toBeVisible();

  await page.getByRole('slider', { name: 'Impact slider' }).press('ArrowRight');
  await expect(field(page, 'Impact')).toHaveValue('10');
  await expect(score('RICE')).toHaveText('875');
  await expect(score('ICE')).toHaveText('210');
  await page.getByRole('slider', { name: 'Job size slider' }).fill('20');
  await expect(field(page, 'Job size')).toHaveValue('20');
  await expect(score('WSJF')).toHaveText('6');
  await field(page, 'Impact').fill('3');
  await expect(page.getByRole('slider', { name: 'Impact slider' })).toHaveValue('3');
  await field(page, 'Job size').fill('0');
  await expect(score('WSJF')).toHaveText('0');
  await field(page, 'Effort').fill('11');
  await expect(score('RICE')).toHaveText('–');

  await field(page, 'Impact').fill('10');
  await field(page, 'Effort').fill('8');
  await field(page, 'Job size').fill('20');
  await field(page, 'Priority').fill('50');
  await page.getByRole('button', { name: 'Save scores' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();

  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Ideas' }).click();
  const row = page.getByRole('row', { name: /Alive/ });
  for (const value of ['875', '210', '6', '50']) await expect(row.getByRole('cell', { name: value, exact: true })).toBeVisible();
});

test('what is typed before the scripts have arrived stays', async ({ page, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Slow line' });
  let arrive = () => {};
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(idea, { waitUntil: 'commit' });
  await field(page, 'Impact').fill('9');
  await field(page, 'Confidence').fill('7');
  await field(page, 'Effort').fill('8');
  arrive();
  await hydrated(page);
  await expect(field(page, 'Impact')).toHaveValue('9');
  await expect(field(page, 'Effort')).toHaveValue('8');
  await expect(page.getByLabel('RICE score')).toHaveText('787.5');
});

test('scores typed but not saved survive a change of the status', async ({ page, open, workspace }) => {
  await open(await workspace.addIdea({ title: 'Two things at once' }));
  await field(page, 'Impact').fill('9');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await expect(field(page, 'Impact')).toHaveValue('9');
});

test('links and forms do not load the document anew', async ({ page, open, workspace }) => {
  await open(`/orgs/${workspace.org}/products`);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByRole('main').getByRole('link', { name: 'Rocket', exact: true }).click();
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Ideas' }).click();
  await page.getByRole('link', { name: 'New idea' }).first().click();
  await field(page, 'Title').fill('Without a blink');
  await page.getByRole('button', { name: 'Add idea' }).click();
  await expect(page.getByRole('heading', { name: 'Without a blink', level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Add idea' })).toBeVisible();
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

test('the theme changes at once', async ({ page, open }) => {
  await open('/');
  const html = page.locator('html');
  await page.route('**/api/set_theme*', async (route) => {
    await expect(html).toHaveAttribute('data-theme', 'dark');
    await route.continue();
  });
  const kept = page.waitForResponse('**/api/set_theme*');
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await kept;
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'dark');
});

test.describe('on a small screen', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('the menu opens, and closes once a link in it was followed', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/products`);
    const navigation = page.getByRole('navigation', { name: 'Organisation' });
    await expect(navigation).toBeHidden();
    await page.getByRole('button', { name: 'Menu' }).click();
    await expect(navigation).toBeVisible();
    await navigation.getByRole('link', { name: 'Rocket' }).click();
    await expect(page.getByRole('heading', { name: 'Rocket', level: 1 })).toBeVisible();
    await expect(navigation).toBeHidden();
  });
});
