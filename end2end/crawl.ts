import type { APIRequestContext, Browser, Page } from '@playwright/test';

/** Pages that a crawl may come to, those of one kind without a query and with one, and how many at a time. */
const PAGES_MAX = 1000;
const OF_A_KIND = [5, 1];
const AT_A_TIME = 8;

/** Words that stand for themselves where else there is the name of something. */
const WORDS = new Set(['new', 'board', 'power', 'close', 'invite', 'export', 'checklists', 'features', 'roles', 'criteria', 'security', 'delete']);
/** Parts of addresses that the name of something follows. */
const NAMED = new Set([
  'orgs', 'p', 'products', 'ideas', 'features', 'epics', 'tasks', 'releases', 'okrs', 'kpis', 'experiments', 'feedback', 'documents', 'members',
  'teams', 'webhooks', 'deliveries', 'results', 'points', 'metrics', 'checklist', 'checklists', 'changelog', 'transfer', 'invitations', 'r', 'images', 'export',
]);

/** What kind of page an address is of: names are left out, and of a query all but the names of its parameters. */
export function kindOf(address: URL): string {
  const isName = (part: string, at: number, all: string[]) => (NAMED.has(all[at - 1]) && !WORDS.has(part)) || (all[1] === 'p' && at === 3);
  const parts = address.pathname.split('/').map((part, at, all) => (isName(part, at, all) ? ':' : part));
  const asked = [...new Set(address.searchParams.keys())].sort().join('&');
  return parts.join('/') + (asked && `?${asked}`);
}

/** What a page's HTML says by itself. */
type Read = { links: string[]; ids: string[]; wrong: string[] };

/** Reads HTML; it runs in a browser, which has a parser. */
function read(html: string): Read {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const wrong: string[] = [];
  const headings = [...page.querySelectorAll('h1')].map((heading) => heading.textContent ?? '');
  if (headings.length !== 1) wrong.push(`${headings.length} main headings: ${headings.join(', ')}`);
  if (['Not found', 'Not allowed', 'This did not work'].includes(headings[0])) wrong.push(`it says “${headings[0]}”`);
  if (/Something went wrong/i.test(page.body.textContent ?? '')) wrong.push('something went wrong');
  for (const image of page.querySelectorAll('img')) {
    if (!image.getAttribute('src')) wrong.push(`an image without a source: ${image.outerHTML}`);
  }
  const ids = [...page.querySelectorAll('[id]')].map((element) => element.id);
  const links: string[] = [];
  for (const link of page.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? '';
    if (!href || href === '#' || href.startsWith('javascript:')) wrong.push(`a link that leads nowhere: ${link.outerHTML}`);
    else if (href.startsWith('#') && !ids.includes(decodeURIComponent(href.slice(1)))) wrong.push(`there is nothing at ${href}`);
    else if (!href.startsWith('#')) links.push(href);
  }
  for (const form of page.querySelectorAll('form')) {
    if (!form.getAttribute('action') && form.getAttribute('method') === 'post') wrong.push(`a form that leads nowhere: ${form.outerHTML.slice(0, 200)}`);
  }
  return { links, ids, wrong };
}

export type Crawled = {
  /** The first page of each kind. */
  kinds: Map<string, string>;
  wrong: string[];
};

/** Follows every link from these pages on, a few of each kind. What is found to be wrong is said with the page that led there. */
export async function crawl(request: APIRequestContext, browser: Browser, baseURL: string, from: string[]): Promise<Crawled> {
  const parsing = await browser.newContext({ javaScriptEnabled: true });
  const parser = await parsing.newPage();
  const kinds = new Map<string, string>();
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const waiting: { path: string; by: string }[] = [];
  const anchors: { path: string; id: string; by: string }[] = [];
  const places = new Map<string, Set<string>>();
  const wrong: string[] = [];
  const take = (href: string, by: string) => {
    const address = new URL(href, new URL(by, baseURL));
    if (address.origin !== new URL(baseURL).origin) return;
    const path = address.pathname + address.search;
    if (address.hash) anchors.push({ path, id: decodeURIComponent(address.hash.slice(1)), by });
    const kind = kindOf(address);
    const count = counts.get(kind) ?? 0;
    if (seen.has(path) || count >= OF_A_KIND[address.search ? 1 : 0]) return;
    if (seen.size === PAGES_MAX) throw new Error(`there are more than ${PAGES_MAX} pages`);
    counts.set(kind, count + 1);
    seen.add(path);
    waiting.push({ path, by });
  };
  const visit = async ({ path, by }: { path: string; by: string }) => {
    const answer = await request.get(path, { headers: { accept: 'text/html' } });
    const told = `${path} (from ${by})`;
    if (answer.status() >= 400) {
      wrong.push(`${told}: ${answer.status()}`);
      return;
    }
    if (!answer.headers()['content-type']?.startsWith('text/html')) return;
    const here = new URL(answer.url());
    const page = await parser.evaluate(read, await answer.text());
    wrong.push(...page.wrong.map((problem) => `${told}: ${problem}`));
    places.set(path, new Set(page.ids));
    const kind = kindOf(here);
    if (!kinds.has(kind)) kinds.set(kind, here.pathname + here.search);
    for (const link of page.links) take(link, here.pathname + here.search);
  };
  for (const path of from) take(path, path);
  while (waiting.length > 0) await Promise.all(waiting.splice(0, AT_A_TIME).map(visit));
  for (const { path, id, by } of anchors) {
    const ids = places.get(path);
    if (ids && !ids.has(id)) wrong.push(`${by}: there is nothing at ${path}#${id}`);
  }
  await parsing.close();
  return { kinds, wrong };
}

/** Notes, before a page's own scripts, which elements are listened to. */
export function noteListeners() {
  const heard = new WeakSet<EventTarget>();
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (['click', 'pointerdown', 'pointerup', 'keydown'].includes(type)) heard.add(this ?? window);
    return add.call(this, type, ...rest);
  };
  Object.assign(window, { isHeard: (element: Element) => heard.has(element) || Object.keys(element).some((key) => key.startsWith('$$')) });
}

/** The buttons that somebody sees and that do nothing: of no form, opening nothing, and with nobody who listens. */
export async function inertButtons(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { isHeard } = window as unknown as { isHeard?: (element: Element) => boolean };
    const listened = (button: Element) => {
      for (let at: Element | null = button; at && at !== document.body; at = at.parentElement) {
        if (isHeard?.(at)) return true;
      }
      return false;
    };
    const works = (button: HTMLButtonElement) =>
      button.disabled || (button.form && button.type !== 'button') || button.hasAttribute('popovertarget') || button.hasAttribute('commandfor') || listened(button);
    const buttons = [...document.querySelectorAll('button')].filter((button) => button.checkVisibility({ visibilityProperty: true }));
    return buttons.filter((button) => !works(button)).map((button) => button.outerHTML.slice(0, 200));
  });
}
