import { join } from 'node:path';
import { faults } from './axe';
import { crawl, inertButtons, noteListeners, type Crawled } from './crawl';
import { expect, signIn, test, type Role } from './fixtures';
import { left } from './pages';

const START = ['/orgs/demo/products/demo-product/ideas?status=APPROVED', '/orgs/demo', '/account'];
const ROLES: Role[] = ['admin', 'pm', 'dev', 'designer', 'stakeholder'];
/** The pages of each kind are looked at in parts, so that these run beside one another. */
const PARTS = 8;

// What a server sends is the same with scripts on and off.
test.describe('no link leads astray', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, 'read without scripts');

  for (const role of ROLES) {
    test(`for the role ${role}`, async ({ playwright, browser, baseURL }) => {
      const request = await playwright.request.newContext({ baseURL });
      await signIn(request, `${role}@demo.test`);
      const { kinds, wrong } = await crawl(request, browser, baseURL!, START);
      await request.dispose();
      expect(wrong).toEqual([]);
      expect(kinds.size).toBeGreaterThan(30);
    });
  }

  test('for a stranger', async ({ playwright, browser, baseURL }) => {
    const request = await playwright.request.newContext({ baseURL });
    const { kinds, wrong } = await crawl(request, browser, baseURL!, ['/', '/orgs/demo', '/p/demo/demo-product/changelog']);
    await request.dispose();
    expect(wrong).toEqual([]);
    expect([...kinds.keys()].filter((kind) => kind.startsWith('/orgs/'))).toEqual([]);
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(['/', '/signin?next', '/signup', '/forgot', '/p/:/:/changelog']));
  });
});

test.describe('every page comes alive, every button on it does something, and axe finds nothing on it', () => {
  /** What the parts that run after one another share. */
  let crawled: Promise<Crawled> | undefined;

  for (let part = 0; part < PARTS; part += 1) {
    test(`part ${part + 1} of ${PARTS}`, async ({ page, open, browser, baseURL, signedInAs, problems, javaScriptEnabled }) => {
      test.setTimeout(300_000);
      await signedInAs('admin');
      crawled ??= crawl(page.request, browser, baseURL!, START);
      const { kinds } = await crawled;
      expect(left(kinds.keys())).toEqual([]);
      if (javaScriptEnabled) await page.addInitScript(noteListeners);
      const wrong: string[] = [];
      for (const [kind, path] of one(kinds).filter((_, at) => at % PARTS === part)) {
        const answer = await open(path);
        if (answer?.status() !== 200) wrong.push(`${path}: ${answer?.status()}`);
        if ((await page.getByRole('heading', { level: 1 }).count()) !== 1) wrong.push(`${path}: it has to have one main heading`);
        wrong.push(...(await inertButtons(page)).map((button) => `${path}: ${button}`));
        if (javaScriptEnabled) wrong.push(...(await faults(page, picture(kind))).map((fault) => `${path}: ${fault}`));
        wrong.push(...problems.splice(0).map((problem) => `${path}: ${problem}`));
      }
      expect(wrong).toEqual([]);
    });
  }
});

/**
 * A page of each kind, in their order. A query changes what a page lists, not what it is made of, so one with a query counts only
 * where there is none without. The API's own page is not of the application.
 */
function one(kinds: Map<string, string>): [string, string][] {
  const pages = [...kinds].filter(([kind]) => !kind.startsWith('/api/')).sort(([one], [other]) => one.localeCompare(other));
  const first = new Map<string, string>();
  for (const [kind, path] of pages) {
    const bare = kind.split('?')[0];
    if (!first.has(bare) || kind === bare) first.set(bare, path);
  }
  return [...first];
}

/** Where a picture of this kind of page goes, if pictures are asked for. */
function picture(kind: string): string | undefined {
  const { PICTURES } = process.env;
  return PICTURES && join(PICTURES, `page${kind.replace(/\/:/g, '').replaceAll('/', '-')}`);
}
