// Asks for a list of the API again and again: node bench-api.mjs with URL, TOKEN, CONNECTIONS and REQUESTS. Over each connection one
// request follows the other. Prints the milliseconds of each, from asking to the answer's last byte, a line each.
//
// It writes and reads the bytes itself: node's own client takes longer than the server. Nor are the first requests counted, in which
// node compiles this program.
import net from 'node:net';

const { URL: url, TOKEN, CONNECTIONS = '1', REQUESTS = '1000' } = process.env;
const UNCOUNTED = 200;
const connections = Number(CONNECTIONS);
const each = Math.floor(Number(REQUESTS) / connections);
const { hostname, port, pathname, search, host } = new URL(url);
const asked = Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`);

/** A connection; `ask` gives the milliseconds that an answer took, and its body. */
function connect() {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  let [begun, text, head, length, settle] = [0, '', -1, 0];
  /** Takes what has come, with the bytes as characters. */
  const take = (count) => {
    text += buffer.latin1Slice(0, count);
    if (head < 0) {
      head = text.indexOf('\r\n\r\n');
      if (head < 0) return true;
      const told = text.slice(0, head);
      length = Number(/\r\ncontent-length: *(\d+)/i.exec(told)?.[1]);
      if (!told.startsWith('HTTP/1.1 200 ') || Number.isNaN(length)) return settle.reject(new Error(`${url} answers ${told}`));
    }
    if (text.length < head + 4 + length) return true;
    const took = performance.now() - begun;
    settle.resolve({ took, body: text.slice(head + 4) });
    return true;
  };
  const socket = net.connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback: take } });
  const ended = (cause) => settle?.reject(new Error(`${url}: the connection has ended`, { cause }));
  socket.on('error', ended).on('close', ended);
  const ask = () =>
    new Promise((resolve, reject) => {
      [text, head, settle] = ['', -1, { resolve, reject }];
      begun = performance.now();
      socket.write(asked);
    });
  return { ask, close: () => socket.destroy() };
}

const times = [];
async function worker() {
  const { ask, close } = connect();
  const { data } = JSON.parse((await ask()).body);
  if (!data.length) throw new Error(`${url} lists nothing`);
  for (let n = 1; n < UNCOUNTED / connections; n++) await ask();
  for (let n = 0; n < each; n++) times.push((await ask()).took);
  close();
}
await Promise.all(Array.from({ length: connections }, worker));
console.log(times.map((time) => time.toFixed(4)).join('\n'));
