// Asks for a list of the API again and again: node bench-api.mjs with URL, TOKEN, CONNECTIONS and REQUESTS. Over each connection one
// request follows the other. Prints the milliseconds of each, from asking to the answer's last byte, a line each.
import http from 'node:http';

const { URL: url, TOKEN, CONNECTIONS = '1', REQUESTS = '1000' } = process.env;
const connections = Number(CONNECTIONS);
const each = Math.floor(Number(REQUESTS) / connections);
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });

/** Gives the milliseconds that it took. */
function ask() {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const request = http.get(url, { agent, headers: { authorization: `Bearer ${TOKEN}` } }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url} answers ${response.statusCode}`));
      response.resume();
      response.on('end', () => resolve(performance.now() - begun));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

const times = [];
const worker = async () => {
  for (let n = 0; n < each; n++) times.push(await ask());
};
await Promise.all(Array.from({ length: connections }, worker));
agent.destroy();
console.log(times.map((time) => time.toFixed(4)).join('\n'));
