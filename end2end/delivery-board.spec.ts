import { endpoint, expect, expectRefused, field, hydrated, post, test } from './fixtures';
import type { Page } from '@playwright/test';
import { deafen } from './live';
import { addCards, card, cards, deliveryBoard, expectColumn, menu, press, type Delivery } from './board';

const first: Record<Delivery, string> = { features: 'Backlog', tasks: 'To do' };
const priority = (page: Page, title: string) => card(page, title).getByRole('combobox', { name: 'Priority', includeHidden: true });

for (const kind of ['features', 'tasks'] as const) {
  test(`${kind} are moved by their buttons, to any column`, async ({ page, open, workspace }) => {
    await addCards(page, workspace, kind, ['One', 'Two', 'Three']);
    await open(deliveryBoard(workspace, kind));
    await expectColumn(page, first[kind], ['One', 'Two', 'Three']);
    await press(page, 'Three', 'Move up');
    await expectColumn(page, first[kind], ['One', 'Three', 'Two']);
    await press(page, 'One', 'Move down');
    await expectColumn(page, first[kind], ['Three', 'One', 'Two']);
    await press(page, 'One', 'Move to Done');
    await expectColumn(page, 'Done', ['One']);
    await press(page, 'One', 'Move to In review');
    await expectColumn(page, 'In review', ['One']);
    await open(deliveryBoard(workspace, kind));
    await expectColumn(page, first[kind], ['Three', 'Two']);
    await expectColumn(page, 'In review', ['One']);
  });

  test(`${kind} are added at a column's foot`, async ({ page, open, workspace }) => {
    await open(deliveryBoard(workspace, kind));
    const noun = kind === 'features' ? 'feature' : 'task';
    for (const title of ['One', 'Two']) {
      await field(page, `Add a ${noun} to In progress`).fill(title);
      await field(page, `Add a ${noun} to In progress`).press('Enter');
      await expect(cards(page, 'In progress').last()).toContainText(title);
      await expect(field(page, `Add a ${noun} to In progress`)).toHaveValue('');
    }
    await open(deliveryBoard(workspace, kind));
    await expectColumn(page, 'In progress', ['One', 'Two']);
  });

  test(`a column of ${kind} over its limit says so`, async ({ page, open, workspace }) => {
    await addCards(page, workspace, kind, ['One', 'Two', 'Three'], 'IN_PROGRESS');
    await open(deliveryBoard(workspace, kind));
    await page.getByText('Work-in-progress limits').click();
    await page.getByRole('spinbutton', { name: 'In progress' }).fill('3');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await expect(page.getByText('3 of 3', { exact: true })).toBeVisible();
    await addCards(page, workspace, kind, ['Four']);
    await open(deliveryBoard(workspace, kind));
    await press(page, 'Four', 'Move to In progress');
    await expect(page.getByText('4 of 3, over the limit', { exact: true })).toBeVisible();
    await expect(cards(page, 'In progress')).toHaveCount(4);
  });
}

test('a card is changed where it stands', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two']);
  await open(deliveryBoard(workspace, 'tasks'));
  await expect(priority(page, 'One')).toHaveValue('MEDIUM');
  const form = await menu(page, 'One');
  await form.getByLabel('Title', { exact: true }).fill('Uno');
  await form.getByRole('combobox', { name: 'Priority' }).selectOption('Critical');
  await form.getByRole('button', { name: 'Save' }).click();
  await expectColumn(page, 'To do', ['Uno', 'Two']);
  await expect(priority(page, 'Uno')).toHaveValue('CRITICAL');
  await open(deliveryBoard(workspace, 'tasks'));
  await expectColumn(page, 'To do', ['Uno', 'Two']);
});

test('many cards are moved and ranked at once', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'features', ['One', 'Two', 'Three']);
  const choose = async (action: string) => {
    await open(deliveryBoard(workspace, 'features'));
    for (const title of ['One', 'Three']) {
      await (await menu(page, title)).getByRole('checkbox', { name: 'Select' }).check();
      await page.getByLabel(`Ways to move “${title}”`).click();
    }
    await field(page, 'What to do with the selected cards').selectOption(action);
    await page.getByRole('button', { name: 'Apply' }).click();
  };
  await choose('Move to Testing');
  await expectColumn(page, 'Testing', ['One', 'Three']);
  await expectColumn(page, 'Backlog', ['Two']);
  await choose('Set priority to Low');
  await expect(priority(page, 'One')).toHaveValue('LOW');
  await expect(priority(page, 'Three')).toHaveValue('LOW');
  await expect(priority(page, 'Two')).toHaveValue('MEDIUM');
});

test('lanes part the board by what cards have in common', async ({ page, open, workspace }) => {
  await addCards(page, workspace, 'tasks', ['One', 'Two']);
  await open(deliveryBoard(workspace, 'tasks'));
  await page.getByRole('navigation', { name: 'Lanes' }).getByRole('link', { name: 'Assignee' }).click();
  await expect(page).toHaveURL(/lanes=assignee$/);
  await expectColumn(page, 'To do, Nobody', ['One', 'Two']);
  await expectColumn(page, `To do, ${workspace.name}`, []);
  await press(page, 'Two', 'Move to Done');
  await expectColumn(page, 'Done, Nobody', ['Two']);
  await field(page, `Add a task to In progress, ${workspace.name}`).fill('Mine');
  await field(page, `Add a task to In progress, ${workspace.name}`).press('Enter');
  await expectColumn(page, `In progress, ${workspace.name}`, ['Mine']);
  await page.getByRole('navigation', { name: 'Lanes' }).getByRole('link', { name: 'No lanes' }).click();
  await expectColumn(page, 'In progress', ['Mine']);
});

test('those who may not write see the board and cannot change anything', async ({ page, open, signedInAs }) => {
  await signedInAs('stakeholder');
  await open('/orgs/demo/products/demo-product/features/board');
  await expect(cards(page, 'Done').first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Move/, includeHidden: true })).toHaveCount(0);
  await expect(page.getByLabel(/^Add a feature/)).toHaveCount(0);
  await expect(page.getByText('Work-in-progress limits')).toHaveCount(0);
});

test.describe('what is refused', () => {
  test.use({ statuses: [404, 409, 422] });

  test('a card without a title, and a limit that is none', async ({ page, open, workspace }) => {
    await open(deliveryBoard(workspace, 'tasks'));
    const title = field(page, 'Add a task to Done');
    await title.fill('x'.repeat(201));
    await title.press('Enter');
    await expectRefused(title, /the limit is 200/);
    await expect(title).toHaveValue('x'.repeat(201));
    await open(deliveryBoard(workspace, 'tasks'));
    await page.getByText('Work-in-progress limits').click();
    await page.getByRole('spinbutton', { name: 'In review' }).fill('1000');
    await page.getByRole('button', { name: 'Save limits' }).click();
    await expectRefused(page.getByRole('spinbutton', { name: 'In review' }), /whole number from 1 to 999/);
  });

  test('a card for a lane that is gone, and its title is kept', async ({ page, open, workspace, javaScriptEnabled }) => {
    await addCards(page, workspace, 'features', ['Gone']);
    await open(deliveryBoard(workspace, 'features'));
    const feature = (await card(page, 'Gone').getByRole('link').getAttribute('href'))!;
    await deafen(page);
    await open(`${deliveryBoard(workspace, 'tasks')}?lanes=feature`);
    const address = await endpoint(page.request, feature, 'delete_feature');
    await post(page.request, address, { org: workspace.org, id: feature.split('/').pop()! }, feature);
    const title = field(page, 'Add a task to To do, Gone');
    await title.fill('Kept');
    await title.press('Enter');
    await expect(page.getByRole('alert')).toContainText('Its lane is not there any more.');
    if (javaScriptEnabled) {
      await expect(title).toHaveValue('Kept');
      return;
    }
    const again = page.getByRole('form', { name: 'Add the task again' });
    await expect(again.getByLabel('Title')).toHaveValue('Kept');
    await expect(again.getByLabel('Column')).toHaveValue('TODO');
    await again.getByLabel('Lane').selectOption('No feature');
    await again.getByRole('button', { name: 'Add' }).click();
    await expectColumn(page, 'To do, No feature', ['Kept']);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('a card that somebody else has changed, and its menu is open with what was typed', async ({ page, open, workspace, javaScriptEnabled }) => {
    await addCards(page, workspace, 'tasks', ['One', 'Two']);
    await deafen(page);
    await open(deliveryBoard(workspace, 'tasks'));
    const other = await page.context().newPage();
    await other.goto(deliveryBoard(workspace, 'tasks'));
    if (javaScriptEnabled) await hydrated(other);
    const change = async (on: Page, to: string) => {
      const form = await menu(on, 'One');
      await form.getByLabel('Title', { exact: true }).fill(to);
      await form.getByRole('button', { name: 'Save' }).click();
    };
    await change(other, 'Theirs');
    await expectColumn(other, 'To do', ['Theirs', 'Two']);
    await change(page, 'Mine');
    // Only those of an open menu are found.
    const title = page.getByRole('textbox', { name: 'Title', exact: true });
    await expectRefused(title, /Saved now: Title “Theirs”.*Save again to keep yours/);
    await expect(title).toHaveValue('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expectColumn(page, 'To do', ['Mine', 'Two']);
    await expect(title).toHaveCount(0);
  });

  test('a card that is gone, and the board is as it really is', async ({ page, open, workspace }) => {
    await addCards(page, workspace, 'features', ['Gone', 'Staying']);
    await deafen(page);
    await open(deliveryBoard(workspace, 'features'));
    const feature = (await card(page, 'Gone').getByRole('link').getAttribute('href'))!;
    const address = await endpoint(page.request, feature, 'delete_feature');
    await post(page.request, address, { org: workspace.org, id: feature.split('/').pop()! }, feature);
    await press(page, 'Gone', 'Move to Done');
    await expect(page.getByRole('alert')).toContainText('This feature has been deleted.');
    await expectColumn(page, 'Backlog', ['Staying']);
    await expectColumn(page, 'Done', []);
  });
});
