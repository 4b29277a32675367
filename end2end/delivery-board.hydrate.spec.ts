import { endpoint, expect, field, hydrated, post, test } from './fixtures';
import { addCards, card, cards, column, deliveryBoard, expectColumn, grip, menu, press } from './board';
import { elsewhere } from './live';
import type { Locator, Page } from '@playwright/test';

const middle = async (of: Locator) => {
  const box = (await of.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

/** Drags a card by the mouse to a point. */
async function drag(page: Page, title: string, to: { x: number; y: number }) {
  const from = await middle(card(page, title));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.move(to.x, to.y, { steps: 8 });
  const moved = page.waitForResponse(/place_card/);
  await page.mouse.up();
  await moved;
}

const told = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toHaveCount(1);

test('a card is dragged to another column', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two']);
  await addCards(page, workspace, 'tasks', ['Ready'], 'DONE');
  await open(deliveryBoard(workspace, 'tasks'));
  await drag(page, 'One', await middle(card(page, 'Ready')));
  await expect(cards(page, 'Done')).toHaveCount(2);
  await open(deliveryBoard(workspace, 'tasks'));
  await expectColumn(page, 'To do', ['Two']);
  await expect(cards(page, 'Done').filter({ hasText: 'One' })).toHaveCount(1);
});

test('a card is dragged to another lane, which changes what it stands for', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two']);
  await open(`${deliveryBoard(workspace, 'tasks')}?lanes=assignee`);
  const heading = await middle(page.getByRole('region', { name: workspace.name }).getByText('In progress', { exact: true }));
  await drag(page, 'One', { x: heading.x, y: heading.y + 40 });
  await expectColumn(page, `In progress, ${workspace.name}`, ['One']);
  await open(`${deliveryBoard(workspace, 'tasks')}?lanes=assignee`);
  await expectColumn(page, `In progress, ${workspace.name}`, ['One']);
  await expectColumn(page, 'To do, Nobody', ['Two']);
});

test('a card is moved by keyboard, and told when its column holds too many', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'features', ['One', 'Two']);
  await addCards(page, workspace, 'features', ['Three'], 'IN_PROGRESS');
  await open(deliveryBoard(workspace, 'features'));
  await page.getByText('Work-in-progress limits').click();
  await page.getByRole('spinbutton', { name: 'In progress' }).fill('1');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('1 of 1', { exact: true })).toBeVisible();
  await grip(page, 'One').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  const moved = page.waitForResponse(/place_card/);
  await page.keyboard.press('Space');
  await moved;
  await told(page, '“One” is put down. Place 1 of 2 in In progress. In progress has 2 of 1, over the limit.');
  await expect(grip(page, 'One')).toBeFocused();
  await expectColumn(page, 'In progress', ['One', 'Three']);
});

test('one card after another is added without leaving the field', async ({ page, open, workspace }) => {
  await open(deliveryBoard(workspace, 'tasks'));
  const title = field(page, 'Add a task to To do');
  await title.focus();
  for (const text of ['One', 'Two', 'Three']) {
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await expect(cards(page, 'To do').last()).toContainText(text);
    await expect(title).toBeFocused();
    await expect(title).toHaveValue('');
  }
  await told(page, '“Three” is added. Place 3 of 3 in To do.');
});

test('cards are ticked by keyboard and by click, and done with at once', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two', 'Three']);
  await open(deliveryBoard(workspace, 'tasks'));
  const bar = page.getByRole('form', { name: 'Selected cards' });
  await expect(bar).toBeHidden();
  await grip(page, 'Two').focus();
  await page.keyboard.press('x');
  await told(page, '“Two” is selected. 1 selected.');
  // Beside the title, which is a link.
  await card(page, 'Three').click({ modifiers: ['Control'], position: { x: 20, y: 78 } });
  await expect(bar).toContainText('2 selected');
  await field(page, 'What to do with the selected cards').selectOption('Move to Done');
  await bar.getByRole('button', { name: 'Apply' }).click();
  await expectColumn(page, 'Done', ['Two', 'Three']);
  await expectColumn(page, 'To do', ['One']);
  await expect(bar).toBeHidden();
});

test('a ticked card that somebody deletes is ticked no more', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'features', ['One', 'Two', 'Three']);
  await open(deliveryBoard(workspace, 'features'));
  for (const title of ['One', 'Two']) {
    await grip(page, title).focus();
    await page.keyboard.press('x');
  }
  const bar = page.getByRole('form', { name: 'Selected cards' });
  await expect(bar).toContainText('2 selected');
  const feature = (await card(page, 'One').getByRole('link').getAttribute('href'))!;
  await post(page.request, await endpoint(page.request, feature, 'delete_feature'), { org: workspace.org, id: feature.split('/').pop()! }, feature);
  await expect(bar).toContainText('1 selected');
  await bar.getByLabel('What to do with the selected cards').selectOption('Move to Done');
  await bar.getByRole('button', { name: 'Apply' }).click();
  await expectColumn(page, 'Done', ['Two']);
  await expectColumn(page, 'Backlog', ['Three']);
});

test('escape shuts a card’s menu, and leads back to what opened it', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One']);
  await open(deliveryBoard(workspace, 'tasks'));
  const form = await menu(page, 'One');
  await form.getByLabel('Title', { exact: true }).focus();
  await page.keyboard.press('Escape');
  await expect(form.getByLabel('Title', { exact: true })).toBeHidden();
  await expect(page.getByLabel('Ways to move “One”')).toBeFocused();
});

test('a card says whose its task is as soon as somebody takes it elsewhere', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two']);
  await open(deliveryBoard(workspace, 'tasks'));
  await expect(card(page, 'One')).not.toContainText(workspace.name);
  const id = (await card(page, 'One').getAttribute('data-card'))!;
  const task = `${workspace.home}/tasks/${id}`;
  const answer = await post(page.request, await endpoint(page.request, task, 'take_task'), { org: workspace.org, id, wanted: 'true', page: task }, task);
  expect(answer.status(), await answer.text()).toBe(303);
  await expect(card(page, 'One')).toContainText(workspace.name);
  await expect(card(page, 'Two')).not.toContainText(workspace.name);
});

test('a shut column stays shut when the board is read again', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['Dropped'], 'CANCELLED');
  await addCards(page, workspace, 'tasks', ['Ready'], 'DONE');
  await open(deliveryBoard(workspace, 'tasks'));
  await page.getByRole('heading', { name: 'Cancelled' }).click();
  await expect(column(page, 'Cancelled')).toBeHidden();
  await page.getByText('Work-in-progress limits').click();
  await page.getByRole('spinbutton', { name: 'In progress' }).fill('4');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('0 of 4', { exact: true })).toBeVisible();
  await expect(column(page, 'Cancelled')).toBeHidden();
  await expect(column(page, 'Done')).toBeVisible();
});

test.describe('what is typed in a card’s menu while others are at work', () => {
  test.use({ statuses: [404, 409] });
  const news = (page: Page) => page.getByRole('status').filter({ hasText: 'Somebody changed this.' });
  const title = (form: Locator) => form.getByLabel('Title', { exact: true });

  test('it stays when somebody moves the card, and the news come when the menu is shut', async ({ page, open, workspace, browser, baseURL }) => {
    await addCards(page, workspace, 'tasks', ['One', 'Two']);
    const other = await elsewhere(browser, page, baseURL);
    await other.goto(deliveryBoard(workspace, 'tasks'));
    await hydrated(other);
    await open(deliveryBoard(workspace, 'tasks'));
    const form = await menu(page, 'One');
    await title(form).fill('Half a thou');
    await press(other, 'One', 'Move to Done');
    await expect(news(page)).toBeVisible();
    await expectColumn(page, 'To do', ['One', 'Two']);
    await expect(title(form)).toBeVisible();
    await expect(title(form)).toHaveValue('Half a thou');
    await title(form).press('Escape');
    await expectColumn(page, 'Done', ['One']);
    await expectColumn(page, 'To do', ['Two']);
    await expect(news(page)).toHaveCount(0);
    await other.context().close();
  });

  test('it stays when somebody deletes the card, and is told so beside it', async ({ page, open, workspace }) => {
    await addCards(page, workspace, 'features', ['One', 'Two']);
    await open(deliveryBoard(workspace, 'features'));
    const feature = (await card(page, 'One').getByRole('link').getAttribute('href'))!;
    const form = await menu(page, 'One');
    await title(form).fill('Half a thou');
    const address = await endpoint(page.request, feature, 'delete_feature');
    await post(page.request, address, { org: workspace.org, id: feature.split('/').pop()! }, feature);
    await expect(news(page)).toBeVisible();
    await expect(title(form)).toHaveValue('Half a thou');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(title(form)).toHaveAttribute('aria-invalid', 'true');
    await page.waitForTimeout(600);
    await expect(title(form)).toHaveValue('Half a thou');
    await title(form).press('Escape');
    await expectColumn(page, 'Backlog', ['Two']);
    await expect(news(page)).toHaveCount(0);
  });

  test('a conflict is told until it is saved again', async ({ page, open, workspace, browser, baseURL }) => {
    await addCards(page, workspace, 'tasks', ['One', 'Two']);
    const other = await elsewhere(browser, page, baseURL);
    await other.goto(deliveryBoard(workspace, 'tasks'));
    await hydrated(other);
    await open(deliveryBoard(workspace, 'tasks'));
    const form = await menu(page, 'One');
    await title(form).fill('Mine');
    const theirs = await menu(other, 'One');
    await title(theirs).fill('Theirs');
    await theirs.getByRole('button', { name: 'Save' }).click();
    await expectColumn(other, 'To do', ['Theirs', 'Two']);
    await expect(news(page)).toBeVisible();
    await form.getByRole('button', { name: 'Save' }).click();
    const conflict = form.getByText(/Saved now: Title “Theirs”.*Save again to keep yours/);
    await expect(conflict).toBeVisible();
    // Longer than any news take.
    await page.waitForTimeout(2_500);
    await expect(conflict).toBeVisible();
    await expect(title(form)).toHaveValue('Mine');
    await form.getByRole('button', { name: 'Save' }).click();
    await expectColumn(page, 'To do', ['Mine', 'Two']);
    await expect(news(page)).toHaveCount(0);
    await expectColumn(other, 'To do', ['Mine', 'Two']);
    await other.context().close();
  });
});
