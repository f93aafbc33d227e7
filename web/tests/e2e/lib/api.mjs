// The API as a signed-in person: cookie and CSRF header; with her password it steps up when an act asks for it. An error says what was asked and what was answered.
export class Api {
  constructor(base) {
    this.base = base;
    this.cookie = '';
    this.csrf = '';
  }

  /** What was answered, good or bad: {status, body}. */
  async answer(method, path, body, headers = {}) {
    const answer = await this.answerOnce(method, path, body, headers);
    if (answer.body?.code !== 'step_up_needed' || !this.password) return answer;
    await this.answerOnce('POST', '/session/step-up', { password: this.password });
    return this.answerOnce(method, path, body, headers);
  }

  async answerOnce(method, path, body, headers = {}) {
    const all = { Accept: 'application/json', ...headers };
    if (this.cookie) all.Cookie = this.cookie;
    if (this.csrf && method !== 'GET') all['X-Propolis-CSRF'] = this.csrf;
    const form = body instanceof FormData;
    if (body !== undefined && !form) all['Content-Type'] = 'application/json';
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: all,
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    });
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('propolis_session='));
    if (cookie) this.cookie = cookie.split(';')[0];
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: text && json ? JSON.parse(text) : text || undefined };
  }

  async request(method, path, body, headers) {
    const answer = await this.answer(method, path, body, headers);
    if (answer.status < 400) return answer.body;
    const error = new Error(
      `${method} ${path} ${JSON.stringify(body)?.slice(0, 300) ?? ''}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 600)}`,
    );
    error.status = answer.status;
    throw error;
  }

  get = (path) => this.request('GET', path);
  post = (path, body) => this.request('POST', path, body ?? {});
  patch = (path, body) => this.request('PATCH', path, body);

  /** Takes over the session that a call answers. */
  async signedIn(answer) {
    this.session = await answer;
    this.csrf = this.session.csrf;
    return this.session;
  }

  signIn(email, password) {
    this.password = password;
    return this.signedIn(this.post('/session', { email, password }));
  }
}
