import { errorOf, serverGone } from './api-error.ts';
import { noteAnswer, noteSilence } from './connection.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type QueryValue = string | number | boolean | null | undefined;

interface Asked {
  /** Fields that are null, undefined or empty are left out. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Makes a repeated call find what the first one made; one per form that was filled in. */
  readonly idempotencyKey?: string;
}

const PATIENCE_MS = 30_000;

/**
 * One JSON call to the server that this page came from, with the session of the browser.
 * @throws {ApiError} whatever did not work, an answer that never came included.
 */
export async function call<T>(method: Method, path: string, asked: Asked = {}): Promise<T> {
  const headers: Record<string, string> = { 'Keyhouse-Dashboard': '1', Accept: 'application/json' };
  const hasBody = method !== 'GET';
  if (hasBody) headers['Content-Type'] = 'application/json';
  if (asked.idempotencyKey !== undefined) headers['Idempotency-Key'] = asked.idempotencyKey;
  const answer = await send(`${path}${queryText(asked.query)}`, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(asked.signal === undefined ? [] : [asked.signal])]),
    ...(hasBody && { body: JSON.stringify(asked.body ?? {}) }),
  });
  if (!answer.ok) throw await errorOf(answer);
  if (answer.status === 204) return undefined as T;
  return (await answer.json().catch(() => {
    throw serverGone();
  })) as T;
}

async function send(url: string, request: RequestInit & { signal: AbortSignal }): Promise<Response> {
  try {
    const answer = await fetch(url, request);
    noteAnswer();
    return answer;
  } catch (error) {
    // The page itself gave up (it was left, or its filter changed): that says nothing about the server.
    if (request.signal.aborted && (error as Error).name === 'AbortError') throw error;
    noteSilence();
    throw serverGone();
  }
}

function queryText(query: Asked['query'] = {}): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') fields.set(name, String(value));
  }
  const text = fields.toString();
  return text === '' ? '' : `?${text}`;
}
