// node providers.mjs BASE_URL FILE: identity providers for the server at BASE_URL, until told to stop: one that is honest, one
// that lies as it is asked to, and one that is not there. Writes FILE, the list for PRODMATIC_OIDC_PROVIDERS, once they answer.
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { honest } from './honest.mjs';
import { liar } from './liar.mjs';

const [base, file] = process.argv.slice(2);
const callback = `${base}/oidc/callback`;

/** Listens on a free port and answers with what `make` gives for the issuer's address. */
async function serve(name, make) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const client = { issuer: `http://127.0.0.1:${server.address().port}`, client_id: 'prodmatic', client_secret: `${name} shares this secret` };
  server.on('request', await make(client, callback));
  return { name, ...client };
}

const providers = [await serve('Honest ID', honest), await serve('Lying ID', liar)];
// Nobody listens on this port.
providers.push({ name: 'Sleeping ID', issuer: 'http://127.0.0.1:1', client_id: 'prodmatic' });
writeFileSync(`${file}.new`, JSON.stringify(providers));
renameSync(`${file}.new`, file);
