import { readFileSync } from 'node:fs';

const LISTS = ['pages', 'documents'];
/** What no link leads to in the demo: what leads on to another page, and what the tests of imports and merges make and look at. */
const ELSEWHERE = ['/r/:', '/orgs/:/products/:/transfer/:', '/orgs/:/products/:/documents/:/merge', '/orgs/:/documents/:/merge'];

/** Pages for strangers; no link on a member's page leads to them. */
export const FOR_STRANGERS = {
  landing: '/',
  'sign-up': '/signup',
  'sign-in': '/signin',
  'a forgotten password': '/forgot',
  'a dead link for a new password': '/reset/nothing',
  'a dead link for an e-mail address': '/verify/nothing',
  'an e-mail address that is confirmed': '/verified',
  'an account that is deleted': '/deleted',
  'an unknown invitation': '/invitations/unknown',
};

/** The kinds of all pages there are: a test of the server holds these lists to its routes. */
function kindsOfPages(): string[] {
  const source = LISTS.map((list) => readFileSync(new URL(`../src/walk/${list}.rs`, import.meta.url), 'utf8')).join('\n');
  return [...source.matchAll(/"(\/[^"]*)",\s*Who::\w+(?:\([^)]*\))?,/g)].map(([, pattern]) => pattern.replace(/\{\w+\}/g, ':'));
}

/** The kinds of pages that are neither among these nor for strangers. */
export function left(kinds: Iterable<string>): string[] {
  const seen = new Set([...kinds].map((kind) => kind.split('?')[0]));
  const strangers = Object.values(FOR_STRANGERS).map((path) => path.replace(/\/(nothing|unknown)$/, '/:'));
  return kindsOfPages().filter((kind) => !seen.has(kind) && ![...ELSEWHERE, ...strangers].includes(kind));
}
