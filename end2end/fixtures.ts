import { randomUUID } from 'node:crypto';
import { test as base, expect, type APIRequestContext, type Locator, type Page, type Response } from '@playwright/test';
import { BASE_URL } from './playwright.config';

export { expect };

export const PASSWORD = 'prodmatic-demo';
export type Role = 'admin' | 'pm' | 'dev' | 'designer' | 'stakeholder';
type Fields = Record<string, string | number>;

/** A person of their own with an organisation and a product, so that tests do not disturb one another. */
export type Workspace = {
  name: string;
  email: string;
  org: string;
  product: string;
  /** The product's page. */
  home: string;
  /** Adds an idea and gives its page. */
  addIdea(text: { title: string; description?: string; tags?: string }, scores?: Fields): Promise<string>;
  /** Moves an idea, given by its page, through these statuses. */
  moveIdea(idea: string, ...statuses: string[]): Promise<void>;
  /** Sends feedback and gives its page. */
  addFeedback(text: { title: string; description?: string; kind?: string; source?: string; email?: string }): Promise<string>;
};

type Fixtures = {
  /** Statuses that this test provokes; the browser's own line about them is no problem. */
  statuses: number[];
  problems: string[];
  /** Goes to a page and waits until it can be used. */
  open: (path: string) => Promise<Response | null>;
  signedInAs: (role: Role) => Promise<void>;
  workspace: Workspace;
};

export const unique = (word: string) => `${word}-${randomUUID().slice(0, 8)}`;

/** Waits until the page's scripts have taken over. */
export async function hydrated(page: Page) {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Addresses of server functions, by name: they are the same in every form. */
const endpoints = new Map<string, string>();

/** The address of a server function, as a form on that page names it. */
export async function endpoint(request: APIRequestContext, page: string, name: string): Promise<string> {
  const html = await (await request.get(page)).text();
  const action = html.match(new RegExp(`action="(/api/${name}\\d*)"`))?.[1];
  if (!action) throw new Error(`${page} has no form for ${name}`);
  return action;
}

/** Sends fields as a plain form on that page does. */
export async function post(request: APIRequestContext, address: string, fields: Fields, page = '/') {
  const referer = new URL(page, BASE_URL).href;
  return request.post(address, { form: fields, maxRedirects: 0, headers: { accept: 'text/html', referer } });
}

/** Sends a page's form, which has to be accepted; gives the path that it leads to. */
async function submit(request: APIRequestContext, page: string, name: string, fields: Fields): Promise<string> {
  const address = endpoints.get(name) ?? (await endpoint(request, page, name));
  endpoints.set(name, address);
  const answer = await post(request, address, fields, page);
  expect(answer.status(), `${name}: ${await answer.text()}`).toBe(303);
  return answer.headers().location;
}

export async function signIn(request: APIRequestContext, email: string, password = PASSWORD) {
  await submit(request, '/signin', 'sign_in', { 'form[email]': email, 'form[password]': password, 'form[next]': '/' });
}

/** Creates an account and signs it in; gives its e-mail address. */
export async function signUp(request: APIRequestContext, name: string): Promise<string> {
  const email = `${unique('person')}@example.test`;
  await submit(request, '/signup', 'sign_up', { 'form[name]': name, 'form[email]': email, 'form[password]': PASSWORD });
  return email;
}

export async function addOrganisation(request: APIRequestContext, name: string): Promise<string> {
  const slug = unique('org');
  await submit(request, '/orgs/new', 'create_org', { 'form[name]': name, 'form[slug]': slug, 'form[description]': '' });
  return slug;
}

type Mail = { to: string[]; from: string; subject: string; text: string; html: string; contentType: string };

/** Waits for the newest mail to this address whose subject matches. */
export async function mailTo(address: string, subject: RegExp): Promise<Mail> {
  const { MAILBOX_URL } = process.env;
  if (!MAILBOX_URL) throw new Error('MAILBOX_URL is not set: start end2end/smtp.mjs, and the server with PRODMATIC_SMTP_URL');
  let found: Mail | undefined;
  await expect
    .poll(
      async () => {
        const mails: Mail[] = await (await fetch(`${MAILBOX_URL}/mails?to=${encodeURIComponent(address)}`)).json();
        found = mails.findLast((mail) => subject.test(mail.subject));
        return found !== undefined;
      },
      { message: `a mail ${subject} to ${address}`, timeout: 15_000 },
    )
    .toBe(true);
  return found!;
}

/** The path of the link in a mail's text that leads to this page. */
export function linkIn(mail: Mail, page: string): string {
  const link = mail.text.match(new RegExp(`https?://[^/\\s]+(/${page}/[\\w-]+)`))?.[1];
  if (!link) throw new Error(`no link to /${page}/ in: ${mail.text}`);
  return link;
}

async function newWorkspace(request: APIRequestContext): Promise<Workspace> {
  const name = 'Toni Tester';
  const email = await signUp(request, name);
  const org = await addOrganisation(request, 'Acme Labs');
  const product = unique('rocket');
  const home = `/orgs/${org}/products/${product}`;
  const fields = { org, 'form[name]': 'Rocket', 'form[key]': product, 'form[description]': '', 'form[vision]': '' };
  await submit(request, `/orgs/${org}/products/new`, 'create_product', fields);

  const addIdea: Workspace['addIdea'] = async ({ title, description = '', tags = '' }, scores) => {
    const text = { org, product, 'form[title]': title, 'form[description]': description, 'form[tags]': tags };
    const idea = await submit(request, `${home}/ideas/new`, 'create_idea', text);
    if (scores) {
      const all = { priority: 0, reach: 100, business_value: '', time_criticality: '', risk_reduction: '', job_size: '', ...scores };
      const inputs = Object.fromEntries(Object.entries(all).map(([field, value]) => [`form[${field}]`, value]));
      await submit(request, idea, 'score_idea', { org, id: idea.split('/').pop()!, version: '*', ...inputs });
    }
    return idea;
  };
  const moveIdea: Workspace['moveIdea'] = async (idea, ...statuses) => {
    for (const status of statuses) await submit(request, idea, 'move_idea', { org, id: idea.split('/').pop()!, status });
  };
  const addFeedback: Workspace['addFeedback'] = async ({ title, description = '', kind = '', source = '', email = '' }) => {
    const text = { 'form[title]': title, 'form[description]': description, 'form[kind]': kind, 'form[source]': source, 'form[user_email]': email };
    return (await submit(request, `${home}/feedback/new`, 'submit_feedback', { org, product, ...text })).split('?')[0];
  };
  return { name, email, org, product, home, addIdea, moveIdea, addFeedback };
}

export const test = base.extend<Fixtures>({
  statuses: [[], { option: true }],

  problems: [
    async ({ browser, context, statuses, javaScriptEnabled }, use) => {
      const problems: string[] = [];
      const watch = (page: Page, scripts = javaScriptEnabled) => {
        page.on('pageerror', (error) => problems.push(`page error: ${error}`));
        page.on('dialog', (dialog) => {
          problems.push(`dialog: ${dialog.message()}`);
          void dialog.dismiss();
        });
        page.on('console', (message) => {
          const text = message.text();
          const status = text.match(/^Failed to load resource: .* status of (\d+)/)?.[1];
          const unused = !scripts && text.includes('was preloaded using link preload but not used');
          // Only a test takes the network away.
          const offline = text.includes('net::ERR_INTERNET_DISCONNECTED');
          if (!['error', 'warning'].includes(message.type()) || statuses.includes(Number(status)) || unused || offline) return;
          problems.push(`console ${message.type()}: ${text}`);
        });
      };
      context.on('page', (page) => watch(page));
      // Tests of several people open browsers of their own.
      const newContext = browser.newContext;
      browser.newContext = async (options) => {
        const other = await newContext.call(browser, options);
        other.on('page', (page) => watch(page, options?.javaScriptEnabled));
        return other;
      };
      await use(problems);
      browser.newContext = newContext;
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],

  open: async ({ page, javaScriptEnabled }, use) => {
    await use(async (path) => {
      const response = await page.goto(path);
      if (javaScriptEnabled) await hydrated(page);
      return response;
    });
  },

  signedInAs: async ({ page }, use) => {
    await use((role) => signIn(page.request, `${role}@demo.test`));
  },

  workspace: async ({ page }, use) => {
    await use(await newWorkspace(page.request));
  },
});

export const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });

/** The field is marked as wrong, and what is wrong with it stands beside it. */
export async function expectRefused(wrong: Locator, message: RegExp) {
  await expect(wrong).toHaveAttribute('aria-invalid', 'true');
  await expect(wrong).toHaveAccessibleDescription(message);
}

/** The page's history, unfolded, says this. */
export async function remembers(page: Page, text: string) {
  const history = page.getByRole('list', { name: 'History' });
  await expect(async () => {
    if (!(await history.isVisible())) await page.getByRole('heading', { name: 'History' }).click();
    await expect(history).toContainText(text, { timeout: 1_000 });
  }).toPass();
}

/** Unfolds what lies behind these words, unless it is unfolded already. */
export async function unfold(within: Locator, words: string) {
  const summary = within.getByText(words, { exact: true });
  const fold = within.getByRole('group').filter({ has: within.page().getByText(words, { exact: true }) });
  if ((await fold.getAttribute('open')) === null) await summary.click();
  await expect(fold).toHaveAttribute('open', '');
}
