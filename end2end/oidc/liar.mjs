// A provider that lies as its visitor chooses. All that is not a lie is right, so that each lie alone has to be found out.
import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { page, read } from './page.mjs';

const now = () => Math.floor(Date.now() / 1000);

/** What each lie changes in the claims of the ID token. */
const CLAIMS = {
  truth: {},
  'wrong nonce': { nonce: 'another' },
  'no nonce': { nonce: undefined },
  'wrong audience': { aud: 'another-client' },
  'second audience': { aud: ['prodmatic', 'another-client'] },
  'wrong issuer': { iss: 'https://id.example' },
  'expired token': { iat: now() - 7200, exp: now() - 3600 },
  'unverified e-mail': { email_verified: false },
  'no word on verification': { email_verified: undefined },
  'no e-mail': { email: undefined, email_verified: undefined },
  'someone else in user info': { email: undefined, email_verified: undefined },
};
/** Lies told elsewhere than in the claims. */
const OTHERS = [
  'bad signature', 'unknown key', 'no signature', 'shared secret', 'no ID token', 'nonsense', 'redirect', 'endless answer', 'server error',
  'wrong state', 'wrong issuer on return', 'refusal',
];

export async function liar({ issuer, client_id, client_secret }) {
  const [right, wrong] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwks = { keys: [{ ...(await exportJWK(right.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
  const journeys = new Map();

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    // Believing this list would be believing the liar.
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
  };

  function idToken({ lie, email, nonce }) {
    const claims = { iss: issuer, sub: `sub of ${email}`, aud: client_id, iat: now(), exp: now() + 300, nonce, email, email_verified: true, ...CLAIMS[lie] };
    if (lie === 'no signature') return new UnsecuredJWT(claims).encode();
    const signed = (alg, kid) => new SignJWT(claims).setProtectedHeader({ alg, kid });
    if (lie === 'shared secret') return signed('HS256').sign(new TextEncoder().encode(client_secret));
    if (lie === 'bad signature') return signed('RS256', 'one').sign(wrong.privateKey);
    if (lie === 'unknown key') return signed('RS256', 'two').sign(wrong.privateKey);
    return signed('RS256', 'one').sign(right.privateKey);
  }

  function authorize(url, response) {
    const hidden = ['redirect_uri', 'state', 'nonce', 'code_challenge']
      .map((name) => `<input type="hidden" name="${name}" value="${url.searchParams.get(name)}">`)
      .join('');
    const buttons = [...Object.keys(CLAIMS), ...OTHERS].map((lie) => `<button name="lie" value="${lie}">${lie}</button> `).join('');
    page(response, 'Lying ID', `<form method="post" action="/back">${hidden}<label>E-mail <input name="email"></label><p>${buttons}</form>`);
  }

  async function back(request, response) {
    const asked = Object.fromEntries(await read(request));
    const code = randomUUID();
    journeys.set(code, asked);
    const target = new URL(asked.redirect_uri);
    const answer = asked.lie === 'refusal' ? { error: 'access_denied', error_description: '<b>Words of mine</b>' } : { code };
    if (asked.lie === 'wrong issuer on return') answer.iss = 'https://id.example';
    target.search = new URLSearchParams({ ...answer, state: asked.lie === 'wrong state' ? 'another' : asked.state });
    response.writeHead(303, { location: target.href }).end();
  }

  const json = (response, value) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));

  async function token(request, response) {
    const sent = await read(request);
    const journey = journeys.get(sent.get('code'));
    journeys.delete(sent.get('code'));
    const challenge = createHash('sha256').update(sent.get('code_verifier') ?? '').digest('base64url');
    if (journey?.code_challenge !== challenge) return json(Object.assign(response, { statusCode: 400 }), { error: 'invalid_grant' });
    const { lie, email } = journey;
    if (lie === 'redirect') return response.writeHead(307, { location: `${issuer}/elsewhere` }).end();
    if (lie === 'server error') return response.writeHead(500).end('<b>Words of mine</b>');
    if (lie === 'endless answer') return response.setHeader('content-type', 'application/json').end(`{"a":"${'x'.repeat(2_000_000)}"}`);
    const id_token = lie === 'no ID token' ? undefined : lie === 'nonsense' ? 'a.b.c' : await idToken(journey);
    json(response, { access_token: `${lie}|${email}`, token_type: 'Bearer', expires_in: 300, id_token });
  }

  function userInfo(request, response) {
    const [lie, email] = request.headers.authorization.replace('Bearer ', '').split('|');
    const sub = lie === 'someone else in user info' ? 'another' : `sub of ${email}`;
    json(response, lie === 'no e-mail' ? { sub } : { sub, email, email_verified: true });
  }

  return async (request, response) => {
    const url = new URL(request.url, issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration': return json(response, metadata);
      case '/jwks': return json(response, jwks);
      case '/authorize': return authorize(url, response);
      case '/back': return back(request, response);
      case '/token': return token(request, response);
      case '/userinfo': return userInfo(request, response);
      // Where the redirect leads: all would be right here, were it followed.
      case '/elsewhere': return json(response, { access_token: 'x', token_type: 'Bearer', id_token: 'a.b.c' });
      default: return response.writeHead(404).end();
    }
  };
}
