// A real provider, `oidc-provider`, which believes whoever gives an e-mail address. It demands PKCE and tells the address by
// its user-info endpoint alone, as the specification has it.
import Provider from 'oidc-provider';
import { page, read } from './page.mjs';

export function honest({ issuer, client_id, client_secret }, callback) {
  const provider = new Provider(issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [callback] }],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unverified'), name: 'Olga Openid' }),
    }),
    // Nobody is asked whether they agree.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  return async (request, response) => {
    if (!request.url.startsWith('/login/')) return answer(request, response);
    if (request.method !== 'POST') {
      return page(response, 'Honest ID', `<form method="post"><label>E-mail <input name="email"></label><button>Log in</button></form>`);
    }
    const accountId = (await read(request)).get('email');
    await provider.interactionFinished(request, response, { login: { accountId } });
  };
}
