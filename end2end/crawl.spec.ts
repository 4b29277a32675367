import { crawl, inertButtons, noteListeners, type Crawled } from './crawl';
import { expect, signIn, test, type Role } from './fixtures';

const START = ['/orgs/demo', '/account'];
const ROLES: Role[] = ['admin', 'pm', 'dev', 'designer', 'stakeholder'];
/** The pages of each kind are looked at in parts, so that these run beside one another. */
const PARTS = 5;

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

test.describe('every page comes alive, and every button on it does something', () => {
  /** What the parts that run after one another share. */
  let crawled: Promise<Crawled> | undefined;

  for (let part = 0; part < PARTS; part += 1) {
    test(`part ${part + 1} of ${PARTS}`, async ({ page, open, browser, baseURL, signedInAs, problems, javaScriptEnabled }) => {
      test.setTimeout(180_000);
      await signedInAs('admin');
      crawled ??= crawl(page.request, browser, baseURL!, START);
      const { kinds } = await crawled;
      if (javaScriptEnabled) await page.addInitScript(noteListeners);
      // A query changes what a page lists, not what it is made of. The API's own page is not of the application.
      const pages = [...kinds].filter(([kind]) => !kind.includes('?') && !kind.startsWith('/api/')).sort(([one], [other]) => one.localeCompare(other));
      const wrong: string[] = [];
      for (const [, path] of pages.filter((_, at) => at % PARTS === part)) {
        const answer = await open(path);
        if (answer?.status() !== 200) wrong.push(`${path}: ${answer?.status()}`);
        if ((await page.getByRole('heading', { level: 1 }).count()) !== 1) wrong.push(`${path}: it has to have one main heading`);
        wrong.push(...(await inertButtons(page)).map((button) => `${path}: ${button}`));
        wrong.push(...problems.splice(0).map((problem) => `${path}: ${problem}`));
      }
      expect(wrong).toEqual([]);
    });
  }
});
