import { expectNothing } from './axe';
import { expect, test } from './fixtures';
import { FOR_STRANGERS } from './pages';

const DEMO = '/orgs/demo/products';
const PRODUCT = `${DEMO}/demo-product`;

// What a page shows only when it is asked for; the crawl looks at every page as it comes.
const signedIn = {
  'deleted products': `${DEMO}?show=deleted`,
  'the portfolio as a list': `${DEMO}?view=list`,
  'the portfolio in time': `${DEMO}?view=timeline`,
  'a move to the last stage': `${PRODUCT}/lifecycle?to=SUNSET`,
  'ideas of a tag': `${PRODUCT}/ideas?tag=mobile&sort=wsjf`,
  'no ideas': `${PRODUCT}/ideas?tag=nothing`,
  'an idea': `${PRODUCT}/ideas > Mobile App`,
  'the board of features in lanes': `${PRODUCT}/features/board?lanes=priority`,
  'the roadmap, far': `${PRODUCT}/roadmap?zoom=year`,
  'the roadmap as a table': `${PRODUCT}/roadmap?view=table`,
  'now, next, later': `${PRODUCT}/roadmap?view=columns`,
  'releases that are out': `${PRODUCT}/releases?show=released`,
  'a KPI': `${PRODUCT}/kpis > Sign-ups`,
  'objectives at risk': `${PRODUCT}/okrs?show=at-risk`,
  'an objective': `${PRODUCT}/okrs > It is always there, and quick`,
  'a key result': `${PRODUCT}/okrs > It is always there, and quick > Availability`,
  'the power calculator': `${PRODUCT}/experiments/power?solve=units&mean=10&effect=5`,
  'the power calculator, refused': `${PRODUCT}/experiments/power?solve=units&mean=NaN`,
  'the editor of a document': `${PRODUCT}/documents/new?type=PRD`,
  'no feedback': `${PRODUCT}/feedback?source=nothing`,
  'what a search finds': '/orgs/demo/search?q=mobile',
  leaving: '/orgs/demo/members?leave=1',
  'nothing there': '/orgs/nowhere/products',
};

test.describe('axe finds nothing on', () => {
  test.use({ statuses: [404, 422] });

  for (const [name, path] of Object.entries({ ...FOR_STRANGERS, ...signedIn })) {
    test(name, async ({ page, open, signedInAs }) => {
      if (name in signedIn) await signedInAs('admin');
      // Behind an address, the links to follow from there.
      const [address, ...links] = path.split(' > ');
      await open(address);
      for (const link of links) {
        await page.getByRole('link', { name: link, exact: true }).click();
        await expect(page.getByRole('heading', { name: link, level: 1, exact: true })).toBeVisible();
      }
      await expectNothing(page);
    });
  }

  for (const name of ['Guided first idea', 'Sign-up without a password', 'Roadmap link in every release mail', 'Score sliders instead of number fields']) {
    test(`the experiment ${name}`, async ({ page, open, signedInAs }) => {
      await signedInAs('admin');
      await open(`${PRODUCT}/experiments`);
      await page.getByRole('link', { name }).click();
      await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
      await expectNothing(page);
    });
  }

  test('results, variants and the form of an experiment', async ({ page, open, signedInAs }) => {
    await signedInAs('admin');
    await open(`${PRODUCT}/experiments`);
    await page.getByRole('link', { name: 'Guided first idea' }).click();
    await page.getByRole('link', { name: 'Enter or see results' }).click();
    await expect(page.getByRole('heading', { name: 'Results', level: 1 })).toBeVisible();
    await expectNothing(page);
    for (const part of ['variants', 'edit']) {
      await open(page.url().replace(/\/(results|variants)$/, `/${part}`));
      await expectNothing(page);
    }
  });

  test('a document, its versions and its editor', async ({ page, open, signedInAs }) => {
    await signedInAs('admin');
    await open(`${PRODUCT}/documents`);
    await page.getByRole('link', { name: 'Working on a phone' }).click();
    await expectNothing(page);
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('link', { name: 'What version 3 changed' }).click();
    await expect(page.getByRole('heading', { name: /^Changes from/ })).toBeVisible();
    await expectNothing(page);
    await page.getByRole('link', { name: 'Side by side' }).click();
    await expectNothing(page);
  });

  // It is no page of the application, and never comes alive.
  test('the page of the REST API', async ({ page }) => {
    await page.goto('/api/docs');
    await page.getByText('Creates an idea').first().click();
    await expectNothing(page);
  });

  test('a refused form', async ({ page, open }) => {
    await open('/signup');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNothing(page);
  });
});
