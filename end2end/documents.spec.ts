import { expectNothing } from './axe';
import { endpoint, expect, expectRefused, field, post, signIn, test, unfold, unique, type Role, type Workspace } from './fixtures';
import type { Page } from '@playwright/test';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const idOf = (path: string) => path.split('?')[0].split('/').pop()!;

/** A product in which documents are written. */
type Desk = Pick<Workspace, 'org' | 'product' | 'home'>;

/** Adds a document past the screens and gives its page. */
async function addDocument(page: Page, { org, product, home }: Desk, title: string, content: string) {
  const fields = { org, product, 'form[title]': title, 'form[content]': content, 'form[kind]': 'PRD', 'form[note]': '' };
  const address = await endpoint(page.request, `${home}/documents/new?type=PRD`, 'create_document');
  const answer = await post(page.request, address, fields);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

/** Saves a text past the screens, as somebody who has read this version. */
async function save(page: Page, { org }: Desk, document: string, version: string, content: string, title = 'Plan') {
  const fields = { org, id: idOf(document), version, 'form[title]': title, 'form[content]': content, 'form[kind]': 'PRD', 'form[note]': '' };
  const answer = await post(page.request, await endpoint(page.request, `${document}/edit`, 'update_document'), fields);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

test('a document begins with its template and is read as it is meant', async ({ page, open, workspace }) => {
  await open(workspace.home);
  await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: 'Documents' }).last().click();
  await expect(page.getByRole('heading', { name: 'No documents yet' })).toBeVisible();
  await page.getByRole('link', { name: 'New document' }).first().click();
  await expect(page.getByRole('heading', { name: 'Which type of document?' })).toBeVisible();
  await page.getByRole('link', { name: 'RFC', exact: true }).click();
  await expect(field(page, 'Text')).toHaveValue(/## Proposal/);
  await field(page, 'Title').fill('Two prices');
  await field(page, 'Text').fill('# One\n\nText[^1] with **weight**.\n\n## Two\n\n- [x] done\n\n| a |\n|---|\n| b |\n\n[^1]: Noted.');
  await page.getByRole('button', { name: 'Create document' }).click();
  await expect(page.getByRole('heading', { name: 'Two prices', level: 1 })).toBeVisible();
  const text = region(page, 'Text');
  await expect(text.getByRole('heading', { name: 'One', level: 2 })).toBeVisible();
  await expect(text.getByRole('cell', { name: 'b' })).toBeVisible();
  await expect(text).toContainText('☑ done');
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Two' }).click();
  await expect(page).toHaveURL(/#h-two$/);
});

test.describe('refused', () => {
  test.use({ statuses: [422] });

  test('what is wrong stands beside its field, and nothing typed is lost', async ({ page, open, workspace }) => {
    await open(`${workspace.home}/documents/new?type=SPEC`);
    await field(page, 'Text').fill('Something long');
    await page.getByRole('button', { name: 'Create document' }).click();
    await expectRefused(field(page, 'Title'), /Enter a title/);
    await expect(field(page, 'Text')).toHaveValue('Something long');
  });
});

test('a long text is written in parts, and is one again when it is saved', async ({ page, open, workspace }) => {
  const section = (n: number) => `# Section ${n}\n\n${'Some words of a long text. '.repeat(600)}\n\nEnd of ${n}.`;
  const text = [1, 2, 3, 4].map(section).join('\n\n');
  const document = await addDocument(page, workspace, 'Plan', text);
  await open(`${document}/edit`);
  const parts = page.getByLabel(/^Text, part \d of \d$/);
  const values = await Promise.all((await parts.all()).map((part) => part.inputValue()));
  expect(values.length).toBeGreaterThan(2);
  expect(values.join('\n')).toBe(text);
  await parts.nth(1).fill(values[1].replace(/End of (\d)\./, 'Changed end of $1.'));
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page).toHaveURL(/draft=1/);
  await expect(parts.nth(1)).toHaveValue(/Changed end/);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const shown = region(page, 'Text');
  for (const n of [1, 2, 3, 4]) await expect(shown.getByRole('heading', { name: `Section ${n}`, level: 2 })).toBeVisible();
  await expect(shown.getByText(/^Changed end of \d\.$/)).toHaveCount(1);
  await expect(shown.getByText(/^End of \d\.$/)).toHaveCount(3);
});

test.describe('too long', () => {
  test.use({ statuses: [422] });

  test('a text over the limit is refused beside its field, and stays there', async ({ page, open, workspace }) => {
    test.slow();
    await open(`${workspace.home}/documents/new?type=SPEC`);
    await field(page, 'Title').fill('Endless');
    await field(page, 'Text').evaluate((area: HTMLTextAreaElement) => (area.value = 'Some words.  '.repeat(30_000)));
    await page.getByRole('button', { name: 'Create document' }).click();
    await expectRefused(field(page, 'Text'), /This is 390 kB long; the limit is 300 kB\./);
    await expect(field(page, 'Title')).toHaveValue('Endless');
    expect((await field(page, 'Text').inputValue()).trimEnd().length).toBe(13 * 30_000 - 2);
  });
});

test('a draft is found again, continued or discarded', async ({ page, open, workspace }) => {
  const document = await addDocument(page, workspace, 'Plan', 'Saved text');
  await open(`${document}/edit`);
  await field(page, 'Text').fill('Text that nobody saved');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page).toHaveURL(/draft=1/);
  await expect(region(page, 'Preview')).toContainText('Text that nobody saved');
  await open(document);
  await expect(page.getByText('You have an unsaved draft of this document')).toBeVisible();
  await page.getByRole('link', { name: 'Go to it' }).click();
  await page.getByRole('link', { name: 'Continue with the draft' }).click();
  await expect(field(page, 'Text')).toHaveValue('Text that nobody saved');
  await open(`${document}/edit`);
  await page.getByRole('button', { name: 'Discard the draft' }).click();
  await expect(field(page, 'Text')).toHaveValue('Saved text');
});

test('versions are compared and had back', async ({ page, open, workspace }) => {
  const document = await addDocument(page, workspace, 'Plan', 'The old price');
  await save(page, workspace, document, '1', 'The new price');
  await open(document);
  await page.getByRole('link', { name: 'Versions' }).click();
  await page.getByRole('link', { name: 'What version 2 changed' }).click();
  const changes = region(page, 'Changes from version 1 to version 2');
  await expect(changes.getByRole('deletion')).toHaveText('old');
  await expect(changes.getByRole('insertion')).toHaveText('new');
  await changes.getByRole('link', { name: 'Side by side' }).click();
  await expect(page).toHaveURL(/look=split/);
  await expect(region(page, 'Changes from version 1 to version 2').getByRole('cell', { name: 'The old price' })).toBeVisible();
  await page.getByRole('link', { name: 'Read version 1' }).click();
  await expect(region(page, 'Text')).toContainText('The old price');
  await page.getByRole('link', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  await expect(region(page, 'Text')).toContainText('The old price');
  await expect(region(page, 'Details')).toContainText('3');
});

test.describe('reviewed', () => {
  const desk: Desk = { org: 'demo', product: 'insights', home: '/orgs/demo/products/insights' };
  const people: Partial<Record<Role, string>> = { admin: 'Alex Romero', pm: 'Priya Nair' };

  /** Somebody else looks at the document. */
  async function shows(page: Page, open: (path: string) => Promise<unknown>, role: Role, document: string) {
    // The page that is left would ask in the name of nobody.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await signIn(page.request, `${role}@demo.test`);
    await open(document);
  }

  /** The document that is shown is sent for review, and somebody else approves it. */
  async function approve(page: Page, open: (path: string) => Promise<unknown>, document: string) {
    const status = region(page, 'Status');
    await status.getByRole('button', { name: 'Request review' }).click();
    await expect(status).toContainText('In review');
    await shows(page, open, 'pm', document);
    await status.getByRole('button', { name: 'Approve' }).click();
    await expect(status).toContainText('Approved');
  }

  test('a document is sent back, approved by somebody else and published', async ({ page, open, signedInAs }) => {
    await signedInAs('pm');
    const document = await addDocument(page, desk, 'Plan', 'Text');
    await open(document);
    const status = region(page, 'Status');
    const reviewers = status.getByLabel('Reviewer', { exact: true });
    await expect(reviewers.getByRole('option', { name: people.pm })).toHaveCount(0);
    await reviewers.selectOption({ label: people.admin! });
    await status.getByRole('button', { name: 'Request review' }).click();
    await expect(status).toContainText('In review');
    await expect(status).toContainText('You have written some of this text, so somebody else has to approve it.');
    await expect(status.getByRole('button', { name: 'Approve' })).toHaveCount(0);

    await shows(page, open, 'admin', document);
    await status.getByText('Ask for changes').click();
    await status.getByLabel('What has to change').fill('More numbers');
    await status.getByRole('button', { name: 'Back to draft' }).click();
    await expect(region(page, 'Review')).toContainText('More numbers');
    await status.getByRole('button', { name: 'Request review' }).click();
    await status.getByRole('button', { name: 'Approve' }).click();
    await status.getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(status).toContainText(`${people.admin} published version 1`);
    await expect(region(page, 'Review')).toContainText(`${people.admin} approved version 1`);
  });

  test('a published text that is changed says so, and the published one is read', async ({ page, open, signedInAs }) => {
    await signedInAs('designer');
    const title = unique('Prices');
    const document = await addDocument(page, desk, title, 'The old price');
    await open(document);
    const status = region(page, 'Status');
    await status.getByRole('button', { name: 'Request review' }).click();
    await expect(status).toContainText('In review');
    await shows(page, open, 'pm', document);
    await status.getByRole('button', { name: 'Approve' }).click();
    await status.getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(status).toContainText(`${people.pm} published version 1`);
    await save(page, desk, document, '1', 'The new price', title);

    await shows(page, open, 'stakeholder', document);
    const told = page.getByText(/published version 1 on .* The text has changed since: version 2 has not been approved\./);
    await expect(told).toBeVisible();
    await page.getByRole('link', { name: 'Read version 1' }).click();
    await expect(region(page, 'Text')).toContainText('The old price');
    await expect(page.getByText(/This is version 1, .* The newest is version 2\./)).toBeVisible();
    await page.getByRole('link', { name: 'See what changed' }).click();
    await expect(region(page, 'Changes from version 1 to version 2').getByRole('insertion')).toHaveText('new');
    await page.getByRole('link', { name: 'Read version 2' }).click();
    await expect(region(page, 'Text')).toContainText('The new price');
    await open(`${desk.home}/documents`);
    await expect(page.getByRole('row').filter({ hasText: title })).toContainText('Changed since');

    await shows(page, open, 'pm', document);
    await unfold(status, 'Publish without a review');
    await status.getByRole('button', { name: 'Publish version 2' }).click();
    await expect(region(page, 'Review')).toContainText(`${people.pm} published version 2 without a review`);
    await expect(told).toHaveCount(0);
  });

  test('an approved text that is changed is reviewed again', async ({ page, open, signedInAs }) => {
    await signedInAs('designer');
    const document = await addDocument(page, desk, 'Plan', 'The old price');
    await open(document);
    const status = region(page, 'Status');
    await approve(page, open, document);
    await save(page, desk, document, '1', 'The new price');
    await open(document);
    await expect(status).toContainText('Draft');
    await expect(page.getByText(/approved version 1 on .* The text has changed since: version 2 has not been approved\./)).toBeVisible();
    await expect(status.getByRole('button', { name: 'Publish', exact: true })).toHaveCount(0);
    await expect(status.getByRole('button', { name: 'Request review' })).toBeVisible();
  });

  test('what is saved too late is kept as a draft', async ({ page, open, signedInAs }) => {
    await signedInAs('designer');
    const document = await addDocument(page, desk, 'Plan', 'The old price');
    const address = await endpoint(page.request, `${document}/edit`, 'update_document');
    await open(document);
    await approve(page, open, document);

    await shows(page, open, 'designer', document);
    const fields = { org: desk.org, id: idOf(document), version: '1', 'form[title]': 'Plan', 'form[content]': 'Too late' };
    const answer = await post(page.request, address, { ...fields, 'form[kind]': 'PRD', 'form[note]': '' });
    expect(answer.headers().location).toBe(document);
    await open(document);
    await expect(page.getByText(/You have an unsaved draft of this document from .* This document is approved\./)).toBeVisible();
    await expect(region(page, 'Text')).toContainText('The old price');
  });

  test('one person alone publishes without a review', async ({ page, open, workspace }) => {
    await open(await addDocument(page, workspace, 'Plan', 'Text'));
    const status = region(page, 'Status');
    await expect(status).toContainText('Nobody else here may approve it yet');
    await unfold(status, 'Publish without a review');
    await status.getByRole('button', { name: 'Publish version 1' }).click();
    await expect(status).toContainText('Toni Tester published version 1 without a review');
  });
});

test('a comment stays with its passage', async ({ page, open, workspace }) => {
  const document = await addDocument(page, workspace, 'Plan', 'We raise the **price** in May.\n\nThe rest.');
  await open(document);
  await field(page, 'Passage').fill('raise the price');
  await field(page, 'Your comment').fill('Why now?');
  await page.getByRole('button', { name: 'Add comment' }).click();
  const comments = page.getByRole('list', { name: 'Comments' });
  await expect(comments.getByRole('listitem')).toContainText('Why now?');
  await comments.getByRole('link', { name: 'Show in the text' }).click();
  await expect(page).toHaveURL(/#passage-/);
  await save(page, workspace, document, '1', 'Something else entirely.');
  await open(document);
  await expect(comments.getByRole('listitem')).toContainText('This passage is gone from the text.');
  await comments.getByRole('button', { name: 'Resolve' }).click();
  await expect(page.getByText('1 comment is resolved')).toBeVisible();
});

test('what two have changed is merged, by itself or by hand', async ({ page, open, workspace, javaScriptEnabled }) => {
  const document = await addDocument(page, workspace, 'Plan', 'one\n\ntwo\n\nthree');
  await save(page, workspace, document, '1', 'ONE\n\ntwo\n\nthree');
  expect(await save(page, workspace, document, '1', 'one\n\ntwo\n\nTHREE')).toContain('merged=2');
  const merge = await save(page, workspace, document, '1', 'uno\n\ntwo\n\nthree');
  expect(merge).toContain('/merge');
  await open(merge);
  const conflict = page.getByRole('group', { name: 'Conflict 1' });
  await expect(conflict).toContainText('uno');
  await expect(conflict).toContainText('ONE');
  if (javaScriptEnabled !== false) await expectNothing(page);
  await conflict.getByRole('radio', { name: 'Mine' }).check();
  await page.getByRole('button', { name: 'Merge and look it over' }).click();
  await expect(field(page, 'Text')).toHaveValue('uno\n\ntwo\n\nTHREE');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(region(page, 'Text')).toContainText('uno');
  await expect(region(page, 'Text')).toContainText('THREE');
});

test('a deleted document is had back', async ({ page, open, workspace }) => {
  await open(await addDocument(page, workspace, 'Fleeting', 'Text'));
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The document is deleted.' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'Fleeting', level: 1 })).toBeVisible();
});

test('an item is shown with where it stands, and a policy is found', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Mobile App' });
  await open(await addDocument(page, workspace, 'Plan', `See ${idea} for more.`));
  await expect(region(page, 'Text').getByRole('link', { name: 'Mobile App' })).toHaveAttribute('href', idea);
  await expect(region(page, 'Text')).toContainText('Submitted');
  // The page that is left would ask in the name of nobody.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await signIn(page.request, 'stakeholder@demo.test');
  await open('/orgs/demo/search?q=%22two%20years%22&kind=Document');
  await page.getByRole('link', { name: /What we keep/ }).click();
  await expect(page.getByRole('heading', { name: /What we keep/, level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0);
});

test.describe('hostile text', () => {
  for (const evil of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '"><svg onload=alert(1)>']) {
    test(`is shown as text: ${evil}`, async ({ page, open, workspace }) => {
      const document = await addDocument(page, workspace, evil, `${evil}\n\n# ${evil}`);
      for (const path of ['', '/edit', '/versions']) await open(`${document}${path}`);
      await open(document);
      await expect(page.getByRole('heading', { name: evil, level: 1 })).toBeVisible();
    });
  }
});
