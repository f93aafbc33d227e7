// The one way to the server: JSON in and out, problem documents as exceptions, the CSRF header, versions and
// idempotency keys. No framework; used by the console, the portal, the survey and the sign-in page alike.
import { language } from './i18n';

export const kBase = '/api/v1';

export type FieldError = { field: string; message: string };

/** RFC 9457 problem document. */
export type ProblemBody = {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: FieldError[];
};

export class ApiProblem extends Error {
  constructor(readonly problem: ProblemBody) {
    super(problem.detail || problem.title || `HTTP ${problem.status}`);
    this.name = 'ApiProblem';
  }
  get status(): number {
    return this.problem.status;
  }
  /** What is wrong with one field, if the server said so. */
  field(name: string): string | undefined {
    const same = (field: string) => field.replace(/^\//, '').replaceAll('/', '.') === name;
    return this.problem.errors?.find((error) => same(error.field))?.message;
  }
}

/** status 0: the server was not reached at all. */
export function isOffline(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 0;
}

let csrf = '';
let onSignedOut: (() => void) | undefined;

export function setCsrf(token: string): void {
  csrf = token;
}

/** Called once for each answer 401 to a request that expected a session. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

let onStepUp: (() => Promise<boolean>) | undefined;
let stepUp: Promise<boolean> | undefined;

/** Called when an act wants the person to show once more that it is she; answers whether she did. Answers its own end. */
export function whenStepUpNeeded(act: () => Promise<boolean>): () => void {
  onStepUp = act;
  return () => {
    if (onStepUp === act) onStepUp = undefined;
  };
}

/** However many acts wait for it, she is asked once. */
function steppedUp(): Promise<boolean> {
  stepUp ??= (onStepUp?.() ?? Promise.resolve(false)).finally(() => {
    stepUp = undefined;
  });
  return stepUp;
}

export type Options = {
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: unknown;
  /** The version read before: sent as If-Match. */
  version?: number;
  /** Sent as Idempotency-Key: the same key twice acts once. */
  key?: string;
  signal?: AbortSignal;
  /** A 401 is an answer here, not the end of a session. */
  anonymous?: boolean;
};

export function newKey(): string {
  return crypto.randomUUID();
}

export function url(path: string, query?: Options['query']): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `${kBase}${path}${text ? `?${text}` : ''}`;
}

function headers(method: string, options: Options): Headers {
  const out = new Headers({ Accept: 'application/json', 'Accept-Language': language() });
  if (options.body !== undefined && !(options.body instanceof FormData)) out.set('Content-Type', 'application/json');
  if (method !== 'GET' && csrf) out.set('X-Propolis-CSRF', csrf);
  if (options.version !== undefined) out.set('If-Match', `"${options.version}"`);
  if (options.key) out.set('Idempotency-Key', options.key);
  return out;
}

function problemOf(status: number, text: string): ApiProblem {
  try {
    const body = JSON.parse(text) as ProblemBody;
    if (body && typeof body === 'object') return new ApiProblem({ ...body, status: body.status ?? status });
  } catch {
    // Not a problem document: a proxy's page, say. The status must do.
  }
  return new ApiProblem({ status });
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  let response: Response;
  const body =
    options.body instanceof FormData
      ? options.body
      : options.body === undefined
        ? undefined
        : JSON.stringify(options.body);
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers: headers(method, options),
      body,
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({ status: 0, code: 'offline' });
  }
  const text = await response.text();
  if (!response.ok) {
    if (response.status === 401 && !options.anonymous) onSignedOut?.();
    const problem = problemOf(response.status, text);
    if (problem.problem.code === 'step_up_needed' && (await steppedUp())) return request<T>(method, path, options);
    throw problem;
  }
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string, options?: Options) => request<T>('GET', path, options);
export const post = <T>(path: string, body?: unknown, options?: Options) =>
  request<T>('POST', path, { ...options, body: body ?? {} });
export const patch = <T>(path: string, body: unknown, options?: Options) =>
  request<T>('PATCH', path, { ...options, body });
export const put = <T>(path: string, body: unknown, options?: Options) => request<T>('PUT', path, { ...options, body });
export const del = <T>(path: string, options?: Options) => request<T>('DELETE', path, options);

/** A file with its progress, 0 to 1. `cancel` stops it. fetch cannot tell how far an upload is, XMLHttpRequest can. */
export function upload<T>(
  path: string,
  form: FormData,
  progress: (part: number) => void,
): { done: Promise<T>; cancel: () => void } {
  const xhr = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    xhr.open('POST', url(path));
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Accept-Language', language());
    xhr.setRequestHeader('Idempotency-Key', newKey());
    if (csrf) xhr.setRequestHeader('X-Propolis-CSRF', csrf);
    xhr.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300)
        resolve((xhr.responseText ? JSON.parse(xhr.responseText) : undefined) as T);
      else reject(problemOf(xhr.status, xhr.responseText));
    };
    xhr.onerror = () => reject(new ApiProblem({ status: 0, code: 'offline' }));
    xhr.onabort = () => reject(new ApiProblem({ status: 0, code: 'cancelled' }));
    xhr.send(form);
  });
  return { done, cancel: () => xhr.abort() };
}
