import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem, get, isOffline, patch, post, setCsrf, url, whenSignedOut } from '../../src/lib/api';

type Call = { url: string; init: RequestInit & { headers: Headers } };
const answer = (status: number, body: unknown) => {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (to: string, init: Call['init']) => {
    calls.push({ url: to, init });
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  });
  return calls;
};

afterEach(() => vi.unstubAllGlobals());

describe('requests', () => {
  it('leaves empty query values out', () => {
    expect(url('/tickets', { view: 'my_open', sort: undefined, q: '', limit: 50 })).toBe(
      '/api/v1/tickets?view=my_open&limit=50',
    );
  });
  it('sends version, key and CSRF token, and the token on no GET', async () => {
    setCsrf('token');
    const calls = answer(200, { ok: true });
    await patch('/tickets/1', { impact: 2 }, { version: 7 });
    await post('/tickets', {}, { key: 'once' });
    await get('/views');
    expect(calls[0]!.init.headers.get('If-Match')).toBe('"7"');
    expect(calls[0]!.init.headers.get('X-Propolis-CSRF')).toBe('token');
    expect(calls[0]!.init.headers.get('Content-Type')).toBe('application/json');
    expect(calls[1]!.init.headers.get('Idempotency-Key')).toBe('once');
    expect(calls[2]!.init.headers.get('X-Propolis-CSRF')).toBeNull();
  });
  it('answers nothing for an empty answer', async () => {
    answer(204, undefined);
    expect(await post('/tickets/1/read')).toBeUndefined();
  });
  it('throws the problem with its fields', async () => {
    answer(422, {
      status: 422,
      title: 'Bad',
      detail: 'Look again',
      errors: [{ field: 'subject', message: 'Too long' }],
    });
    const problem = (await post('/tickets').catch((error) => error)) as ApiProblem;
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem.message).toBe('Look again');
    expect(problem.field('subject')).toBe('Too long');
    expect(problem.field('body')).toBeUndefined();
  });
  it('makes a problem of a page that is none, and of no answer at all', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
    expect(((await get('/views').catch((error) => error)) as ApiProblem).status).toBe(502);
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('failed');
    });
    expect(isOffline(await get('/views').catch((error) => error))).toBe(true);
  });
  it('tells of an ended session, but not when none was expected', async () => {
    const ended = vi.fn();
    whenSignedOut(ended);
    answer(401, { status: 401 });
    await get('/session', { anonymous: true }).catch(() => undefined);
    expect(ended).not.toHaveBeenCalled();
    await get('/session').catch(() => undefined);
    expect(ended).toHaveBeenCalledOnce();
  });
});
