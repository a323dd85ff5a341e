import { randomBytes } from 'node:crypto';
import type { AuthenticateResult, Authenticates, RefusalResponse } from './authenticates.ts';
import { requireQuestion } from './options.ts';
import { questionOf } from './question.ts';
import { serverAddress, tokenSource } from './server-access.ts';
import { type ServerProblem, Servers } from './servers.ts';
import { readVerdict } from './verdict.ts';

export interface VerifierOptions {
  /** Addresses of Keyhouse's API, such as `https://keyhouse.internal:8000`. The next one is asked where one does not answer. */
  readonly urls: readonly string[];
  /** A token that may do `keyhouse-tokens:verify`, or what gives the one of the moment. */
  readonly token: string | (() => string);
  /** Within which every request is decided, in milliseconds; 2000 unless told. */
  readonly timeoutMs?: number;
  /** Where the profile puts its tokens; `/v1/tokens` unless told. */
  readonly tokensPath?: string;
  /** Certificates (PEM) of the authorities that vouch for the servers, instead of the system's. */
  readonly ca?: string | readonly string[];
  /** Told of every server that was asked and gave no verdict, for the log. */
  readonly onProblem?: (problem: ServerProblem) => void;
  /** What to answer while no server does, in the words of your API; problem+json unless told. */
  readonly unavailable?: (requestId: string) => RefusalResponse;
}

export interface Verifier extends Authenticates {
  /** Closes the kept connections. */
  close(): void;
}

/**
 * Asks Keyhouse over the network. Every request is asked about, nothing is remembered, and where no server answers in time
 * the request is refused with 503. It never rejects on account of a request or an outage. A question that got no answer
 * in time may have been counted, and is then counted again by the next server.
 * @throws {TypeError} options that cannot work.
 */
export function verifier(options: VerifierOptions): Verifier {
  const { timeoutMs = 2_000, tokensPath = '/v1/tokens', unavailable = inNeutralWords } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1)
    throw new TypeError('timeoutMs must be a whole number from 1.');
  if (!tokensPath.startsWith('/')) throw new TypeError('tokensPath must begin with a slash.');
  if (options.urls.length === 0) throw new TypeError('urls must name at least one server.');
  const servers = new Servers({
    addresses: options.urls.map((url) => verifyAddress(url, tokensPath)),
    token: tokenSource(options.token),
    timeoutMs,
    ca: options.ca,
    onProblem: options.onProblem ?? (() => {}),
  });
  return {
    async authenticate(request, asked) {
      requireQuestion(asked);
      const body = JSON.stringify(questionOf(request, asked));
      return (await servers.ask(body, readVerdict)) ?? refusedWith(unavailable);
    },
    close: () => servers.close(),
  };
}

function verifyAddress(url: string, tokensPath: string): URL {
  const address = serverAddress(url);
  address.pathname = `${address.pathname.replace(/\/$/, '')}${tokensPath.replace(/\/$/, '')}/verify`;
  return address;
}

function refusedWith(unavailable: (requestId: string) => RefusalResponse): AuthenticateResult {
  const requestId = `req_${randomBytes(16).toString('base64url')}`;
  const denial = { reason: 'authority_unavailable', missing: [] } as const;
  return { allowed: false, requestId, denial, response: unavailable(requestId), foreign: false };
}

function inNeutralWords(requestId: string): RefusalResponse {
  return {
    status: 503,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'Retry-After': '5',
      'X-Request-Id': requestId,
    },
    body: {
      type: 'about:blank',
      title: 'Service unavailable',
      status: 503,
      code: 'authority_unavailable',
      detail: 'The token cannot be checked at the moment. Retry after 5 s.',
      request_id: requestId,
    },
  };
}
