import { expect, field, test } from './fixtures';

test('the overview leads from each number to the list that it counts', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Offline mode' });
  await workspace.addIdea({ title: 'Dark mode' });
  await open(`/orgs/${workspace.org}`);
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  const figure = page.getByRole('link', { name: /^2 new ideas of/ });
  await figure.click();
  await expect(page).toHaveURL(/ideas\?status=SUBMITTED$/);
  await expect(page.getByRole('link', { name: 'Offline mode' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Dark mode' })).toBeVisible();
});

test('at 390 px a product is a block that can be read whole', async ({ page, open, workspace }) => {
  await page.setViewportSize({ width: 390, height: 900 });
  await workspace.addIdea({ title: 'Offline mode' });
  await open(`/orgs/${workspace.org}`);
  const products = page.getByRole('region', { name: 'Products' });
  const figures = [/^1 new ideas of/, /^0 new feedback of/, /^0 features of .* in progress/].map((name) => products.getByRole('link', { name }));
  const region = (await products.boundingBox())!;
  expect(region.x + region.width).toBeLessThanOrEqual(390);
  for (const part of [products.getByText('On track'), ...figures]) {
    const box = (await part.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(region.x);
    expect(box.x + box.width).toBeLessThanOrEqual(region.x + region.width);
  }
});

test('a product is drawn: its features by status, its open ideas by what they cost and bring', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products/demo-product');
  const features = page.getByRole('region', { name: 'Features by status', exact: true });
  await expect(features.getByRole('img', { name: /^Features by status\. .*Done: \d+\./ })).toBeVisible();
  const ideas = page.getByRole('region', { name: 'Open ideas by effort and impact', exact: true });
  await expect(ideas.getByRole('img', { name: /\d+ points by Effort and Impact/ })).toBeVisible();
  await ideas.getByText('Show as table').click();
  await expect(ideas.getByRole('row', { name: /Mobile App/ })).toContainText('8');
});

test('my work leads to the tasks that it counts', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/tasks/new`);
  await field(page, 'Title').fill('Write the invitation');
  await field(page, 'Due date').fill('2026-01-05');
  await page.getByLabel('Assignee', { exact: true }).selectOption({ label: workspace.name });
  await page.getByRole('button', { name: 'Add task' }).click();
  await expect(page.getByRole('heading', { name: 'Write the invitation', level: 1 })).toBeVisible();
  await open(`/orgs/${workspace.org}`);
  const mine = page.getByRole('region', { name: 'My work' });
  await expect(mine.getByRole('definition')).toHaveText(['1', '1', '0', '0']);
  await expect(mine.getByRole('list', { name: 'Late or due this week' })).toContainText('due 5 Jan 2026');
  await mine.getByRole('link', { name: 'Overdue' }).click();
  await expect(page).toHaveURL(/my-work#group-overdue$/);
  await expect(page.getByRole('region', { name: /^Overdue/ }).getByRole('link', { name: 'Write the invitation' })).toBeVisible();

  await open(workspace.home);
  await expect(mine.getByRole('definition')).toHaveText(['1', '0', '0', '1']);
  await expect(mine.getByRole('list', { name: 'Late or due this week' })).toContainText('Write the invitation');
  await mine.getByRole('link', { name: 'Overdue' }).click();
  await expect(page).toHaveURL(/\/tasks\?assignee=me&show=overdue$/);
  await expect(page.getByRole('main').getByRole('rowheader')).toHaveText([/Write the invitation/]);
});
