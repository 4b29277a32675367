import { expect, field, test } from './fixtures';

const PORTFOLIO = '/orgs/demo/products';

test('the portfolio is looked at in four ways, of which the address tells', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open(PORTFOLIO);
  const views = page.getByRole('navigation', { name: 'View' });
  const main = page.getByRole('main');
  await expect(main.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Demo Product' }) })).toBeVisible();
  await views.getByRole('link', { name: 'List' }).click();
  await expect(page).toHaveURL(`${PORTFOLIO}?view=list`);
  await expect(page.getByRole('table', { name: 'Products' }).getByRole('rowheader', { name: 'Demo Product' })).toBeVisible();
  await views.getByRole('link', { name: 'Board' }).click();
  await expect(page).toHaveURL(`${PORTFOLIO}?view=board`);
  await expect(page.getByRole('list', { name: 'Delivery' }).getByRole('link', { name: 'Demo Product' })).toBeVisible();
  await views.getByRole('link', { name: 'Timeline' }).click();
  await expect(page).toHaveURL(`${PORTFOLIO}?view=timeline`);
  const names = page.getByRole('list', { name: 'On the timeline' });
  await expect(names.getByRole('link', { name: 'Roadmap of Demo Product' })).toBeVisible();
  await expect(views.getByRole('link', { name: 'Timeline' })).toHaveAttribute('aria-current', 'page');
  await views.getByRole('link', { name: 'Grid' }).click();
  await expect(page).toHaveURL(PORTFOLIO);
  await expect(page.getByRole('heading', { name: 'Demo Product' })).toBeVisible();
});

test('the list is sorted by a column, and the other way round', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open(`${PORTFOLIO}?view=list`);
  const table = page.getByRole('table', { name: 'Products' });
  const names = table.getByRole('rowheader');
  await expect(names.first()).toContainText('Classic Desktop');
  await table.getByRole('link', { name: 'Ideas', exact: true }).click();
  await expect(page).toHaveURL(/sort=ideas$/);
  await expect(table.getByRole('columnheader', { name: 'Ideas' })).toHaveAttribute('aria-sort', 'descending');
  await expect(names.first()).toContainText('Demo Product');
  await table.getByRole('link', { name: 'Ideas', exact: true }).click();
  await expect(page).toHaveURL(/sort=-ideas$/);
  await expect(names.last()).toContainText('Demo Product');
  await table.getByRole('row').filter({ hasText: 'Demo Product' }).getByRole('link', { name: /^\d+ features of Demo Product$/ }).click();
  await expect(page.getByRole('heading', { name: 'Features', level: 1 })).toBeVisible();
});

test('each number of the list leads to as many rows', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  const lists = { features: 'Features', releases: 'Releases', 'done features': 'Features' };
  for (const [what, heading] of Object.entries(lists)) {
    await open(`${PORTFOLIO}?view=list`);
    const figure = page.getByRole('link', { name: new RegExp(`^\\d+ ${what} of Demo Product$`) });
    const count = Number(await figure.innerText());
    await figure.click();
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
    await expect(page.getByRole('main').getByRole('rowheader')).toHaveCount(count);
  }
});

test('every view is narrowed by the same words and stage', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open(`${PORTFOLIO}?view=list`);
  const filter = page.getByRole('search', { name: 'Filter the products' });
  await filter.getByLabel('Stage').selectOption('Sunset');
  await filter.getByRole('button', { name: 'Filter' }).click();
  const table = page.getByRole('table', { name: 'Products' });
  await expect(table.getByRole('rowheader')).toHaveText(['Classic Desktop']);
  const views = page.getByRole('navigation', { name: 'View' });
  await views.getByRole('link', { name: 'Board' }).click();
  await expect(page.getByRole('list', { name: 'Sunset' }).getByRole('link', { name: 'Classic Desktop' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Delivery' }).getByRole('listitem')).toHaveCount(0);
  await views.getByRole('link', { name: 'Grid' }).click();
  await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toHaveText(['Classic Desktop']);
  await field(page, 'Name or description').fill('nothing has these words');
  await filter.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('heading', { name: 'No product matches' })).toBeVisible();
  await page.getByRole('link', { name: 'Show all products' }).click();
  await expect(page.getByRole('heading', { name: 'Demo Product' })).toBeVisible();
});

test('the timeline has a table, and leads to the roadmap of each product', async ({ page, open, signedInAs }) => {
  await signedInAs('pm');
  await open(`${PORTFOLIO}?view=timeline&zoom=year`);
  await page.getByText('Show as table').click();
  const table = page.getByRole('table', { name: 'All dates' });
  const release = table.getByRole('row').filter({ hasText: 'Autumn release' });
  await expect(release).toContainText('Demo Product');
  await expect(release).toContainText(/\d{1,2} [A-Z][a-z]{2} \d{4}/);
  await page.getByRole('navigation', { name: 'Zoom' }).getByRole('link', { name: 'Month' }).click();
  await expect(page).toHaveURL(/view=timeline&zoom=month$/);
  await page.getByRole('navigation', { name: 'Time' }).getByRole('link', { name: /^Later/ }).click();
  await expect(page).toHaveURL(/zoom=month&from=\d{4}-\d{2}$/);
  await page.getByRole('navigation', { name: 'Time' }).getByRole('link', { name: 'Today' }).click();
  await page.getByRole('navigation', { name: 'Zoom' }).getByRole('link', { name: 'Year' }).click();
  await page.getByRole('link', { name: 'Roadmap of Demo Product' }).click();
  await expect(page.getByRole('heading', { name: 'Roadmap', level: 1 })).toBeVisible();
});

test('what is deleted is found in every view, and leads nowhere', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Survives' });
  await open(`${workspace.home}/settings`);
  await page.getByRole('button', { name: 'Delete product' }).click();
  await expect(page.getByRole('heading', { name: 'Rocket' })).toBeVisible();
  const main = page.getByRole('main');
  for (const view of ['Board', 'List']) {
    await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: view }).click();
    await expect(page).toHaveURL(new RegExp(`view=${view.toLowerCase()}&show=deleted$`));
    await expect(main.getByText('Rocket')).toBeVisible();
    await expect(main.getByRole('link', { name: 'Rocket' })).toHaveCount(0);
  }
  await main.getByRole('button', { name: 'Restore' }).click();
  await expect(page).toHaveURL(workspace.home);
});
