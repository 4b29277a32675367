import { endpoint, expect, test } from './fixtures';

test('hashed files are kept for good and come compressed', async ({ request }) => {
  const html = await (await request.get('/')).text();
  const files = new Set(html.match(/\/pkg\/[^"']+\.[0-9a-f]{6,}\.(css|js|wasm)/g));
  expect([...files].map((file) => file.split('.').pop()).sort()).toEqual(['css', 'js', 'wasm']);
  for (const file of files) {
    for (const encoding of ['br', 'gzip']) {
      const answer = await request.get(file, { headers: { 'accept-encoding': encoding } });
      expect(answer.status()).toBe(200);
      expect(answer.headers()['cache-control']).toMatch(/public.*immutable/);
      expect(answer.headers()['content-encoding']).toBe(encoding);
      expect(answer.headers().vary).toMatch(/accept-encoding/i);
    }
  }
});

test('a file that is not there is a 404', async ({ request }) => {
  const answer = await request.get('/pkg/prodmatic.0000000000.js');
  expect(answer.status()).toBe(404);
  expect(answer.headers()['cache-control']).toContain('no-store');
});

test('pages are guarded and kept by nobody', async ({ request }) => {
  for (const path of ['/', '/signin', '/signup', '/no/such/page']) {
    expect((await request.get(path)).headers()).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
  }
});

test('a page runs its own scripts alone', async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ['/', '/signin', '/signup', '/no/such/page', '/']) {
    const answer = await request.get(path);
    const policy = answer.headers()['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'nonce-[\w-]{22}' 'wasm-unsafe-eval'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    for (const rule of ["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) expect(policy).toContain(rule);
    const nonce = policy.match(/'nonce-([^']+)'/)![1];
    const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(5);
});

test('what is left of the rate is told, but not for files', async ({ request }) => {
  const theme = await endpoint(request, '/', 'set_theme');
  for (const answer of [await request.get('/signin'), await request.post(theme, { form: { theme: 'dark' } })]) {
    for (const name of ['limit', 'remaining', 'reset']) expect(answer.headers()[`x-ratelimit-${name}`]).toMatch(/^\d+$/);
  }
  expect((await request.get('/icon.svg')).headers()).not.toHaveProperty('x-ratelimit-limit');
  expect((await request.get('/healthz')).headers()).not.toHaveProperty('x-ratelimit-limit');
});

test('without https nothing is promised of it', async ({ request }) => {
  const answer = await request.get('/', { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '1.2.3.4' } });
  expect(answer.headers()).not.toHaveProperty('strict-transport-security');
});

test('the session cookie is out of reach for scripts and other sites', async ({ page, workspace }) => {
  expect(workspace.org).toBeTruthy();
  const session = (await page.context().cookies()).find((cookie) => cookie.name === 'prodmatic_session');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});

test('what another site sends is refused', async ({ request, baseURL }) => {
  const action = await endpoint(request, '/', 'set_theme');
  const send = async (headers: Record<string, string>) => (await request.post(action, { form: { theme: 'dark' }, headers })).status();
  expect(await send({ origin: 'https://evil.example' })).toBe(403);
  expect(await send({ origin: 'null' })).toBe(403);
  expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await send({ 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await send({ origin: baseURL! })).toBe(200);
  expect((await request.get(action)).status()).toBeGreaterThanOrEqual(400);
});

test('a session without a word of where it comes from is refused', async ({ page, workspace, baseURL }) => {
  const action = await endpoint(page.request, workspace.home, 'set_theme');
  const send = async (headers: Record<string, string>) =>
    (await page.request.post(action, { form: { theme: 'dark' }, headers })).status();
  expect(await send({})).toBe(403);
  expect(await send({ origin: baseURL! })).toBe(200);
  expect(await send({ referer: `${baseURL}/` })).toBe(200);
  expect(await send({ referer: 'https://evil.example/' })).toBe(403);
});

test('the server says that it is up', async ({ request }) => {
  for (const path of ['/healthz', '/readyz']) expect((await request.get(path)).status()).toBe(200);
});
