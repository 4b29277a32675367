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
    });
  }
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

test('the server says that it is up', async ({ request }) => {
  for (const path of ['/healthz', '/readyz']) expect((await request.get(path)).status()).toBe(200);
});
