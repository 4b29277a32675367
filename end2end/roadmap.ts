import { endpoint, expect, post, type Workspace } from './fixtures';
import type { Locator, Page } from '@playwright/test';

export const roadmap = (workspace: Workspace, query = '') => `${workspace.home}/roadmap${query}`;

/** The row of an item in the list beside the picture. */
export const row = (page: Page, title: string): Locator =>
  page.getByRole('list', { name: 'On the timeline' }).getByRole('listitem').filter({ has: page.getByRole('link', { name: title, exact: true }) });

/** The bar of an item. The picture is hidden from screen readers, since the list beside it says the same. */
export const bar = (page: Page, title: string): Locator => page.getByRole('img', { name: new RegExp(`^${title}: `), includeHidden: true });

/** Adds a feature and gives its page. */
export async function addFeature(page: Page, workspace: Workspace, title: string): Promise<string> {
  const form = `${workspace.home}/features/new`;
  const address = await endpoint(page.request, form, 'create_feature');
  const answer = await post(page.request, address, { org: workspace.org, product: workspace.product, 'form[title]': title, page: form }, form);
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location;
}

/** Gives a feature, given by its page, these dates. */
export async function place(page: Page, workspace: Workspace, feature: string, start: string, end: string) {
  const table = roadmap(workspace, '?view=table');
  const address = await endpoint(page.request, table, 'place_item');
  const own = { org: workspace.org, product: workspace.product, kind: 'feature', id: feature.split('/').pop()!, version: '*', page: table };
  const fields = { ...own, 'form[start]': start, 'form[end]': end };
  const answer = await post(page.request, address, fields, table);
  expect(answer.status(), await answer.text()).toBe(303);
}
