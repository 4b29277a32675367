import { expect, field, test } from './fixtures';
import type { Page } from '@playwright/test';

const DEMO = '/orgs/demo/products/demo-product/ideas';

const rows = (page: Page) => page.getByRole('rowgroup').last().getByRole('row');
const titles = (page: Page) => rows(page).getByRole('rowheader').getByRole('link').first();

/** The column with this heading, as it stands. */
async function column(page: Page, heading: string): Promise<string[]> {
  const at = (await page.getByRole('columnheader').allInnerTexts()).findIndex((text) => text.trim().toLowerCase() === heading.toLowerCase());
  return rows(page).evaluateAll((rows, at) => rows.map((row) => (row as HTMLTableRowElement).cells[at].innerText.trim()), at);
}

test('an idea is added with tags and changed', async ({ page, open, workspace }) => {
  await open(`${workspace.home}/ideas/new`);
  await field(page, 'Title').fill('Night mode');
  await field(page, 'Description').fill('Line one\nLine two & <more>');
  await field(page, 'Tags').fill('design, Night , design');
  await page.getByRole('button', { name: 'Add idea' }).click();
  await expect(page.getByRole('heading', { name: 'Night mode', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Description' })).toHaveText('Line one\nLine two & <more>');
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('link')).toHaveText(['design', 'Night']);
  await expect(page.getByRole('region', { name: 'Details' })).toContainText(workspace.name);

  await page.getByRole('link', { name: 'Edit' }).click();
  await expect(field(page, 'Description')).toHaveValue('Line one\nLine two & <more>');
  await expect(field(page, 'Tags')).toHaveValue('design, Night');
  await field(page, 'Title').fill('Dusk mode');
  await field(page, 'Tags').fill('design');
  await page.getByRole('button', { name: 'Save idea' }).click();
  await expect(page.getByRole('heading', { name: 'Dusk mode', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' }).getByRole('link')).toHaveText(['design']);
});

test('the status moves by the buttons that are allowed', async ({ page, open, workspace }) => {
  await open(await workspace.addIdea({ title: 'Going places' }));
  const status = page.getByRole('region', { name: 'Status' });
  const stands = async (label: string, buttons: string[]) => {
    await expect(status.getByText(label, { exact: true })).toBeVisible();
    await expect(status.getByRole('button')).toHaveText(buttons);
  };
  await stands('Submitted', ['Review', 'Reject']);
  await status.getByRole('button', { name: 'Reject' }).click();
  await stands('Rejected', ['Review']);
  await status.getByRole('button', { name: 'Review' }).click();
  await stands('Under review', ['Approve', 'Reject']);
  await status.getByRole('button', { name: 'Approve' }).click();
  await stands('Approved', ['Start development', 'Reject']);
  await status.getByRole('button', { name: 'Start development' }).click();
  await stands('In development', ['Mark as implemented']);
  await status.getByRole('button', { name: 'Mark as implemented' }).click();
  await stands('Implemented', []);
});

test('a deleted idea can be had back at once or later', async ({ page, open, workspace }) => {
  const idea = await workspace.addIdea({ title: 'Second thoughts' });
  await open(idea);
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(new RegExp(`${workspace.home}/ideas\\?deleted=`));
  await expect(page.getByRole('link', { name: 'Second thoughts' })).toHaveCount(0);
  const notice = page.getByRole('status').filter({ hasText: 'The idea is deleted.' });
  await notice.getByRole('button', { name: 'Undo' }).click();
  await expect(page).toHaveURL(idea);
  await expect(page.getByRole('heading', { name: 'Second thoughts', level: 1 })).toBeVisible();

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('navigation', { name: 'Filter by status' }).getByRole('link', { name: 'Deleted' }).click();
  await page.getByRole('link', { name: 'Second thoughts' }).click();
  await expect(page.getByText('This idea is deleted.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('link', { name: 'Edit' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Ideas' }).click();
  await expect(page.getByRole('link', { name: 'Second thoughts' })).toBeVisible();
});

test.describe('the demo', () => {
  test.beforeEach(async ({ signedInAs }) => signedInAs('stakeholder'));

  test('shows 787.5 for Mobile App', async ({ page, open }) => {
    await open(DEMO);
    const row = page.getByRole('row', { name: /Mobile App/ });
    await expect(row.getByRole('cell', { name: '787.5', exact: true })).toBeVisible();
    await row.getByRole('link', { name: 'Mobile App' }).click();
    await expect(page.getByRole('heading', { name: 'Mobile App', level: 1 })).toBeVisible();
    await expect(page.getByLabel('RICE score')).toHaveText('787.5');
    await expect(page.getByText('100 × 9 × 7 ÷ 8')).toBeVisible();
  });

  test('is paged through and back, and the places go on', async ({ page, open }) => {
    const pages = page.getByRole('navigation', { name: 'Pages' });
    const first = async (place: number, range: string, length: number) => {
      await expect(pages).toContainText(range);
      await expect(rows(page)).toHaveCount(length);
      expect(await column(page, '#')).toEqual(Array.from({ length }, (_, at) => `${place + at}`));
      return rows(page).getByRole('rowheader').allInnerTexts();
    };
    await open(DEMO);
    await expect(pages.getByRole('link', { name: 'Previous' })).toHaveCount(0);
    const top = await first(1, '1–20', 20);
    await pages.getByRole('link', { name: 'Next' }).click();
    const middle = await first(21, '21–40', 20);
    await pages.getByRole('link', { name: 'Next' }).click();
    const bottom = await first(41, '41–44', 4);
    await expect(pages.getByRole('link', { name: 'Next' })).toHaveCount(0);
    expect(new Set([...top, ...middle, ...bottom]).size).toBe(44);
    await pages.getByRole('link', { name: 'Previous' }).click();
    expect(await first(21, '21–40', 20)).toEqual(middle);
    await pages.getByRole('link', { name: 'Previous' }).click();
    expect(await first(1, '1–20', 20)).toEqual(top);
  });

  test('is ranked by each score through its column', async ({ page, open }) => {
    await open(DEMO);
    for (const score of ['ICE', 'WSJF', 'Priority', 'RICE']) {
      const heading = page.getByRole('columnheader', { name: new RegExp(`^${score}`) });
      await heading.getByRole('link').click();
      await expect(heading).toHaveAttribute('aria-sort', 'descending');
      await expect(page.locator('[aria-sort]')).toHaveCount(1);
      const scores = (await column(page, score)).map((text) => (text === '–' ? 0 : Number(text.replaceAll(',', ''))));
      expect(scores).toHaveLength(20);
      expect(scores[0]).toBeGreaterThan(0);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
    await page.getByRole('columnheader', { name: 'Added' }).getByRole('link').click();
    await expect(page.getByRole('columnheader', { name: 'Added' })).toHaveAttribute('aria-sort', 'descending');
  });

  test('is narrowed by status and tag', async ({ page, open }) => {
    await open(`${DEMO}?sort=wsjf`);
    const filter = page.getByRole('navigation', { name: 'Filter by status' });
    await filter.getByRole('link', { name: 'Approved' }).click();
    await expect(filter.getByRole('link', { name: 'Approved' })).toHaveAttribute('aria-current', 'page');
    expect(new Set(await column(page, 'Status'))).toEqual(new Set(['Approved']));
    await expect(page.getByRole('columnheader', { name: 'WSJF' })).toHaveAttribute('aria-sort', 'descending');

    await page.getByRole('search').getByRole('textbox', { name: 'Tag' }).fill('mobile');
    await page.getByRole('search').getByRole('button', { name: 'Filter' }).click();
    await expect(page).toHaveURL(/sort=wsjf&status=APPROVED&tag=mobile/);
    await expect(rows(page)).toHaveCount(1);
    await expect(titles(page)).toHaveText('Mobile App');

    await filter.getByRole('link', { name: 'All' }).click();
    await expect(page).toHaveURL(`${DEMO}?sort=wsjf&tag=mobile`);
    expect((await column(page, 'Idea')).every((text) => text.includes('mobile'))).toBe(true);
    await page.getByRole('link', { name: 'Clear tag' }).click();
    await expect(rows(page)).toHaveCount(20);

    await page.getByRole('row').getByRole('link', { name: 'planning', exact: true }).first().click();
    await expect(page).toHaveURL(/tag=planning/);
    await expect(page.getByRole('link', { name: 'Clear tag' })).toBeVisible();
    await filter.getByRole('link', { name: 'Implemented' }).click();
    await expect(page.getByRole('heading', { name: 'No idea matches' })).toBeVisible();
  });
});
