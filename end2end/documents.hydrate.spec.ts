import { endpoint, expect, field, post, test, type Workspace } from './fixtures';
import type { Page } from '@playwright/test';

async function addDocument(page: Page, { org, product, home }: Workspace, content: string) {
  const fields = { org, product, 'form[title]': 'Plan', 'form[content]': content, 'form[kind]': 'PRD', 'form[note]': '' };
  const answer = await post(page.request, await endpoint(page.request, `${home}/documents/new?type=PRD`, 'create_document'), fields);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

const preview = (page: Page) => page.getByRole('region', { name: 'Preview', exact: true });

test('what is written is shown and kept by itself, and survives the browser', async ({ page, open, workspace, browser, baseURL }) => {
  const document = await addDocument(page, workspace, 'Saved text');
  await open(`${document}/edit`);
  await field(page, 'Text').fill('# Heading\n\nNever saved');
  await expect(preview(page).getByRole('heading', { name: 'Heading' })).toBeVisible();
  await expect(page.getByText(/Draft kept at/)).toBeVisible();
  // Another browser, as after a crash of this one.
  const context = await browser.newContext({ baseURL, storageState: await page.context().storageState() });
  await page.close();
  const later = await context.newPage();
  await later.goto(`${document}/edit`);
  await later.getByRole('link', { name: 'Continue with the draft' }).click();
  await expect(field(later, 'Text')).toHaveValue('# Heading\n\nNever saved');
  await later.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(later.getByRole('heading', { name: 'Plan', level: 1 })).toBeVisible();
  await later.goto(`${document}/edit`);
  await expect(field(later, 'Text')).toHaveValue('# Heading\n\nNever saved');
  await context.close();
});

test('marked words are the passage of a comment', async ({ page, open, workspace }) => {
  await open(await addDocument(page, workspace, 'First price.\n\nSecond price.'));
  const text = page.getByRole('region', { name: 'Text', exact: true });
  await text.getByText('Second price.').dblclick({ position: { x: 5, y: 5 } });
  await expect(field(page, 'Passage')).toHaveValue('Second');
  await field(page, 'Your comment').fill('Why?');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await expect(text.getByText('Second', { exact: true })).toHaveAttribute('id', /^passage-/);
});

test('a long text makes no key wait', async ({ page, open, workspace }) => {
  const long = 'Some words of a long text, **with** marks and `code` in it.\n\n'.repeat(3_300);
  await open(`${await addDocument(page, workspace, long)}/edit`);
  await field(page, 'Text').focus();
  await page.evaluate(() => {
    const frames: number[] = [];
    const w = window as unknown as { frames_: number[]; stop_: boolean };
    w.frames_ = frames;
    w.stop_ = false;
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      if (!w.stop_) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.keyboard.type('Typed at the speed of somebody who knows what to say. '.repeat(2), { delay: 40 });
  const slow = await page.evaluate(() => {
    const w = window as unknown as { frames_: number[]; stop_: boolean };
    w.stop_ = true;
    const sorted = [...w.frames_].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * 0.95)];
  });
  // What a browser without a screen draws on a busy machine is no measure of a frame; a text that is made anew at each key is.
  expect(slow).toBeLessThan(150);
});
