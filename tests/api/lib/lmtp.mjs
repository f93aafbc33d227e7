// One delivery by LMTP (RFC 2033), as a mail server makes it.
import { createConnection } from 'node:net';

/** True when the desk answered 250 to the message; false for any other answer, or none. */
export function deliver(port, { from, to, raw, limitMs = 5000 }) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const script = ['LHLO mail.customer.example', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${raw}\r\n.`];
    let text = '';
    const end = (taken) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(limitMs, () => end(false));
    socket.on('error', () => end(false)).on('close', () => resolve(false));
    socket.on('data', (chunk) => {
      text += chunk;
      for (let line = text.match(/^(\d{3})([ -]).*\r\n/); line; line = text.match(/^(\d{3})([ -]).*\r\n/)) {
        text = text.slice(line[0].length);
        if (line[2] === '-') continue;
        if (line[1] >= '400') return end(false);
        if (!script.length) return end(line[1] === '250');
        socket.write(`${script.shift()}\r\n`);
      }
    });
  });
}
