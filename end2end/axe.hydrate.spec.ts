import { expectNothing } from './axe';
import { expect, test } from './fixtures';

const DEMO = '/orgs/demo/products';
const PRODUCT = `${DEMO}/demo-product`;

const signedOut = { landing: '/', 'sign-up': '/signup', 'sign-in': '/signin', 'an unknown invitation': '/invitations/unknown', 'a forgotten password': '/forgot' };
const signedIn = {
  'a new organisation': '/orgs/new',
  'the overview': '/orgs/demo',
  portfolio: DEMO,
  'deleted products': `${DEMO}?show=deleted`,
  'the portfolio as a list': `${DEMO}?view=list`,
  'the portfolio in time': `${DEMO}?view=timeline`,
  'a new product': `${DEMO}/new`,
  'a product': PRODUCT,
  "a product's settings": `${PRODUCT}/settings`,
  'the board of products': '/orgs/demo/lifecycle',
  'exit criteria': '/orgs/demo/lifecycle/criteria?stage=DELIVERY',
  'a move to the last stage': `${PRODUCT}/lifecycle?to=SUNSET`,
  ideas: `${PRODUCT}/ideas`,
  'ideas of a tag': `${PRODUCT}/ideas?tag=mobile&sort=wsjf`,
  'the board of ideas': `${PRODUCT}/ideas/board`,
  'no ideas': `${PRODUCT}/ideas?tag=nothing`,
  'a new idea': `${PRODUCT}/ideas/new`,
  'an idea': `${PRODUCT}/ideas > Mobile App`,
  epics: `${PRODUCT}/epics`,
  'a new epic': `${PRODUCT}/epics/new`,
  features: `${PRODUCT}/features`,
  'the board of features': `${PRODUCT}/features/board`,
  'the board of features in lanes': `${PRODUCT}/features/board?lanes=priority`,
  'the board of tasks': `${PRODUCT}/tasks/board`,
  'a new feature': `${PRODUCT}/features/new`,
  'the roadmap': `${PRODUCT}/roadmap`,
  'the roadmap, far': `${PRODUCT}/roadmap?zoom=year`,
  'the roadmap as a table': `${PRODUCT}/roadmap?view=table`,
  'now, next, later': `${PRODUCT}/roadmap?view=columns`,
  releases: `${PRODUCT}/releases`,
  'releases that are out': `${PRODUCT}/releases?show=released`,
  'a new release': `${PRODUCT}/releases/new`,
  KPIs: `${PRODUCT}/kpis`,
  'a new KPI': `${PRODUCT}/kpis/new`,
  'a KPI': `${PRODUCT}/kpis > Sign-ups`,
  'checklist templates': '/orgs/demo/settings/checklists',
  'a public changelog': '/p/demo/demo-product/changelog',
  objectives: `${PRODUCT}/okrs`,
  'objectives at risk': `${PRODUCT}/okrs?show=at-risk`,
  'a new objective': `${PRODUCT}/okrs/new`,
  'an objective': `${PRODUCT}/okrs > It is always there, and quick`,
  'a key result': `${PRODUCT}/okrs > It is always there, and quick > Availability`,
  'the end of a quarter': `${PRODUCT}/okrs/close`,
  "an organisation's objectives": '/orgs/demo/okrs',
  'a new objective of an organisation': '/orgs/demo/okrs/new',
  experiments: `${PRODUCT}/experiments`,
  'a new experiment': `${PRODUCT}/experiments/new`,
  'the power calculator': `${PRODUCT}/experiments/power?solve=units&mean=10&effect=5`,
  'the power calculator, refused': `${PRODUCT}/experiments/power?solve=units&mean=NaN`,
  'documents of the organisation': '/orgs/demo/documents',
  documents: `${PRODUCT}/documents`,
  'a new document': `${PRODUCT}/documents/new`,
  'the editor of a document': `${PRODUCT}/documents/new?type=PRD`,
  feedback: `${PRODUCT}/feedback`,
  'no feedback': `${PRODUCT}/feedback?source=nothing`,
  'new feedback': `${PRODUCT}/feedback/new`,
  "an organisation's settings": '/orgs/demo/settings',
  webhooks: '/orgs/demo/webhooks',
  'a new webhook': '/orgs/demo/webhooks/new',
  'a webhook': '/orgs/demo/webhooks/demowebhook',
  'a delivery': '/orgs/demo/webhooks/demowebhook/deliveries/demodelivery',
  tokens: '/orgs/demo/tokens',
  members: '/orgs/demo/members',
  leaving: '/orgs/demo/members?leave=1',
  inviting: '/orgs/demo/members/invite',
  teams: '/orgs/demo/teams',
  'a new team': '/orgs/demo/teams/new',
  'a team': '/orgs/demo/teams/mobile',
  "a team's settings": '/orgs/demo/teams/mobile/settings',
  'an account': '/account',
  "an account's security": '/account/security',
  'the end of an account': '/account/delete',
  'a dead link': '/reset/nothing',
  'nothing there': '/orgs/nowhere/products',
};

test.describe('axe finds nothing on', () => {
  test.use({ statuses: [404, 422] });

  for (const [name, path] of Object.entries({ ...signedOut, ...signedIn })) {
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

  test('editing an idea', async ({ page, open, signedInAs }) => {
    await signedInAs('admin');
    await open(`${PRODUCT}/ideas`);
    await page.getByRole('link', { name: 'Mobile App' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await expectNothing(page);
  });

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
