import { endpoint, expect, expectRefused, field, post, test } from './fixtures';
import { addFeature, bar, place, roadmap, row } from './roadmap';
import type { Page } from '@playwright/test';

/** Types dates of a feature into the table and saves them. */
async function type(page: Page, title: string, start: string, end: string) {
  await field(page, `Start of “${title}”`).fill(start);
  await field(page, `Due date of “${title}”`).fill(end);
  const saved = page.waitForResponse(/place_item/);
  await page.getByRole('button', { name: `Save the dates of “${title}”` }).click();
  await saved;
}

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('dates typed into the table move a bar of the timeline', async ({ page, open, workspace }) => {
  await addFeature(page, workspace, 'Export');
  await addFeature(page, workspace, 'Import');
  await open(roadmap(workspace, '?view=table'));
  await type(page, 'Export', '2031-02-03', '2031-02-14');
  await expect(field(page, 'Start of “Export”')).toHaveValue('2031-02-03');

  await open(roadmap(workspace, '?from=2031-01'));
  await expect(row(page, 'Export')).toContainText('3 Feb 2031 – 14 Feb 2031');
  await expect(row(page, 'Import')).toHaveCount(0);
  const before = (await bar(page, 'Export').boundingBox())!;

  await page.getByRole('link', { name: 'Change dates in the table' }).click();
  await type(page, 'Export', '2031-02-13', '2031-03-06');
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'Timeline' }).click();
  await expect(row(page, 'Export')).toContainText('13 Feb 2031 – 6 Mar 2031');
  const after = (await bar(page, 'Export').boundingBox())!;
  // Ten days later and ten days longer, each of six pixels.
  expect(Math.round(after.x - before.x)).toBe(60);
  expect(Math.round(after.width - before.width)).toBe(60);
});

test('the timeline is looked at from near and far', async ({ page, open, workspace }) => {
  const feature = await addFeature(page, workspace, 'Export');
  await place(page, workspace, feature, '', '2031-02-14');
  await open(roadmap(workspace, '?from=2031-01'));
  await expect(row(page, 'Export')).toContainText('Due 14 Feb 2031');
  const time = page.getByRole('navigation', { name: 'Time' });
  await page.getByRole('navigation', { name: 'Zoom' }).getByRole('link', { name: 'Month' }).click();
  await expect(time).toContainText('1 Jan 2031 – 28 Feb 2031');
  await expect(bar(page, 'Export')).toBeVisible();
  await time.getByRole('link', { name: 'Earlier' }).click();
  await expect(time).toContainText('1 Dec 2030 – 31 Jan 2031');
  await expect(page.getByText('Nothing lies in this part of time.')).toBeVisible();
  await time.getByRole('link', { name: 'Later (1)' }).click();
  await expect(row(page, 'Export')).toBeVisible();
  await page.getByRole('navigation', { name: 'Zoom' }).getByRole('link', { name: 'Year' }).click();
  await expect(time).toContainText('1 Jan 2031 – 30 Jun 2032');
  await row(page, 'Export').getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Export', level: 1 })).toBeVisible();
});

test('what is now, next and later', async ({ page, open, workspace }) => {
  const begun = await addFeature(page, workspace, 'Begun');
  const soon = await addFeature(page, workspace, 'Soon');
  const far = await addFeature(page, workspace, 'Far');
  await addFeature(page, workspace, 'Undated');
  const done = await addFeature(page, workspace, 'Done');
  for (const [feature, status] of [[begun, 'IN_PROGRESS'], [done, 'DONE']]) {
    const address = await endpoint(page.request, feature, 'move_feature');
    const answer = await post(page.request, address, { org: workspace.org, id: feature.split('/').pop()!, status }, feature);
    expect(answer.status()).toBe(303);
  }
  await place(page, workspace, soon, day(20), day(40));
  await place(page, workspace, far, day(200), '');
  await open(roadmap(workspace));
  await page.getByRole('link', { name: 'Now, next, later' }).click();
  const column = (name: string) => page.getByRole('list', { name, exact: true }).getByRole('link');
  await expect(column('Now')).toHaveText(['Begun']);
  await expect(column('Next')).toHaveText(['Soon']);
  await expect(column('Later')).toHaveText(['Far', 'Undated']);
  await expect(page.getByRole('region', { name: 'Later' })).toContainText('2 items');
});

test.describe('what is refused', () => {
  test.use({ statuses: [422] });

  test('an end before the start, told beside its field', async ({ page, open, workspace }) => {
    await addFeature(page, workspace, 'Export');
    await addFeature(page, workspace, 'Import');
    await open(roadmap(workspace, '?view=table'));
    await type(page, 'Export', '2031-02-14', '2031-02-03');
    await expectRefused(field(page, 'Due date of “Export”'), /The end is before the start\./);
    await expect(field(page, 'Start of “Export”')).toHaveValue('2031-02-14');
    await expect(field(page, 'Due date of “Import”')).toHaveValue('');
    await expect(page.getByRole('alert')).toHaveCount(1);
    await type(page, 'Export', '2031-02-03', '2031-02-14');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('dates by a stakeholder', async ({ page, open, signedInAs }) => {
    await signedInAs('stakeholder');
    await open('/orgs/demo/products/demo-product/roadmap?view=table');
    await expect(page.getByRole('link', { name: 'Saved views', exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Save the dates/ })).toHaveCount(0);
  });
});
