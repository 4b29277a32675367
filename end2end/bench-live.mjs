// Listens and changes: node bench-live.mjs with BASE_URL, TOKENS (a file with a session's token on each line; the first one makes the
// changes), SERVER_PID, and LISTENERS, CHANGES (a second) and DURATION (seconds). Prints, separated by spaces: changes made, changes that did not
// reach everybody, share in percent that reached everybody within 100 ms, then milliseconds until everybody was reached (median,
// 95th percentile, most), the median from a change's request to its answer, and the server's memory in kB at the begin and in the end.
//
// A change is timed from when it is asked for, so its own request is part of the time.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const { BASE_URL, TOKENS, SERVER_PID, LISTENERS = '500', CHANGES = '50', DURATION = '60' } = process.env;
const [listeners, rate, seconds] = [LISTENERS, CHANGES, DURATION].map(Number);
const tokens = readFileSync(TOKENS, 'utf8').trim().split('\n');
const cookie = (token) => `prodmatic_session=${token}`;
const FORM = '/orgs/demo/products/demo-product/ideas/new';
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

/** @type {Map<string, {asked: number, heard: number, last: number}>} */
const changes = new Map();
const of = (id) => changes.get(id) ?? changes.set(id, { asked: 0, heard: 0, last: 0 }).get(id);
let ready = 0;
let ended = 0;
const EVENT = 'data: {"entity":"Idea","id":"';

function listen(token) {
  const request = http.get(`${BASE_URL}/events?org=demo`, { agent: false, headers: { cookie: cookie(token) } }, (response) => {
    if (response.statusCode !== 200) throw new Error(`/events answers ${response.statusCode}`);
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (piece) => {
      const now = performance.now();
      const lines = (rest + piece).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (line === 'event: hello') ready++;
        if (!line.startsWith(EVENT) || !line.includes('idea.created')) continue;
        const change = of(line.slice(EVENT.length, line.indexOf('"', EVENT.length)));
        change.heard++;
        change.last = now;
      }
    });
    response.on('end', () => ended++);
    response.on('error', () => ended++);
  });
  request.on('error', () => ended++);
}

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { cookie: cookie(tokens[0]), accept: 'text/html', origin: BASE_URL, 'content-type': 'application/x-www-form-urlencoded' };
    const request = http.request(BASE_URL + path, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode, location: response.headers.location, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const memory = () => Number(readFileSync(`/proc/${SERVER_PID}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const address = (await ask('GET', FORM)).text.match(/action="(\/api\/create_idea\d*)"/)?.[1];
if (!address) throw new Error('the form for a new idea is not there');
const answers = [];
async function change(n) {
  const form = new URLSearchParams({ org: 'demo', product: 'demo-product', page: FORM, 'form[title]': `Live ${n}`, 'form[description]': '', 'form[tags]': '' });
  const asked = performance.now();
  const answer = await ask('POST', address, form.toString());
  if (answer.status !== 303) throw new Error(`a change was answered with ${answer.status}`);
  answers.push(performance.now() - asked);
  of(answer.location.split('/').pop().split('?')[0]).asked = asked;
}

for (let n = 0; n < listeners; n++) {
  listen(tokens[1 + (n % (tokens.length - 1))]);
  if (n % 25 === 24) await wait(20);
}
while (ready < listeners) await wait(50);
// Whatever is made once is made before.
for (let n = 0; n < rate; n++) await change(`warm ${n}`);
await wait(3_000);
changes.clear();
answers.length = 0;
const before = memory();

const begin = performance.now();
const made = [];
for (let n = 0; n < seconds * rate; n++) {
  const due = begin + (n * 1_000) / rate;
  const left = due - performance.now();
  if (left > 0) await wait(left);
  made.push(change(n));
  if (made.length > 1_000) await Promise.all(made.splice(0, 900));
}
await Promise.all(made);
await wait(2_000);
const after = memory();

const all = [...changes.values()];
const whole = all.filter(({ heard }) => heard === listeners).map(({ asked, last }) => last - asked).sort((a, b) => a - b);
answers.sort((a, b) => a - b);
const share = (100 * whole.filter((time) => time <= 100).length) / all.length;
const shown = [all.length, all.length - whole.length, share.toFixed(1), at(whole, 0.5).toFixed(0), at(whole, 0.95).toFixed(0), at(whole, 1).toFixed(0)];
console.log([...shown, at(answers, 0.5).toFixed(0), before, after].join(' '));
if (ended > 0) console.error(`${ended} streams were cut off`);
process.exit(0);
