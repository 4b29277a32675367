import { endpoint, expect, expectRefused, field, hydrated, post, test, type Workspace } from './fixtures';
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

for (const [what, of] of [
  ['a document', (document: string, _: Workspace) => `${document}/edit`],
  ['a new document', (_: string, { home }: Workspace) => `${home}/documents/new?type=PRD`],
] as const) {
  test(`a draft of ${what} that was kept outlives a browser that is killed`, async ({ page, open, workspace, playwright, baseURL }, info) => {
    const address = of(await addDocument(page, workspace, 'Saved text'), workspace);
    const server = await playwright.chromium.launchServer(info.project.use.launchOptions);
    const doomed = await playwright.chromium.connect(server.wsEndpoint());
    const context = await doomed.newContext({ baseURL, storageState: await page.context().storageState() });
    const writing = await context.newPage();
    await writing.goto(address);
    await hydrated(writing);
    await field(writing, 'Title').fill('Never saved');
    await field(writing, 'Text').fill('Words that nobody saved');
    await expect(writing.getByText(/Draft kept at/)).toBeVisible();
    // No page is left and no browser closed: the process is gone.
    await server.kill();

    await open(address);
    await expect(page.getByRole('heading', { name: /You have an unsaved draft/ })).toBeVisible();
    await expect(page.getByText('Never saved')).toBeVisible();
    await page.getByRole('link', { name: 'Continue with the draft' }).click();
    await expect(field(page, 'Title')).toHaveValue('Never saved');
    await expect(field(page, 'Text')).toHaveValue('Words that nobody saved');
  });
}

test('what has become long is offered in parts', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/documents/new?type=PRD`);
  await field(page, 'Title').fill('Long');
  // Typed line by line it would take the browser minutes.
  await field(page, 'Text').evaluate((area: HTMLTextAreaElement) => {
    area.value = 'Some words.\n\n'.repeat(5_000);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await expect(page.getByText('This text has become long.')).toBeVisible();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByLabel(/^Text, part 1 of \d$/)).toHaveValue(/^Some words\./);
  await expect(page.getByText('This text has become long.')).toHaveCount(0);
});

test('what does not fit into a form is told beside its field and is not sent', async ({ page, open, workspace }) => {
  test.slow();
  await open(`${workspace.home}/documents/new?type=PRD`);
  let sent = 0;
  page.on('request', (request) => (sent += request.url().includes('/api/create_document') ? 1 : 0));
  await field(page, 'Title').fill('Monstrous');
  await field(page, 'Text').evaluate((area: HTMLTextAreaElement) => (area.value = 'Words '.repeat(200_000)));
  await page.getByRole('button', { name: 'Create document' }).click();
  await expectRefused(field(page, 'Text'), /more than fits into one form \(1 MB\)/);
  expect(sent).toBe(0);
  await expect(field(page, 'Title')).toHaveValue('Monstrous');
  expect(await field(page, 'Text').evaluate((area: HTMLTextAreaElement) => area.value.length)).toBe(1_200_000);
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
  const part = page.getByLabel(/^Text, part 5 of \d+$/);
  await part.focus();
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
  // What a browser without a screen draws on a machine with other tests on it is no measure of a frame, which script/bench-typing
  // takes; a text that is laid out or made anew at each key is.
  expect(slow).toBeLessThan(100);
  await expect(part).toHaveValue(/Typed at the speed of somebody/);
  await expect(page.getByText(/Draft kept at/)).toBeVisible();
});
