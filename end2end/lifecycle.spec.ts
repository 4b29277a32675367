import { expect, expectRefused, field, remembers, test } from './fixtures';

const STAGES = ['Ideation', 'Discovery', 'Definition', 'Delivery', 'Launch', 'Growth', 'Maturity', 'Sunset'];

test('criteria are ticked, and then the product moves on', async ({ page, open, workspace }) => {
  await open(workspace.home);
  const steps = page.getByRole('region', { name: 'Lifecycle' }).getByRole('listitem');
  await expect(steps).toHaveText(STAGES);
  await expect(steps.nth(0)).toHaveAttribute('aria-current', 'step');
  const criteria = page.getByRole('region', { name: 'Exit criteria of Ideation' });
  const ticks = criteria.getByRole('button');
  const count = await ticks.count();
  expect(count).toBeGreaterThan(0);
  for (let at = 0; at < count; at += 1) {
    await expect(ticks.nth(at)).toHaveAttribute('aria-pressed', 'false');
    await ticks.nth(at).click();
    await expect(ticks.nth(at)).toHaveAttribute('aria-pressed', 'true');
  }
  await expect(criteria).toContainText(`${count} of ${count} met.`);
  await expect(criteria).toContainText(`Ticked by ${workspace.name}`);
  await ticks.first().click();
  await expect(ticks.first()).toHaveAttribute('aria-pressed', 'false');
  await ticks.first().click();
  await expect(ticks.first()).toHaveAttribute('aria-pressed', 'true');

  await page.getByRole('button', { name: 'Discovery' }).click();
  await expect(steps.nth(1)).toHaveAttribute('aria-current', 'step');
  await expect(steps.nth(0)).not.toHaveAttribute('aria-current');
  await expect(page.getByRole('region', { name: 'Exit criteria of Discovery' })).toBeVisible();
  await page.getByRole('button', { name: 'Ideation' }).click();
  await expect(steps.nth(0)).toHaveAttribute('aria-current', 'step');
});

test.describe('what a move needs', () => {
  test.use({ statuses: [422] });

  test('moving on with open criteria asks for a reason, which stays in the history', async ({ page, open, workspace }) => {
    await open(workspace.home);
    await page.getByRole('region', { name: 'Lifecycle' }).getByRole('link', { name: 'Growth' }).click();
    await expect(page.getByRole('heading', { name: 'Move to Growth', level: 1 })).toBeVisible();
    await expect(page.getByRole('list', { name: 'Still open in Ideation' }).getByRole('listitem')).not.toHaveCount(0);
    await page.getByRole('button', { name: 'Move to Growth' }).click();
    await expectRefused(field(page, 'Reason'), /Say why/);
    const confirm = page.getByRole('checkbox', { name: 'Move on although this is open' });
    await expectRefused(confirm, /you mean it/);
    await confirm.check();
    await field(page, 'Reason').fill('The board has decided.');
    await page.getByRole('button', { name: 'Move to Growth' }).click();
    await expect(page).toHaveURL(workspace.home);
    const steps = page.getByRole('region', { name: 'Lifecycle' }).getByRole('listitem');
    await expect(steps.nth(STAGES.indexOf('Growth'))).toHaveAttribute('aria-current', 'step');
    await remembers(page, 'The board has decided.');
    await open(`/orgs/${workspace.org}/products`);
    await expect(page.getByRole('img', { name: 'Stage: Growth' })).toBeVisible();
  });

  test('the end needs a day and a plan, which are shown', async ({ page, open, workspace }) => {
    await open(workspace.home);
    await page.getByRole('region', { name: 'Lifecycle' }).getByRole('link', { name: 'Sunset' }).click();
    await page.getByRole('checkbox', { name: 'Move on although this is open' }).check();
    await field(page, 'Reason').fill('Nobody uses it.');
    await field(page, 'Plan').fill('Everybody moves.\nThen the lights go out.');
    await page.getByRole('button', { name: 'Move to Sunset' }).click();
    await expectRefused(field(page, 'Last day'), /Enter the last day/);
    await expect(field(page, 'Plan')).toHaveValue('Everybody moves.\nThen the lights go out.');
    await field(page, 'Last day').fill('2027-03-31');
    await page.getByRole('checkbox', { name: 'Move on although this is open' }).check();
    await page.getByRole('button', { name: 'Move to Sunset' }).click();
    await expect(page).toHaveURL(workspace.home);
    const end = page.getByRole('region', { name: 'End of life' });
    await expect(end).toContainText('31 Mar 2027');
    await expect(end).toContainText('Then the lights go out.');
    await end.getByRole('link', { name: 'Change' }).click();
    await expect(field(page, 'Last day')).toHaveValue('2027-03-31');
    await field(page, 'Last day').fill('2027-06-30');
    await page.getByRole('button', { name: 'Save plan' }).click();
    await expect(end).toContainText('30 Jun 2027');
  });
});

test('a stage gets criteria of the organisation', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await page.getByRole('link', { name: 'All stages' }).click();
  await page.getByRole('link', { name: 'Edit criteria of Ideation' }).click();
  await field(page, 'Criteria, one a line').fill('Budget is there\nA name is found');
  await page.getByRole('button', { name: 'Save criteria' }).click();
  const stage = page.getByRole('region', { name: 'Ideation' });
  await expect(stage.getByRole('listitem')).toHaveText(['Budget is there', 'A name is found']);
  await expect(stage).toContainText('Your own');
  await open(workspace.home);
  await expect(page.getByRole('region', { name: 'Exit criteria of Ideation' }).getByRole('button')).toHaveText(['Budget is there', 'A name is found']);
});

test('the board shows each product in its stage', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products');
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'Board' }).click();
  await expect(page).toHaveURL(/products\?view=board$/);
  await expect(page.getByRole('list', { name: 'Delivery' }).getByRole('link', { name: 'Demo Product' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Sunset' }).getByRole('link', { name: 'Classic Desktop' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Move/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'Classic Desktop' }).first().click();
  await expect(page.getByRole('region', { name: 'End of life' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Exit criteria of Sunset' }).getByRole('button')).toHaveCount(0);
});

test.describe('an open criterion', () => {
  test.use({ statuses: [409] });

  test('keeps a card where it is', async ({ page, open, workspace }) => {
    await open(`/orgs/${workspace.org}/lifecycle`);
    await page.getByLabel('Ways to move “Rocket”').click();
    await expect(page.getByRole('button', { name: 'Move up' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Move to Sunset' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Move to Growth' }).click();
    await expect(page.getByRole('alert')).toContainText('Some exit criteria are open.');
    await expect(page.getByRole('list', { name: 'Ideation' }).getByRole('link', { name: 'Rocket' })).toBeVisible();
  });
});
