import { endpoint, expect, post, type Workspace } from './fixtures';
import type { Locator, Page } from '@playwright/test';

export const column = (page: Page, name: string): Locator => page.getByRole('list', { name, exact: true });
export const cards = (page: Page, name: string): Locator => column(page, name).getByRole('listitem');
export const card = (page: Page, title: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title, exact: true }) });
export const grip = (page: Page, title: string): Locator => page.getByRole('button', { name: `Move “${title}”`, exact: true });

/** What stands in a column, from its top. */
export async function expectColumn(page: Page, name: string, titles: string[]) {
  await expect(cards(page, name).getByRole('link')).toHaveText(titles);
}

/** Adds ideas in this order, many at a time where their order is no matter. */
export async function addIdeas(page: Page, workspace: Workspace, titles: string[], atOnce = 1) {
  const form = `${workspace.home}/ideas/new`;
  const address = await endpoint(page.request, form, 'create_idea');
  const referer = (await page.request.get(form)).url();
  for (let first = 0; first < titles.length; first += atOnce) {
    const some = titles.slice(first, first + atOnce).map(async (title) => {
      const fields = { org: workspace.org, product: workspace.product, 'form[title]': title, 'form[description]': '', 'form[tags]': '' };
      const answer = await page.request.post(address, { form: fields, maxRedirects: 0, headers: { accept: 'text/html', referer } });
      expect(answer.status()).toBe(303);
    });
    await Promise.all(some);
  }
}

export const board = (workspace: Workspace) => `${workspace.home}/ideas/board`;

/** Deletes the idea past the page that is open. */
export async function remove(page: Page, workspace: Workspace, idea: string) {
  const address = await endpoint(page.request, idea, 'delete_idea');
  const answer = await post(page.request, address, { org: workspace.org, id: idea.split('/').pop()! }, idea);
  expect(answer.status()).toBe(303);
}

export type Delivery = 'features' | 'tasks';
export const deliveryBoard = (workspace: Workspace, kind: Delivery) => `${workspace.home}/${kind}/board`;

/** Adds cards to a column of a board of features or tasks, in this order. */
export async function addCards(page: Page, workspace: Workspace, kind: Delivery, titles: string[], column?: string) {
  const where = deliveryBoard(workspace, kind);
  const address = await endpoint(page.request, where, 'quick_add');
  const own = { org: workspace.org, product: workspace.product, kind: kind.toUpperCase(), page: where };
  for (const title of titles) {
    const fields = { 'form[title]': title, 'form[column]': column ?? (kind === 'features' ? 'BACKLOG' : 'TODO'), 'form[lane]': '' };
    expect((await post(page.request, address, { ...own, ...fields }, where)).status()).toBe(303);
  }
}

/** The menu of a card, opened if it is shut. */
export async function menu(page: Page, title: string): Promise<Locator> {
  const summary = page.getByLabel(`Ways to move “${title}”`);
  const menu = card(page, title).getByRole('group').filter({ has: summary });
  if ((await menu.getAttribute('open')) === null) await menu.getByLabel(`Ways to move “${title}”`).click();
  return menu;
}

/** Presses a button of a card's menu, and waits until the card is moved or not. A board that is read again may shut the menu before it is pressed. */
export async function press(page: Page, title: string, button: string) {
  const answered = page.waitForResponse(/\/api\/(move|place)_card/);
  await expect(async () => {
    await (await menu(page, title)).getByRole('button', { name: button, exact: true }).click({ timeout: 5_000 });
  }).toPass();
  await answered;
}
