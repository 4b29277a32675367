import { expect, test } from './fixtures';
import { deafen } from './live';
import { addIdeas, board, card, cards, column, expectColumn, grip, remove } from './board';
import type { Locator, Page } from '@playwright/test';

const middle = async (of: Locator) => {
  const box = (await of.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

/** Takes a card by the mouse and carries it to a point, without letting go. */
async function carry(page: Page, title: string, to: { x: number; y: number }) {
  const from = await middle(card(page, title));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.move(to.x, to.y, { steps: 8 });
}

/** A little below the top of a column's cards. */
async function top(page: Page, name: string) {
  const heading = await middle(page.getByRole('heading', { name, exact: true }));
  return { x: heading.x, y: heading.y + 50 };
}

test.describe('by mouse', () => {
  test('a card is dragged within its column and to another', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two', 'Three', 'Four']);
    await open(board(workspace));
    await carry(page, 'One', await middle(card(page, 'Three')));
    await expect(cards(page, 'Submitted').nth(2)).toHaveText(/One/);
    const placed = page.waitForResponse(/\/api\/(move|place)_card/);
    await page.mouse.up();
    await expectColumn(page, 'Submitted', ['Two', 'Three', 'One', 'Four']);
    await placed;

    const moved = page.waitForResponse(/move_card/);
    await carry(page, 'Three', await top(page, 'Under review'));
    await page.mouse.up();
    await moved;
    await expectColumn(page, 'Under review', ['Three']);
    await open(board(workspace));
    await expectColumn(page, 'Submitted', ['Two', 'One', 'Four']);
    await expectColumn(page, 'Under review', ['Three']);
  });

  test('a card stays where it was put although the page is left at once', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two']);
    await open(board(workspace));
    await carry(page, 'One', await top(page, 'Under review'));
    await expectColumn(page, 'Under review', ['One']);
    await page.mouse.up();
    await page.goto('/healthz');
    await open(board(workspace));
    await expectColumn(page, 'Under review', ['One']);
  });

  test('escape puts the card back', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two']);
    await open(board(workspace));
    await carry(page, 'One', await top(page, 'Under review'));
    await expectColumn(page, 'Under review', ['One']);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expectColumn(page, 'Submitted', ['One', 'Two']);
    await expectColumn(page, 'Under review', []);
  });

  test('a click on the title still leads to the idea, and a drag by it does not', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two']);
    await open(board(workspace));
    const link = page.getByRole('link', { name: 'One', exact: true });
    const from = await middle(link);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    const to = await middle(card(page, 'Two'));
    await page.mouse.move(to.x, to.y, { steps: 5 });
    await page.mouse.up();
    await expectColumn(page, 'Submitted', ['Two', 'One']);
    await expect(page).toHaveURL(/board$/);
    await link.click();
    await expect(page.getByRole('heading', { name: 'One', level: 1 })).toBeVisible();
  });
});

test.describe('what is refused', () => {
  test.use({ statuses: [409, 503] });

  test('goes back where it was, with the reason', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two']);
    await open(board(workspace));
    await carry(page, 'One', await top(page, 'Approved'));
    await page.mouse.up();
    await expect(page.getByRole('alert')).toHaveText('“One” was not moved. An idea cannot go from “Submitted” to “Approved”.');
    await expectColumn(page, 'Submitted', ['One', 'Two']);
    await expectColumn(page, 'Approved', []);
  });

  test('a card that may not go there comes back, and the keyboard with it', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two']);
    await open(board(workspace));
    await grip(page, 'One').focus();
    for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space']) await page.keyboard.press(key);
    await expect(page.getByRole('alert')).toContainText('“One” was not moved.');
    await expect(page.getByRole('status').filter({ hasText: '“One” is back. Place 1 of 2 in Submitted.' })).toHaveCount(1);
    await expect(grip(page, 'One')).toBeFocused();
  });

  test('is shown at once and taken back when the server fails', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two']);
    await open(board(workspace));
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/move_card*', async (route) => {
      await held;
      await route.fulfill({ status: 503, body: 'busy' });
    });
    await carry(page, 'Two', await middle(card(page, 'One')));
    await page.mouse.up();
    await expectColumn(page, 'Submitted', ['Two', 'One']);
    answer();
    await expect(page.getByRole('alert')).toContainText('“Two” was not moved.');
    await expectColumn(page, 'Submitted', ['One', 'Two']);
  });

  test('leaves the board as it really is', async ({ page, open, workspace }) => {
    const gone = await workspace.addIdea({ title: 'Gone' });
    await addIdeas(page, workspace, ['One', 'Two']);
    await deafen(page);
    await open(board(workspace));
    await remove(page, workspace, gone);
    await addIdeas(page, workspace, ['Three']);
    await carry(page, 'Gone', await top(page, 'Under review'));
    await page.mouse.up();
    await expect(page.getByRole('alert')).toContainText('“Gone” was not moved. This idea has been deleted.');
    await expectColumn(page, 'Submitted', ['One', 'Two', 'Three']);
    await expectColumn(page, 'Under review', []);
  });
});

test('several moves in a row all arrive', async ({ page, open, workspace }) => {
  await addIdeas(page, workspace, ['One', 'Two', 'Three', 'Four']);
  await open(board(workspace));
  await page.route('**/api/move_card*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  let answers = 0;
  page.on('response', (response) => (answers += response.url().includes('move_card') ? 1 : 0));
  for (let round = 0; round < 3; round++) {
    await carry(page, 'One', await middle(cards(page, 'Submitted').nth(round + 1)));
    await page.mouse.up();
  }
  await expectColumn(page, 'Submitted', ['Two', 'Three', 'Four', 'One']);
  await expect.poll(() => answers).toBe(3);
  await open(board(workspace));
  await expectColumn(page, 'Submitted', ['Two', 'Three', 'Four', 'One']);
});

test.describe('by finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a card is dragged by its handle', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two', 'Three']);
    await open(board(workspace));
    const touch = await page.context().newCDPSession(page);
    const from = await middle(grip(page, 'One'));
    const to = await middle(card(page, 'Three'));
    const at = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await at('touchStart', [from]);
    for (let step = 1; step <= 8; step++) {
      await at('touchMove', [{ x: from.x, y: from.y + ((to.y - from.y) * step) / 8 }]);
    }
    await expect(cards(page, 'Submitted').nth(2)).toHaveText(/One/);
    await at('touchEnd', []);
    await expectColumn(page, 'Submitted', ['Two', 'Three', 'One']);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.waitForLoadState('networkidle');
    await open(board(workspace));
    await expectColumn(page, 'Submitted', ['Two', 'Three', 'One']);
  });
});

test.describe('by keyboard', () => {
  test('a card is lifted, moved and put down, and every step is told', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['One', 'Two', 'Three']);
    await open(board(workspace));
    const told = page.getByRole('status').filter({ hasText: /./ });
    const tells = (text: string) => expect(told.filter({ hasText: text })).toHaveCount(1);
    await grip(page, 'One').focus();
    await expect(grip(page, 'One')).toHaveAccessibleDescription(/Press space to lift/);
    await page.keyboard.press('Space');
    await tells('“One” is lifted. Place 1 of 3 in Submitted. Arrow keys move it');
    await page.keyboard.press('ArrowDown');
    await tells('Place 2 of 3 in Submitted.');
    await page.keyboard.press('End');
    await tells('Place 3 of 3 in Submitted.');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    await tells('“One” is put down. Place 2 of 3 in Submitted.');
    await expectColumn(page, 'Submitted', ['Two', 'One', 'Three']);
    await expect(grip(page, 'One')).toBeFocused();

    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await tells('Place 1 of 1 in Under review.');
    await page.keyboard.press('ArrowRight');
    await tells('Place 1 of 1 in Approved. It cannot go here from where it is.');
    await page.keyboard.press('Escape');
    await tells('“One” is back. Place 2 of 3 in Submitted.');
    await expect(grip(page, 'One')).toBeFocused();

    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    const moved = page.waitForResponse(/move_card/);
    await page.keyboard.press('Enter');
    await moved;
    await expect(grip(page, 'One')).toBeFocused();
    await open(board(workspace));
    await expectColumn(page, 'Submitted', ['Two', 'Three']);
    await expectColumn(page, 'Under review', ['One']);
  });
});

test.describe('a long column', () => {
  test.setTimeout(180_000);

  test('has few cards in the page, shows any of them, and takes a drag to its end', async ({ page, open, workspace }) => {
    await addIdeas(page, workspace, ['First']);
    await addIdeas(page, workspace, Array.from({ length: 300 }, (_, at) => `Filler ${at}`), 10);
    await addIdeas(page, workspace, ['Last']);
    await open(board(workspace));
    const list = column(page, 'Submitted');
    const few = async () => expect(await cards(page, 'Submitted').count()).toBeLessThan(40);
    await expect(page.getByRole('link', { name: 'First', exact: true })).toBeVisible();
    await few();
    const scroll = (to: 'start' | 'end') =>
      list.evaluate((list, to) => (list.parentElement!.scrollTop = to === 'end' ? 1e9 : 0), to);
    await scroll('end');
    await expect(page.getByRole('link', { name: 'Last', exact: true })).toBeVisible();
    await few();
    await scroll('start');
    await expect(page.getByRole('link', { name: 'First', exact: true })).toBeVisible();

    // By keyboard to the very end.
    await grip(page, 'First').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('End');
    await expect(page.getByRole('link', { name: 'Last', exact: true })).toBeVisible();
    const moved = page.waitForResponse(/move_card/);
    await page.keyboard.press('Space');
    await moved;
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(cards(page, 'Submitted').last()).toHaveText(/First/);

    // By mouse, held near the lower edge, the column scrolls.
    await scroll('start');
    await expect(cards(page, 'Submitted').first()).toBeVisible();
    const body = (await list.evaluateHandle((list) => list.parentElement!)).asElement()!;
    const box = (await body.boundingBox())!;
    const name = (await cards(page, 'Submitted').first().getByRole('link').innerText()).trim();
    await carry(page, name, { x: box.x + box.width / 2, y: box.y + box.height - 5 });
    await expect.poll(() => body.evaluate((body) => body.scrollTop)).toBeGreaterThan(300);
    await page.keyboard.press('Escape');
    await page.mouse.up();
  });
});
