// One caller of the API: a person with a session, a program with a key, or nobody. Whose `password`, `secret` of an app or
// `passkey` is known steps up when an act asks for it, as the console has its people do.
import { totp } from './factors.mjs';

export class Client {
  constructor(base, { name = 'nobody', headers = {} } = {}) {
    Object.assign(this, { base, name, headers });
  }

  /** `body` is sent as JSON, `raw` as it is with the content type `type`. Nothing throws because of a status. */
  async ask(method, path, options) {
    const answer = await this.askOnce(method, path, options);
    return answer.json?.code === 'step_up_needed' && (await this.stepUp()) ? this.askOnce(method, path, options) : answer;
  }

  async stepUp() {
    for (const show of [
      this.passkey && (async () => ({ passkey: this.passkey.answer(await this.post('/session/passkey/request')) })),
      this.secret && (() => ({ code: totp(this.secret) })),
      this.password && (() => ({ password: this.password })),
    ].filter(Boolean)) {
      if ((await this.askOnce('POST', '/session/step-up', { body: await show() })).status === 204) return true;
    }
    return false;
  }

  async askOnce(method, path, { body, raw, type, headers = {} } = {}) {
    const all = { 'Accept-Language': 'en', ...this.headers, ...headers };
    if (body !== undefined) all['Content-Type'] ??= 'application/json';
    if (type) all['Content-Type'] = type;
    const payload = body !== undefined ? JSON.stringify(body) : raw;
    const response = await fetch(`${this.base}/api/v1${path}`, { method, headers: all, body: payload, redirect: 'manual' });
    const text = await response.text();
    const media = (response.headers.get('content-type') ?? '').split(';')[0];
    let json;
    if (media.endsWith('json')) json = JSON.parse(text);
    return { asked: `${this.name}: ${method} ${path} ${String(payload ?? '').slice(0, 200)}`, status: response.status,
      headers: response.headers, media, text, json };
  }

  /** The answer's JSON of what must succeed. */
  async must(method, path, options) {
    const answer = await this.ask(method, path, options);
    if (answer.status >= 300) throw new Error(`${answer.asked}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer.json;
  }
  get = (path) => this.must('GET', path);
  post = (path, body = {}, headers = {}) => this.must('POST', path, { body, headers });
  patch = (path, body, headers = {}) => this.must('PATCH', path, { body, headers });

  /** Takes over the session that an answer starts. */
  static fromSession(base, answer) {
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('propolis_session='));
    if (answer.status !== 200 || !cookie) throw new Error(`${answer.asked}: ${answer.status} ${answer.text}`);
    const me = answer.json;
    const headers = { Cookie: cookie.split(';')[0], 'X-Propolis-CSRF': me.csrf };
    return Object.assign(new Client(base, { name: me.name, headers }), { me });
  }
}
