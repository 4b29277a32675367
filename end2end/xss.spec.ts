import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { endpoint, expect, field, post, test, type Workspace } from './fixtures';

// The same samples that the server's own tests read; every test looks by itself that no dialog opens and that the console stays silent.
type Sources = Record<string, { source: string; samples: string[] }>;
const sources: Sources = JSON.parse(readFileSync(new URL('../src/server/markdown/xss.json', import.meta.url), 'utf8'));
const samples = Object.values(sources).flatMap(({ samples }) => samples);

/** Those that one line takes: no control characters, no space at the ends, not too long. */
const lines = samples.filter((sample) => sample.length <= 120 && sample.trim() === sample && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(sample));
const spread = (count: number, of: string[]) => Array.from({ length: count }, (_, at) => of[Math.floor((at * of.length) / count)]);

/** Whatever a text may not become. */
const FORBIDDEN =
  'script, style, iframe, frame, img, svg, math, object, embed, applet, form, input, button, textarea, select, video, audio, meta, link, base, template, [style], [onclick], [onerror], [onload], [onmouseover], a[href^="javascript" i], a[href^="data" i], a[href^="vbscript" i]';

const text = (page: Page) => page.getByRole('region', { name: 'Text', exact: true });

async function addDocument(page: Page, { org, product, home }: Workspace, title: string, content: string) {
  const fields = { org, product, 'form[title]': title, 'form[content]': content, 'form[kind]': 'PRD', 'form[note]': '' };
  const answer = await post(page.request, await endpoint(page.request, `${home}/documents/new?type=PRD`, 'create_document'), fields);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

test('in the text of a document no sample is more than text, wherever it stands', async ({ page, open, workspace }) => {
  const written = samples.filter((sample) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(sample));
  const ways = (sample: string, at: number) =>
    [
      `Sample ${at}: ${sample}`,
      `    ${sample.replaceAll('\n', ' ')}`,
      `[link ${at}](${sample.replaceAll('\n', ' ')})`,
      `- [x] ${sample}`,
      `| ${sample.replaceAll(/[\n|]/g, ' ')} |\n|---|`,
    ].join('\n\n');
  // As long as the editor takes it, in as many documents as it needs.
  const documents: string[] = [];
  let content = '';
  for (const [at, sample] of written.entries()) {
    const more = ways(sample, at);
    if (content.length + more.length > 80_000) {
      documents.push(content);
      content = '';
    }
    content += `${more}\n\n`;
  }
  documents.push(content);
  for (const content of documents) {
    const document = await addDocument(page, workspace, 'Samples', content);
    await open(document);
    await expect(text(page)).toContainText('link ');
    await expect(text(page).locator(FORBIDDEN)).toHaveCount(0);
    await open(`${document}/edit`);
    await expect(page.getByRole('region', { name: 'Preview', exact: true }).locator(FORBIDDEN)).toHaveCount(0);
  }
  await open(await addDocument(page, workspace, 'Shown', '<SCRIPT>alert("XSS");</SCRIPT>\n\n<iframe src="javascript:alert(1)"></iframe>'));
  await expect(text(page)).toContainText('<SCRIPT>alert("XSS");</SCRIPT>');
  await expect(text(page)).toContainText('<iframe src="javascript:alert(1)"></iframe>');
});

for (const [at, sample] of spread(10, lines).entries()) {
  test(`as title, tag, text and comment it is text (${at}): ${sample.slice(0, 60)}`, async ({ page, open, workspace }) => {
    const tag = sample.replaceAll(',', '').slice(0, 40).trim();
    const idea = await workspace.addIdea({ title: sample, description: `${sample}\n${sample}`, tags: tag });
    await open(idea);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(sample);
    await expect(page.getByRole('region', { name: 'Description' })).toContainText(sample);
    await expect(page.getByRole('region', { name: 'Details' }).getByRole('link', { name: tag, exact: true })).toBeVisible();
    await field(page, 'Your comment').fill(sample);
    await page.getByRole('button', { name: 'Add comment' }).click();
    await expect(page.getByRole('list', { name: 'Comments' })).toContainText(sample);
    await open(`${workspace.home}/ideas`);
    await expect(page.getByRole('row').getByRole('link', { name: sample, exact: true }).first()).toBeVisible();
    await open(`${workspace.home}/ideas/board`);
    await expect(page.getByRole('main')).toContainText(sample);

    // A document of that title, which another one leads to.
    const named = await addDocument(page, workspace, sample, sample);
    for (const path of ['', '/edit', '/versions']) await open(`${named}${path}`);
    await open(await addDocument(page, workspace, 'Leads there', `See ${named} and [x](${named}).`));
    await expect(text(page).getByRole('link', { name: sample, exact: true })).toHaveAttribute('href', named);
    await expect(text(page).locator(FORBIDDEN)).toHaveCount(0);
    await open(`/orgs/${workspace.org}/search?q=${encodeURIComponent(sample)}`);
    await open(`/orgs/${workspace.org}`);
  });
}

for (const [at, sample] of spread(4, lines.filter((line) => line.includes('<'))).entries()) {
  test(`as the name of a product, an organisation and a person it is text (${at}): ${sample.slice(0, 60)}`, async ({ page, open, workspace }) => {
    await open(`${workspace.home}/settings`);
    await field(page, 'Name').fill(sample);
    await field(page, 'Vision').fill(sample);
    await page.getByRole('button', { name: 'Save product' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(sample);
    await open(`/orgs/${workspace.org}/settings`);
    await field(page, 'Name').fill(sample);
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(page.getByLabel(`Organisation ${sample}, change`)).toBeVisible();
    await open('/account');
    await field(page, 'Your name').fill(sample);
    await field(page, 'About you').fill(sample);
    await page.getByRole('button', { name: 'Save profile' }).click();
    await expect(page).toHaveURL(/saved/);
    await open(await addDocument(page, workspace, 'Named', `Owner: @${sample}`));
    await expect(page.getByRole('region', { name: 'Details' })).toContainText(sample);
    await expect(text(page).locator(FORBIDDEN)).toHaveCount(0);
    for (const path of ['', '/products', '/members']) await open(`/orgs/${workspace.org}${path}`);
  });
}
