import { lookup } from 'node:dns/promises';
import { request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type IpAllowlist, isOwn, mayReach, webhookUrlProblem } from '../policy/index.ts';

/** Where a name leads, in the order to try. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export interface PostGuard {
  /** Networks that are not public and may be reached all the same, also in the clear; null where there are none. */
  readonly own: IpAllowlist | null;
  readonly resolve: Resolve;
}

export interface PostAnswer {
  readonly status: number;
  /** Milliseconds that the other side asks to be left alone for; null when it does not say. */
  readonly retryAfterMs: number | null;
}

/** Nothing was answered. The message is fit for whoever set the address up: it tells nothing of the network here. */
export class PostFailed extends Error {
  override readonly name = 'PostFailed';
  /** The address was not one to connect to. */
  readonly isBlocked: boolean;
  constructor(message: string, isBlocked = false) {
    super(message);
    this.isBlocked = isBlocked;
  }
}

/** From the look-up of the name to the end of the answer. */
const WHOLE_MS = 15_000;
/** Of an answer nothing is kept; so much is taken in, so that the other side gets to its end. */
const ANSWER_BYTES_MAX = 16_384;

/** Half of the threads that look-ups share with files and password hashes: a name server that never answers holds no more. */
const LOOKUPS_AT_ONCE = 2;
const turns = Array.from({ length: LOOKUPS_AT_ONCE }, () => Promise.resolve());
let looked = 0;

/** Asks the system, each name in its turn. */
export const resolveBySystem: Resolve = (name) => {
  const place = looked++ % LOOKUPS_AT_ONCE;
  const found = (turns[place] as Promise<void>).then(() => lookup(name, { all: true, verbatim: true }));
  turns[place] = found.then(
    () => {},
    () => {},
  );
  return found.then((addresses) => addresses.map(({ address }) => address));
};

/**
 * Posts to an address that somebody outside has named. The name is looked up once, every address it has must be one that may
 * be reached, and the connection goes to these and to no other, whatever the name leads to a moment later. Redirects are
 * answers like any other, and what the answer says is not read.
 * @throws {PostFailed} there was no answer.
 */
export async function postGuarded(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { own, resolve }: PostGuard,
  stop: AbortSignal,
): Promise<PostAnswer> {
  const problem = webhookUrlProblem(url, own);
  if (problem !== null) throw new PostFailed(`The address ${problem}`, true);
  const target = new URL(url);
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(WHOLE_MS)]);
  try {
    const addresses = await orAborted(addressesOf(target, resolve), deadline);
    check(addresses, target, own);
    return await post(target, headers, body, addresses, deadline);
  } catch (error) {
    if (error instanceof PostFailed) throw error;
    if (stop.aborted) throw new PostFailed('Keyhouse was stopped meanwhile.');
    if (deadline.aborted) throw new PostFailed(`There was no answer within ${WHOLE_MS / 1_000} seconds.`);
    throw new PostFailed(sentenceOf(error));
  }
}

async function addressesOf({ hostname }: URL, resolve: Resolve): Promise<readonly string[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(literal) === 0 ? resolve(hostname) : [literal];
}

function check(addresses: readonly string[], { protocol }: URL, own: IpAllowlist | null): void {
  if (addresses.length === 0) throw new PostFailed('The name leads nowhere.');
  // One that may not be reached among those that may is how a guard is talked round.
  if (!addresses.every((address) => mayReach(address, own))) {
    throw new PostFailed('The name leads to a private, local or reserved address: nothing was sent there.', true);
  }
  if (protocol === 'http:' && !addresses.every((address) => isOwn(address, own))) {
    throw new PostFailed('The address must begin with https://: nothing was sent in the clear.', true);
  }
}

function post(
  target: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<PostAnswer> {
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  const toChecked: LookupFunction = (_name, options, callback) => {
    if (options.all === true) callback(null, checked);
    else callback(null, checked[0]?.address ?? '', checked[0]?.family);
  };
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    // A connection of its own: one that was kept leads where another look-up had led.
    agent: false,
    lookup: toChecked,
    signal,
  };
  return new Promise((resolve, reject) => {
    const send = target.protocol === 'http:' ? requestPlain : requestTls;
    const request = send(target, options, (response) => {
      const { statusCode = 0, headers: answered } = response;
      const answer = { status: statusCode, retryAfterMs: retryAfterOf(answered['retry-after'], answered.date) };
      let taken = 0;
      const done = () => {
        response.destroy();
        resolve(answer);
      };
      response.on('data', (bytes: Buffer) => {
        taken += bytes.length;
        if (taken > ANSWER_BYTES_MAX) done();
      });
      response.once('end', done);
      response.once('error', done);
      response.once('close', done);
    });
    request.once('error', reject);
    request.end(body);
  });
}

/** Seconds, or a date as far from that of the answer (RFC 9110 §10.2.3). */
function retryAfterOf(text: string | undefined, date: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const [until, from] = [Date.parse(text), Date.parse(date ?? '')];
  return Number.isNaN(until - from) ? null : Math.max(0, until - from);
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function sentenceOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name could not be resolved.';
  if (code === 'ECONNREFUSED') return 'The connection was refused.';
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(code)) return `The certificate was not trusted (${code}).`;
  return `The connection failed${code === '' ? '.' : ` (${code}).`}`;
}
