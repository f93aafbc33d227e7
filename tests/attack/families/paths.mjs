// Out of the folder: addresses, ids, names of files and downloads. Nothing of the machine may be read, nothing written beside the store.
import { existsSync, readdirSync } from 'node:fs';

const kTargets = ['etc/passwd', 'proc/self/environ', 'desk.db', 'propolis.db', 'audit.key'];
const kUps = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '..\\', '....//', '%252e%252e%252f', '..;/', '%c0%ae%c0%ae/', '..%00/', '.%2e/', '%uff0e%uff0e/', '..%ef%bc%8f'];
const kRoots = ['/', '/assets/', '/portal/', '/api/v1/', '/api/v1/evidence/', '/api/v1/portal/articles/', '/health/'];
const kMachine = /root:[^:]*:0:0|SQLite format 3|^PATH=|BEGIN (OPENSSH |EC |RSA )?PRIVATE KEY/m;

export const paths = {
  name: 'paths',
  async attack(field) {
    const { random, admin, customers, secrets, world } = field;
    const { dir } = world.desk;
    const there = readdirSync(dir).sort().join();
    for (let i = 0; i < 60; ++i) {
      const target = `${random.pick(kRoots)}${random.pick(kUps).repeat(1 + random.int(9))}${random.pick(kTargets)}${random.pick(['', '', '%00', '%00.html', '/.', '?x'])}`;
      const answers = await field.raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nCookie: ${admin.headers.Cookie}\r\nConnection: close\r\n\r\n`, { sees: admin.sees });
      for (const { body } of answers) field.expect(!kMachine.test(body), `${target} reads the machine: ${body.slice(0, 100)}`);
    }
    const name = `owned${random.word()}`;
    for (const filename of [`../../../${name}`, `..\\..\\${name}`, `/tmp/${name}`, `${dir}/${name}`, `./${name}`, `${name}/../../${name}`, `C:\\${name}`, `file:///tmp/${name}`, `\u2024\u2024/${name}`, '.', '..', '.htaccess', 'CON', `${name}${'a'.repeat(4000)}`]) {
      const body = new FormData();
      body.set('file', new Blob(['a line\n']), filename);
      const sent = await field.ask(customers.a_requester, 'POST', `/portal/tickets/${secrets.a.ticket}/evidence`, { raw: body });
      if (sent.json) field.expect(!/[/\\]/.test(sent.json.filename) && !/^\.+$/.test(sent.json.filename), 'a name leads elsewhere', sent);
    }
    const { email } = customers.a_requester;
    await field.mail(email, [`From: <${email}>`, 'To: <desk@desk.example>', 'Subject: A file', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=e', '', '--e',
      `Content-Disposition: attachment; filename="../../../../tmp/${name}"`, '', 'x', '--e', `Content-Disposition: attachment; filename*=utf-8''..%2F..%2F${name}`, '', 'x', '--e--', ''].join('\r\n'));
    field.expect(readdirSync(dir).sort().join() === there, 'a file was written beside the store');
    field.expect(!existsSync(`/tmp/${name}`) && !existsSync(`${world.desk.data}/${name}`), 'a file was written where a name said');
  },
};
