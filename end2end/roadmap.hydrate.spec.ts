import { endpoint, expect, post, test } from './fixtures';
import { addFeature, bar, place, roadmap, row } from './roadmap';
import type { Locator, Page } from '@playwright/test';

/** Takes a bar by its middle or one of its ends, which are held by what lies beside them, and carries it, without letting go. */
async function carry(page: Page, what: Locator, part: 'start' | 'middle' | 'end', pixels: number) {
  const box = (await what.boundingBox())!;
  const x = { start: box.x + 5, middle: box.x + box.width / 2, end: box.x + box.width - 5 }[part];
  const y = box.y + box.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + pixels, y, { steps: 6 });
}

async function drop(page: Page) {
  const placed = page.waitForResponse(/place_item/);
  await page.mouse.up();
  await placed;
}

/** What was done so far is heard, and the timeline drawn with it. */
const settled = (page: Page) => page.waitForTimeout(1500);

/** Has the timeline's next readings wait: `asked` is over when one is under way, and `answer` lets it go on. */
async function readsWait(page: Page) {
  let [resolve, go] = [() => {}, () => {}];
  const asked = new Promise<void>((done) => (resolve = done));
  const answered = new Promise<void>((done) => (go = done));
  await page.route('**/api/get_roadmap*', async (route) => {
    resolve();
    await answered;
    await route.continue();
  });
  return { asked, answer: () => go() };
}

test('a bar is moved and resized by pointer, by whole days', async ({ page, open, workspace }) => {
  const feature = await addFeature(page, workspace, 'Export');
  await place(page, workspace, feature, '2031-02-03', '2031-02-14');
  await open(roadmap(workspace, '?from=2031-01'));
  // A day is six pixels wide; a little less or more is the same day.
  await carry(page, bar(page, 'Export'), 'middle', 62);
  await expect(row(page, 'Export')).toContainText('13 Feb 2031 – 24 Feb 2031');
  await drop(page);
  await expect(page.getByRole('status').filter({ hasText: '“Export” is moved: 13 Feb 2031 – 24 Feb 2031' })).toBeVisible();

  await settled(page);
  await carry(page, bar(page, 'Export'), 'end', 30);
  await drop(page);
  await expect(row(page, 'Export')).toContainText('13 Feb 2031 – 1 Mar 2031');
  await settled(page);
  await carry(page, bar(page, 'Export'), 'start', -60);
  await drop(page);
  await expect(row(page, 'Export')).toContainText('3 Feb 2031 – 1 Mar 2031');
  await settled(page);
  // An end does not go past the start.
  await carry(page, bar(page, 'Export'), 'end', -400);
  await expect(row(page, 'Export')).toContainText('3 Feb 2031');
  await expect(row(page, 'Export')).not.toContainText('Mar');
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(row(page, 'Export')).toContainText('3 Feb 2031 – 1 Mar 2031');

  await open(roadmap(workspace, '?from=2031-01'));
  await expect(row(page, 'Export')).toContainText('3 Feb 2031 – 1 Mar 2031');
});

test('a bar that is held while the timeline is drawn anew stays in the hand', async ({ page, open, workspace }) => {
  const [feature, other] = [await addFeature(page, workspace, 'Export'), await addFeature(page, workspace, 'Import')];
  await place(page, workspace, feature, '2031-02-03', '2031-02-14');
  await place(page, workspace, other, '2031-02-03', '2031-02-14');
  await open(roadmap(workspace, '?from=2031-01'));
  await settled(page);
  const { asked, answer } = await readsWait(page);
  await place(page, workspace, other, '2031-02-03', '2031-02-20');
  await asked;
  await carry(page, bar(page, 'Export'), 'middle', 30);
  answer();
  await expect(row(page, 'Import')).toContainText('3 Feb 2031 – 20 Feb 2031');
  await expect(row(page, 'Export')).toContainText('8 Feb 2031 – 19 Feb 2031');
  const at = (await bar(page, 'Export').boundingBox())!;
  await page.mouse.move(at.x + at.width / 2 + 30, at.y + 200);
  await expect(row(page, 'Export')).toContainText('13 Feb 2031 – 24 Feb 2031');
  await drop(page);
  await open(roadmap(workspace, '?from=2031-01'));
  await expect(row(page, 'Export')).toContainText('13 Feb 2031 – 24 Feb 2031');
});

test('what somebody makes of a bar that is held is not undone by letting it go', async ({ page, open, workspace }) => {
  const feature = await addFeature(page, workspace, 'Export');
  await place(page, workspace, feature, '2031-02-03', '2031-02-14');
  await open(roadmap(workspace, '?from=2031-01'));
  await settled(page);
  const { asked, answer } = await readsWait(page);
  await place(page, workspace, feature, '2031-02-05', '2031-02-20');
  await asked;
  await carry(page, bar(page, 'Export'), 'middle', 1);
  answer();
  await expect(row(page, 'Export')).toContainText('5 Feb 2031 – 20 Feb 2031');
  let sent = 0;
  page.on('request', (request) => (sent += Number(request.url().includes('place_item'))));
  await page.mouse.up();
  await settled(page);
  expect(sent).toBe(0);
  await expect(row(page, 'Export')).toContainText('5 Feb 2031 – 20 Feb 2031');
});

test('a single date is moved as a mark', async ({ page, open, workspace }) => {
  const feature = await addFeature(page, workspace, 'Export');
  await place(page, workspace, feature, '', '2031-02-03');
  await open(roadmap(workspace, '?from=2031-01'));
  await carry(page, bar(page, 'Export'), 'middle', 12);
  await drop(page);
  await open(roadmap(workspace, '?from=2031-01'));
  await expect(row(page, 'Export')).toContainText('Due 5 Feb 2031');
});

test('what is heard while a bar is held is shown once it is put down', async ({ page, open, workspace }) => {
  const feature = await addFeature(page, workspace, 'Export');
  await place(page, workspace, feature, '2031-02-03', '2031-02-14');
  const address = await endpoint(page.request, feature, 'delete_feature');
  await open(roadmap(workspace, '?from=2031-01'));
  await settled(page);
  await carry(page, bar(page, 'Export'), 'middle', 2);
  await post(page.request, address, { org: workspace.org, id: feature.split('/').pop()! }, feature);
  await page.waitForTimeout(1500);
  await expect(row(page, 'Export')).toHaveCount(1);
  await page.mouse.up();
  await expect(row(page, 'Export')).toHaveCount(0);
});

test.describe('what is refused', () => {
  test.use({ statuses: [404] });

  test('goes back where it was, with the reason', async ({ page, open, workspace }) => {
    const feature = await addFeature(page, workspace, 'Export');
    await place(page, workspace, feature, '2031-02-03', '2031-02-14');
    await open(roadmap(workspace, '?from=2031-01'));
    const address = await endpoint(page.request, feature, 'delete_feature');
    await post(page.request, address, { org: workspace.org, id: feature.split('/').pop()! }, feature);
    await carry(page, bar(page, 'Export'), 'middle', 60);
    await drop(page);
    await expect(page.getByRole('alert')).toContainText('“Export” was not moved.');
    // It is back where it was, until the page hears that it is gone.
    await expect(page.getByText('13 Feb 2031 – 24 Feb 2031')).toHaveCount(0);
  });
});

test.describe('a move that fails', () => {
  test.use({ statuses: [503] });

  test('is told until something else is moved, whatever others change', async ({ page, open, workspace }) => {
    const [feature, other] = [await addFeature(page, workspace, 'Export'), await addFeature(page, workspace, 'Import')];
    await place(page, workspace, feature, '2031-02-03', '2031-02-14');
    await place(page, workspace, other, '2031-02-03', '2031-02-14');
    await open(roadmap(workspace, '?from=2031-01'));
    await page.route('**/api/place_item*', (route) => route.fulfill({ status: 503, body: 'busy' }));
    await carry(page, bar(page, 'Export'), 'middle', 60);
    await drop(page);
    await expect(page.getByRole('alert')).toContainText('“Export” was not moved.');
    await place(page, workspace, other, '2031-02-03', '2031-02-20');
    await expect(row(page, 'Import')).toContainText('3 Feb 2031 – 20 Feb 2031');
    await expect(row(page, 'Export')).toContainText('3 Feb 2031 – 14 Feb 2031');
    await expect(page.getByRole('alert')).toContainText('“Export” was not moved.');
    await page.getByRole('navigation', { name: 'Zoom' }).getByRole('link', { name: 'Month' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});
