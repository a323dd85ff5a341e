import { serverAddress, tokenSource } from '../server-access.ts';
import type { CallOptions, RepeatableOptions } from './call-options.ts';
import { Connection, type Fetch } from './connection.ts';
import { type Dialect, inOurNames, problemInOurNames, readDialect } from './dialect.ts';
import { KeyhouseError } from './keyhouse-error.ts';
import type { Methods } from './methods.ts';
import { OPERATIONS, type OperationRow } from './operations.ts';
import { PLACES } from './places.ts';
import { requestOf } from './request-of.ts';

export interface ManagementOptions {
  /** Address of Keyhouse's API, such as `https://keyhouse.internal:8000`, with the path under which it is mounted. */
  readonly url: string;
  /** A token with the management permissions that the calls need, or what gives the one of the moment. */
  readonly token: string | (() => string);
  /** For one call altogether, retries included, in milliseconds; 10000 unless told. */
  readonly timeoutMs?: number;
  /** Instead of the global one: for a proxy, certificates of your own, or a test. */
  readonly fetch?: Fetch;
  /** Where the profile puts its tokens. Asked of the server unless told. */
  readonly tokensPath?: string;
  /** What the profile calls fields of a token, by their own names: `{ ip_allowlist: 'ip_whitelist' }`. Asked of the server unless told. */
  readonly fieldNames?: Readonly<Record<string, string>>;
}

/** Every operation, grouped. */
export type Management = Methods;

type Input = Readonly<Record<string, unknown>>;
type Call = (input?: Input, options?: RepeatableOptions) => Promise<unknown>;

/**
 * Keyhouse's HTTP API as functions. A call rejects with `KeyhouseError` where it could not be done.
 * @throws {TypeError} options that cannot work.
 */
export function management(options: ManagementOptions): Management {
  const client = new Client(options);
  const groups = Object.entries(PLACES).map(([group, methods]) => {
    const calls = Object.entries(methods).flatMap(([name, id]): [string, unknown][] => {
      const row = OPERATIONS[id];
      const call: Call = (input = {}, asked = {}) => client.call(row, input, asked);
      return name === 'list' && row.query?.includes('cursor')
        ? [
            [name, call],
            ['all', pages(call)],
          ]
        : [[name, call]];
    });
    return [group, Object.fromEntries(calls)];
  });
  return Object.fromEntries(groups) as Management;
}

class Client {
  readonly #timeoutMs: number;
  readonly #token: () => string;
  readonly #connection: Connection;
  readonly #told: { readonly [Part in keyof Dialect]: Dialect[Part] | undefined };
  /** Asked once, by the first call about tokens; again where that failed. */
  #dialect: Promise<Dialect> | null = null;

  constructor({ url, token, timeoutMs = 10_000, tokensPath, fieldNames, fetch = globalFetch }: ManagementOptions) {
    if (tokensPath?.startsWith('/') === false) throw new TypeError('tokensPath must begin with a slash.');
    this.#timeoutMs = requireTime(timeoutMs);
    this.#token = tokenSource(token);
    const { origin, pathname } = serverAddress(url);
    this.#connection = new Connection(`${origin}${pathname.replace(/\/$/, '')}`, fetch);
    this.#told = { tokensPath: tokensPath?.replace(/\/$/, ''), fieldNames };
  }

  async call(row: OperationRow, input: Input, options: RepeatableOptions): Promise<unknown> {
    const { idempotencyKey, signal, timeoutMs = this.#timeoutMs } = options;
    const isAboutTokens = row.path.startsWith('{tokens}');
    const dialect = isAboutTokens || row.hasToken === true ? await this.#dialectInForce() : NEUTRAL;
    const request = requestOf(row, dialect.tokensPath, input);
    const headers = {
      Authorization: `Bearer ${this.#token()}`,
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': requireKey(row, idempotencyKey) }),
    };
    const isRepeatable = IDEMPOTENT.has(row.method) || idempotencyKey !== undefined;
    const sent = { headers, isRepeatable, signal, timeoutMs: requireTime(timeoutMs) };
    try {
      return inOurNames(await this.#connection.send(request, sent), dialect, isAboutTokens);
    } catch (error) {
      if (!(error instanceof KeyhouseError) || !isAboutTokens) throw error;
      throw error.with({ problems: error.problems.map((one) => problemInOurNames(one, dialect)) });
    }
  }

  async #dialectInForce(): Promise<Dialect> {
    const { tokensPath, fieldNames } = this.#told;
    if (tokensPath !== undefined && fieldNames !== undefined) return { tokensPath, fieldNames };
    this.#dialect ??= this.#askDialect();
    try {
      const asked = await this.#dialect;
      return { tokensPath: tokensPath ?? asked.tokensPath, fieldNames: fieldNames ?? asked.fieldNames };
    } catch (error) {
      this.#dialect = null;
      throw error;
    }
  }

  async #askDialect(): Promise<Dialect> {
    const request = { method: 'GET', target: '/openapi.json', body: null } as const;
    const options = { headers: {}, isRepeatable: true, signal: undefined, timeoutMs: this.#timeoutMs };
    try {
      return readDialect(await this.#connection.send(request, options));
    } catch (error) {
      if (!(error instanceof KeyhouseError) || error.status === null) throw error;
      throw error.with({ message: `GET /openapi.json, which says where tokens are: ${error.message} ${OR_TELL}` });
    }
  }
}

/** Of operations whose path and fields no profile changes. */
const NEUTRAL: Dialect = { tokensPath: '', fieldNames: {} };
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);
const OR_TELL = 'Give the address of a Keyhouse, or tokensPath and fieldNames.';

const globalFetch: Fetch = (url, init) => fetch(url, init);

/** Every item of a list, page by page. */
function pages(call: Call) {
  return async function* (input: Input = {}, options: CallOptions = {}): AsyncGenerator<unknown, void, undefined> {
    let cursor: string | null = null;
    do {
      const asked: Input = { limit: 100, ...input, ...(cursor !== null && { cursor }) };
      const page = (await call(asked, options)) as {
        readonly data: readonly unknown[];
        readonly next_cursor: string | null;
      };
      yield* page.data;
      cursor = page.next_cursor;
    } while (cursor !== null);
  };
}

function requireTime(timeoutMs: number): number {
  if (Number.isSafeInteger(timeoutMs) && timeoutMs > 0 && timeoutMs < 2 ** 31) return timeoutMs;
  throw new TypeError('timeoutMs must be a whole number from 1, and less than 25 days.');
}

function requireKey({ takesIdempotencyKey }: OperationRow, idempotencyKey: string): string {
  if (takesIdempotencyKey !== true) throw new TypeError('This operation takes no idempotencyKey.');
  if (/^[!-~]{1,255}$/.test(idempotencyKey)) return idempotencyKey;
  throw new TypeError('idempotencyKey must be 1 to 255 printable ASCII characters without a space.');
}
