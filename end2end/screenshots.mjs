// Pictures of the demo: node screenshots.mjs with BASE_URL and OUT set.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

const { BASE_URL = 'http://127.0.0.1:3000', OUT = 'screenshots', CHROMIUM = '/usr/bin/chromium' } = process.env;
const PASSWORD = 'prodmatic-demo';
const DEMO = '/orgs/demo/products';
const PRODUCT = `${DEMO}/demo-product`;

await mkdir(OUT, { recursive: true });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const hydrated = (page) => page.locator('html[data-hydrated]').waitFor({ state: 'attached' });

async function open(page, path) {
  await page.goto(path);
  await hydrated(page);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const click = (page, role, name) => page.getByRole(role, { name, exact: true }).first().click();

async function signIn(page, email) {
  await open(page, '/signin');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await click(page, 'button', 'Sign in');
  await page.getByRole('heading', { name: 'Portfolio' }).waitFor();
}

/** A person who has just signed up, with an organisation that holds nothing. */
async function signUp(page) {
  const id = Date.now().toString(36);
  await open(page, '/signup');
  await page.getByLabel('Your name').fill('Robin Winter');
  await page.getByLabel('E-mail address').fill(`robin-${id}@example.test`);
  await page.getByLabel('Password').fill(PASSWORD);
  await click(page, 'button', 'Create account');
  await page.getByLabel('Name', { exact: true }).fill('Acme Labs');
  await page.getByLabel('Address').fill(`acme-${id}`);
  await click(page, 'button', 'Create organisation');
  await page.getByRole('heading', { name: 'No products yet' }).waitFor();
}

async function signUpRefused(page) {
  await open(page, '/signup');
  await page.getByLabel('Your name').fill('Robin Winter');
  await page.getByLabel('E-mail address').fill('robin');
  await page.getByLabel('Password').fill('short');
  await click(page, 'button', 'Create account');
  await page.getByRole('alert').waitFor();
}

async function idea(page) {
  await open(page, `${PRODUCT}/ideas`);
  await click(page, 'link', 'Mobile App');
  await page.getByRole('heading', { name: 'Mobile App', level: 1 }).waitFor();
}

async function task(page) {
  await open(page, `${PRODUCT}/tasks`);
  await click(page, 'link', 'Draw the menu of views for small screens');
  await page.getByRole('heading', { name: 'Draw the menu of views for small screens', level: 1 }).waitFor();
}

async function ideaEdit(page) {
  await idea(page);
  await click(page, 'link', 'Edit');
  await page.getByRole('heading', { name: 'Edit idea' }).waitFor();
}

async function ideaDeleted(page) {
  await idea(page);
  await click(page, 'button', 'Delete');
  await page.getByText('The idea is deleted.').waitFor();
}

async function undo(page) {
  await click(page, 'button', 'Undo');
  await page.getByRole('heading', { name: 'Mobile App', level: 1 }).waitFor();
}

async function menu(page) {
  await open(page, `${PRODUCT}/ideas`);
  if (page.viewportSize().width > 390) await page.getByLabel(/^Organisation .*, change$/).click();
  else await click(page, 'button', 'Menu');
}

/** The whole page; what keeps to the screen's height, such as the navigation, reaches down to its end. */
async function take(page, path) {
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  await page.screenshot({ path });
  await page.setViewportSize({ width, height });
}

async function release(page) {
  await open(page, `${PRODUCT}/releases`);
  await click(page, 'link', 'Autumn release');
  await page.getByRole('heading', { name: /^Autumn release/, level: 1 }).waitFor();
}

async function objective(page) {
  await open(page, `${PRODUCT}/okrs`);
  await click(page, 'link', 'New teams find its value in their first hour');
  await page.getByRole('heading', { name: 'New teams find its value in their first hour', level: 1 }).waitFor();
}

async function keyResult(page) {
  await objective(page);
  await click(page, 'link', 'Minutes to the first scored idea, median');
  await page.getByRole('heading', { name: 'Minutes to the first scored idea, median', level: 1 }).waitFor();
}

async function kpi(page) {
  await open(page, `${PRODUCT}/kpis`);
  await click(page, 'link', 'Weekly active teams');
  await page.getByRole('heading', { name: 'Weekly active teams', level: 1 }).waitFor();
}

const experiment = (name, then) => async (page) => {
  await open(page, `${PRODUCT}/experiments`);
  await click(page, 'link', name);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  if (!then) return;
  await click(page, 'link', then);
  await page.getByRole('heading', { name, level: 1 }).waitFor({ state: 'detached' });
};

async function document(page) {
  await open(page, `${PRODUCT}/documents`);
  await click(page, 'link', 'Working on a phone');
  await page.getByRole('heading', { name: 'Working on a phone', level: 1 }).waitFor();
}

async function documentChanges(page) {
  await document(page);
  await click(page, 'link', 'Versions');
  await click(page, 'link', 'What version 3 changed');
  await page.getByRole('heading', { name: /^Changes from/ }).waitFor();
}

async function documentEdit(page) {
  await document(page);
  await click(page, 'link', 'Edit');
  await page.getByRole('heading', { name: 'Edit document' }).waitFor();
}

const palette = (words) => async (page) => {
  await open(page, `${PRODUCT}/ideas`);
  await page.getByRole('button', { name: 'Search or jump to' }).click();
  await page.getByRole('listbox', { name: 'Results' }).getByRole('option').first().waitFor();
  if (!words) return;
  await page.keyboard.type(words);
  await page.getByRole('group', { name: 'Items' }).waitFor();
};

async function keys(page) {
  await palette()(page);
  await page.keyboard.type('keyboard shortcuts');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Portfolio').waitFor();
}

const to = (path) => (page) => open(page, path);

/** Who looks, at what, how to get there, and how to leave it as it was. */
const shots = [
  [null, 'landing', to('/')],
  [null, 'sign-up', to('/signup')],
  [null, 'sign-up-refused', signUpRefused],
  [null, 'sign-in', to('/signin')],
  [null, 'forgot', to('/forgot')],
  [null, 'link-dead', to('/reset/nothing')],
  [null, 'changelog', to('/p/demo/demo-product/changelog')],
  ['new', 'organisation-empty', signUp],
  ['new', 'account', to('/account')],
  ['pm@demo.test', 'overview', to('/orgs/demo')],
  ['pm@demo.test', 'portfolio', to(DEMO)],
  ['pm@demo.test', 'portfolio-deleted', to(`${DEMO}?show=deleted`)],
  ['pm@demo.test', 'portfolio-list', to(`${DEMO}?view=list`)],
  ['pm@demo.test', 'portfolio-timeline', to(`${DEMO}?view=timeline`)],
  ['pm@demo.test', 'lifecycle', to('/orgs/demo/lifecycle')],
  ['pm@demo.test', 'lifecycle-criteria', to('/orgs/demo/lifecycle/criteria?stage=DELIVERY')],
  ['pm@demo.test', 'lifecycle-move', to(`${DEMO}/insights/lifecycle?to=SUNSET`)],
  ['pm@demo.test', 'product-new', to(`${DEMO}/new`)],
  ['pm@demo.test', 'product', to(PRODUCT)],
  ['pm@demo.test', 'product-settings', to(`${PRODUCT}/settings`)],
  ['pm@demo.test', 'ideas-list', to(`${PRODUCT}/ideas`)],
  ['pm@demo.test', 'palette', palette()],
  ['pm@demo.test', 'palette-found', palette('mobile')],
  ['pm@demo.test', 'keys', keys],
  ['pm@demo.test', 'ideas-board', to(`${PRODUCT}/ideas/board`)],
  ['pm@demo.test', 'features-board', to(`${PRODUCT}/features/board`)],
  ['pm@demo.test', 'features-board-lanes', to(`${PRODUCT}/features/board?lanes=priority`)],
  ['pm@demo.test', 'tasks-board', to(`${PRODUCT}/tasks/board`)],
  ['pm@demo.test', 'roadmap', to(`${PRODUCT}/roadmap`)],
  ['pm@demo.test', 'roadmap-table', to(`${PRODUCT}/roadmap?view=table`)],
  ['pm@demo.test', 'roadmap-columns', to(`${PRODUCT}/roadmap?view=columns`)],
  ['pm@demo.test', 'ideas-none', to(`${PRODUCT}/ideas?tag=nothing`)],
  ['pm@demo.test', 'idea-new', to(`${PRODUCT}/ideas/new`)],
  ['pm@demo.test', 'idea', idea],
  ['pm@demo.test', 'idea-edit', ideaEdit],
  ['pm@demo.test', 'idea-deleted', ideaDeleted, undo],
  ['pm@demo.test', 'tasks', to(`${PRODUCT}/tasks`)],
  ['pm@demo.test', 'task-new', to(`${PRODUCT}/tasks/new`)],
  ['pm@demo.test', 'task', task],
  ['pm@demo.test', 'my-work', to('/orgs/demo/my-work')],
  ['pm@demo.test', 'releases', to(`${PRODUCT}/releases`)],
  ['pm@demo.test', 'release', release],
  ['pm@demo.test', 'release-new', to(`${PRODUCT}/releases/new`)],
  ['pm@demo.test', 'okrs', to(`${PRODUCT}/okrs`)],
  ['pm@demo.test', 'okr', objective],
  ['pm@demo.test', 'okr-new', to(`${PRODUCT}/okrs/new`)],
  ['pm@demo.test', 'okrs-close', to(`${PRODUCT}/okrs/close`)],
  ['pm@demo.test', 'key-result', keyResult],
  ['pm@demo.test', 'objectives', to('/orgs/demo/okrs')],
  ['pm@demo.test', 'kpis', to(`${PRODUCT}/kpis`)],
  ['pm@demo.test', 'kpi', kpi],
  ['pm@demo.test', 'kpi-new', to(`${PRODUCT}/kpis/new`)],
  ['pm@demo.test', 'experiments', to(`${PRODUCT}/experiments`)],
  ['pm@demo.test', 'experiment-new', to(`${PRODUCT}/experiments/new`)],
  ['pm@demo.test', 'experiment-power', to(`${PRODUCT}/experiments/power?solve=units&mean=10&effect=5`)],
  ['pm@demo.test', 'experiment', experiment('Guided first idea')],
  ['pm@demo.test', 'experiment-results', experiment('Guided first idea', 'Enter or see results')],
  ['pm@demo.test', 'experiment-variants', experiment('Roadmap link in every release mail', 'Edit variants')],
  ['pm@demo.test', 'experiment-draft', experiment('Roadmap link in every release mail')],
  ['pm@demo.test', 'experiment-shipped', experiment('Score sliders instead of number fields')],
  ['pm@demo.test', 'experiment-mismatch', experiment('Sign-up without a password')],
  ['pm@demo.test', 'documents', to(`${PRODUCT}/documents`)],
  ['pm@demo.test', 'documents-organisation', to('/orgs/demo/documents')],
  ['pm@demo.test', 'document', document],
  ['pm@demo.test', 'document-changes', documentChanges],
  ['pm@demo.test', 'document-edit', documentEdit],
  ['pm@demo.test', 'document-new', to(`${PRODUCT}/documents/new`)],
  ['pm@demo.test', 'menu', menu],
  ['pm@demo.test', 'not-found', to('/orgs/nowhere/products')],
  ['pm@demo.test', 'account-security', to('/account/security')],
  ['pm@demo.test', 'account-delete', to('/account/delete')],
  ['admin@demo.test', 'account-needed', to('/account/delete')],
  ['admin@demo.test', 'organisation-new', to('/orgs/new')],
  ['admin@demo.test', 'organisation-settings', to('/orgs/demo/settings')],
  ['admin@demo.test', 'webhooks', to('/orgs/demo/webhooks')],
  ['admin@demo.test', 'webhook-new', to('/orgs/demo/webhooks/new')],
  ['admin@demo.test', 'webhook', to('/orgs/demo/webhooks/demowebhook')],
  ['admin@demo.test', 'webhook-delivery', to('/orgs/demo/webhooks/demowebhook/deliveries/demodelivery')],
  ['admin@demo.test', 'tokens', to('/orgs/demo/tokens')],
  ['admin@demo.test', 'members', to('/orgs/demo/members')],
  ['admin@demo.test', 'invite', to('/orgs/demo/members/invite')],
  ['admin@demo.test', 'teams', to('/orgs/demo/teams')],
  ['admin@demo.test', 'team', to('/orgs/demo/teams/mobile')],
];

for (const width of [1440, 390]) {
  for (const colorScheme of ['light', 'dark']) {
    const look = { baseURL: BASE_URL, viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme, reducedMotion: 'reduce' };
    let context;
    let page;
    let before;
    for (const [who, name, show, leave] of shots) {
      if (!page || who !== before) {
        await context?.close();
        context = await browser.newContext(look);
        page = await context.newPage();
        if (who && who !== 'new') await signIn(page, who);
        before = who;
      }
      await show(page);
      await take(page, join(OUT, `${name}.${colorScheme}.${width}.png`));
      await leave?.(page);
    }
    await context.close();
  }
}
await browser.close();
