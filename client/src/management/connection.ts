import { failureOf, KeyhouseError } from './keyhouse-error.ts';
import type { ManagementRequest } from './request-of.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface SendOptions {
  /** For everything together: every attempt and every wait between. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether sending it twice does what sending it once does. */
  readonly isRepeatable: boolean;
}

/** How long to wait before the second and the third attempt, in milliseconds; up to half as long again. */
const WAITS_MS = [100, 400];
/** Nothing was sent: the address has no name, or nobody took the connection. */
const NOT_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

/** Sends requests to one address and reads their answers as JSON. */
export class Connection {
  readonly #base: string;
  readonly #fetch: Fetch;

  /** @param base address of the API, without trailing slash. */
  constructor(base: string, fetch: Fetch) {
    this.#base = base;
    this.#fetch = fetch;
  }

  /**
   * The answer. What passes is tried again, at most twice and within the time: whatever nobody received, a limit that
   * opens in time, and outages where the request is repeatable.
   * @throws {KeyhouseError} a refusal, or no answer. What the caller's signal gives, where that ended it.
   */
  async send(request: ManagementRequest, options: SendOptions): Promise<unknown> {
    const { signal, timeoutMs } = options;
    const deadline = performance.now() + timeoutMs;
    const ending = new AbortController();
    const end = () => ending.abort();
    const timer = setTimeout(end, timeoutMs);
    signal?.addEventListener('abort', end);
    try {
      for (let attempt = 0; ; attempt++) {
        signal?.throwIfAborted();
        try {
          return await this.#once(request, options.headers, ending.signal);
        } catch (error) {
          signal?.throwIfAborted();
          if (ending.signal.aborted) throw timedOut(request.method, timeoutMs);
          const waitMs = waitBefore(attempt, error, options.isRepeatable);
          if (waitMs === null || performance.now() + waitMs >= deadline) throw error;
          await pause(waitMs, ending.signal);
        }
      }
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  async #once(
    { method, target, body }: ManagementRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const init: RequestInit = {
      method,
      headers: { Accept: 'application/json', ...(body !== null && { 'Content-Type': body.type }), ...headers },
      body: body?.text ?? null,
      redirect: 'manual',
      signal,
    };
    let answer: Response;
    let text: string;
    try {
      answer = await this.#fetch(`${this.#base}${target}`, init);
      text = await answer.text();
    } catch (error) {
      throw noAnswer(method, codeOf(error));
    }
    if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400)) {
      throw new KeyhouseError({
        status: answer.status === 0 ? null : answer.status,
        code: 'redirected',
        message: 'The server answered with a redirect. The token is not sent on: give the address it leads to as url.',
      });
    }
    // Whoever stands between may send back what it was sent.
    if (!answer.ok) throw new KeyhouseError(failureOf(answer, readJson(withoutCredential(text, headers))));
    const read = readJson(text);
    if (typeof read === 'object' && read !== null) return read;
    throw new KeyhouseError({
      status: answer.status,
      code: 'unreadable_answer',
      message: `The server answered ${answer.status} with something that is not Keyhouse's.`,
    });
  }
}

/** In milliseconds; null where it is not to be tried again. */
function waitBefore(attempt: number, error: unknown, isRepeatable: boolean): number | null {
  const shortest = WAITS_MS[attempt];
  if (shortest === undefined || !(error instanceof KeyhouseError)) return null;
  const { status, code, retryAfterSeconds } = error;
  const passes = isRepeatable && (code === 'no_answer' || PASSING.has(status ?? 0));
  const wasNotDone = code === 'not_reached' || (status === 429 && retryAfterSeconds !== null);
  if (!passes && !wasNotDone) return null;
  return Math.max(shortest * (1 + Math.random() / 2), (retryAfterSeconds ?? 0) * 1_000);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function noAnswer(method: string, reason: string): KeyhouseError {
  const wasSent = !NOT_SENT.has(reason);
  return new KeyhouseError({
    status: null,
    code: wasSent ? 'no_answer' : 'not_reached',
    message: wasSent
      ? `The connection broke before the answer came (${reason}).${doubt(method)}`
      : `The server cannot be reached (${reason}).`,
  });
}

function timedOut(method: string, timeoutMs: number): KeyhouseError {
  return new KeyhouseError({
    status: null,
    code: 'timed_out',
    message: `There was no answer within ${timeoutMs} ms.${doubt(method)}`,
  });
}

function doubt(method: string): string {
  return method === 'GET' ? '' : ' Whether it was done is not known: look before you repeat it.';
}

/** A system's word such as ECONNRESET; the message of an exception may repeat what was sent. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = [cause?.code, code].find((one) => typeof one === 'string' && /^[A-Z][A-Z0-9_]*$/.test(one));
  return typeof found === 'string' ? found : 'no reason given';
}

function withoutCredential(text: string, { Authorization = '' }: Readonly<Record<string, string>>): string {
  const token = Authorization.slice('Bearer '.length);
  return token === '' ? text : text.replaceAll(token, '…');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
