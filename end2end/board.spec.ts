import { expect, test } from './fixtures';
import { addIdeas, board, card, cards, column, expectColumn, press, remove } from './board';
import { deafen } from './live';

test('cards are moved by their buttons', async ({ page, open, workspace }) => {
  await addIdeas(page, workspace, ['One', 'Two', 'Three']);
  await open(board(workspace));
  await expectColumn(page, 'Submitted', ['One', 'Two', 'Three']);

  await press(page, 'Three', 'Move up');
  await expectColumn(page, 'Submitted', ['One', 'Three', 'Two']);
  await press(page, 'Three', 'Move up');
  await expectColumn(page, 'Submitted', ['Three', 'One', 'Two']);
  await expect(card(page, 'Three').getByRole('button', { name: 'Move up', includeHidden: true })).toHaveCount(0);
  await press(page, 'One', 'Move down');
  await expectColumn(page, 'Submitted', ['Three', 'Two', 'One']);

  await press(page, 'Two', 'Move to Under review');
  await expectColumn(page, 'Under review', ['Two']);
  await press(page, 'One', 'Move to Under review');
  await expectColumn(page, 'Under review', ['One', 'Two']);
  await press(page, 'Two', 'Move to Approved');
  await expectColumn(page, 'Approved', ['Two']);
  await expect(card(page, 'Two').getByRole('button', { name: 'Move to Submitted', includeHidden: true })).toHaveCount(0);

  await open(board(workspace));
  await expectColumn(page, 'Submitted', ['Three']);
  await expectColumn(page, 'Under review', ['One']);
  await expectColumn(page, 'Approved', ['Two']);
});

test('list and board lead to one another and keep the tag', async ({ page, open, workspace }) => {
  await workspace.addIdea({ title: 'Tagged', tags: 'mobile & web' });
  await workspace.addIdea({ title: 'Plain' });
  const view = page.getByRole('navigation', { name: 'View' });
  await open(`${workspace.home}/ideas?tag=mobile%20%26%20web`);
  await view.getByRole('link', { name: 'Board' }).click();
  await expect(page).toHaveURL(/\/ideas\/board\?tag=mobile%20%26%20web$/);
  await expectColumn(page, 'Submitted', ['Tagged']);
  await expect(view.getByRole('link', { name: 'Board' })).toHaveAttribute('aria-current', 'page');
  await page.getByRole('link', { name: 'Clear tag' }).click();
  await expectColumn(page, 'Submitted', ['Tagged', 'Plain']);
  await page.getByRole('search').getByRole('textbox', { name: 'Tag' }).fill('nothing');
  await page.getByRole('search').getByRole('button', { name: 'Filter' }).click();
  await expectColumn(page, 'Submitted', []);
  await view.getByRole('link', { name: 'List' }).click();
  await expect(page).toHaveURL(/\/ideas\?tag=nothing$/);
});

test('a column is shut and opened', async ({ page, open, workspace }) => {
  await addIdeas(page, workspace, ['One']);
  await open(board(workspace));
  await page.getByRole('heading', { name: 'Submitted' }).click();
  await expect(column(page, 'Submitted')).toBeHidden();
  await page.getByRole('heading', { name: 'Submitted' }).click();
  await expectColumn(page, 'Submitted', ['One']);
});

test('a card leads to its idea', async ({ page, open, workspace }) => {
  await addIdeas(page, workspace, ['One']);
  await open(board(workspace));
  await page.getByRole('link', { name: 'One', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'One', level: 1 })).toBeVisible();
});

test('those who do not review see the board and cannot move anything', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products/demo-product/ideas/board');
  await expect(cards(page, 'Submitted').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Move/, includeHidden: true })).toHaveCount(0);
  await expect(page.getByLabel(/^Ways to move/)).toHaveCount(0);
});

test.describe('a move that cannot be made', () => {
  test.use({ statuses: [409] });

  test('is refused in plain words, and the board is as it really is', async ({ page, open, workspace }) => {
    const gone = await workspace.addIdea({ title: 'Gone' });
    await workspace.addIdea({ title: 'Staying' });
    await deafen(page);
    await open(board(workspace));
    await remove(page, workspace, gone);
    await press(page, 'Gone', 'Move to Under review');
    await expect(page.getByRole('alert')).toContainText('This idea has been deleted.');
    await expectColumn(page, 'Submitted', ['Staying']);
    await expectColumn(page, 'Under review', []);
  });
});
