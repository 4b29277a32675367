// A mail server for the tests: takes every mail over SMTP and shows it over HTTP.
// node smtp.mjs SMTP_PORT HTTP_PORT; then GET /mails?to=ADDRESS gives a JSON list, oldest first.
import { createServer } from 'node:http';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const [smtpPort, httpPort] = process.argv.slice(2).map(Number);
const mails = [];

const smtp = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  disabledCommands: ['STARTTLS'],
  onAuth: ({ username, password }, _session, done) =>
    username === 'prodmatic' && password === 'p@ss' ? done(null, { user: username }) : done(new Error('wrong password')),
  async onData(stream, session, done) {
    const { subject, from, text, html, headers } = await simpleParser(stream);
    const to = session.envelope.rcptTo.map(({ address }) => address);
    mails.push({ to, from: from?.text, subject, text, html, contentType: headers.get('content-type')?.value, user: session.user });
    done();
  },
});
smtp.on('error', (error) => console.error(error));
smtp.listen(smtpPort, '127.0.0.1');

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const to = searchParams.get('to')?.toLowerCase();
  const found = pathname === '/mails' ? mails.filter((mail) => mail.to.some((address) => address.toLowerCase() === to)) : null;
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found));
}).listen(httpPort, '127.0.0.1');
