// Another program that listens for webhooks, for the tests: it checks each delivery with the specification's own library.
// node receiver.mjs PORT [PORT…]; then
//   PUT    /hooks/NAME  {"secrets": […], "status": 200, "delay": 0}  says how to check and to answer there;
//   POST   /hooks/NAME  is what a webhook sends;
//   GET    /hooks/NAME  gives a JSON list of what came, oldest first, each with the secrets that it is signed with;
//   GET    /count       gives how many came to a port in all, by id, and how many of them are not signed rightly.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const ports = process.argv.slice(2).map(Number);
const hooks = new Map();
const seen = new Map();
let wrong = 0;

const hook = (name) => {
  if (!hooks.has(name)) hooks.set(name, { secrets: [], status: 200, delay: 0, got: [] });
  return hooks.get(name);
};

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Whether the delivery is signed with the secret, and not too old. */
function verifies(secret, body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function take(name, body, headers) {
  const one = hook(name);
  const id = headers['webhook-id'];
  const signedWith = one.secrets.filter((secret) => verifies(secret, body, headers));
  if (one.secrets.length > 0 && signedWith.length === 0) wrong += 1;
  seen.set(id, (seen.get(id) ?? 0) + 1);
  // A bench sends more than has to be looked at.
  if (one.got.length < 2_000) one.got.push({ id, signedWith, signatures: headers['webhook-signature'], event: JSON.parse(body) });
  return one;
}

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const json = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (pathname === '/count') return json(200, { ids: seen.size, all: [...seen.values()].reduce((sum, count) => sum + count, 0), wrong });
  const name = pathname.match(/^\/hooks\/([\w-]+)$/)?.[1];
  if (!name) return json(404, {});
  if (request.method === 'GET') return json(200, hook(name).got);
  const body = await text(request);
  if (request.method === 'PUT') return json(200, Object.assign(hook(name), JSON.parse(body)));
  const { status, delay } = take(name, body, request.headers);
  if (delay > 0) await new Promise((done) => setTimeout(done, delay));
  json(status, { status });
}

for (const port of ports) {
  createServer((request, response) => answer(request, response).catch((error) => response.writeHead(500).end(String(error)))).listen(port, '127.0.0.1');
}
