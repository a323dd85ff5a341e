import type { Rejection, RejectionCode } from '../manage/index.ts';
import type { DenialReason } from '../policy/index.ts';
import { describable, type Profile, type RenderedResponse } from '../profile/index.ts';
import type { ClientCredential } from './client-credential.ts';
import { RETRY_SECONDS, rejectionOf, withoutTokens } from './failure.ts';

/** `error` where OAuth has a word for the reason, else the reason itself. */
interface Row {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

/** Why a client is refused at an OAuth endpoint (RFC 6749 §5.2, RFC 6750 §3.1). */
export const OAUTH_DENIALS: Readonly<Record<DenialReason, Row>> = {
  authentication_required: {
    status: 401,
    error: 'invalid_client',
    description: 'Authenticate with a bearer token, or with HTTP Basic: the id of a token and its value.',
  },
  invalid_request: {
    status: 400,
    error: 'invalid_request',
    description: 'Send one Authorization line with one credential.',
  },
  invalid_token: { status: 401, error: 'invalid_token', description: 'The credential of this client is not valid.' },
  token_expired: { status: 401, error: 'invalid_token', description: 'The token of this client has expired.' },
  ip_restricted: {
    status: 403,
    error: 'ip_restricted',
    description: 'The token of this client may not be used from this address.',
  },
  insufficient_permissions: {
    status: 403,
    error: 'insufficient_scope',
    description: 'The token of this client lacks a permission.',
  },
  ambiguous_path: { status: 403, error: 'ambiguous_path', description: 'The path can be read in several ways.' },
  no_matching_rule: { status: 403, error: 'no_matching_rule', description: 'No rule speaks of this path.' },
  rate_limited: { status: 429, error: 'rate_limited', description: 'This client has asked too often.' },
  authority_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    description: 'No decision can be taken at the moment.',
  },
};

const REJECTED: Readonly<Partial<Record<RejectionCode, string>>> = {
  invalid_input: 'invalid_request',
  unsupported_media_type: 'invalid_request',
  too_large: 'invalid_request',
  authentication_required: 'invalid_client',
  insufficient_permissions: 'insufficient_scope',
  busy: 'temporarily_unavailable',
  storage_busy: 'temporarily_unavailable',
  storage_unavailable: 'temporarily_unavailable',
  internal: 'server_error',
};

/**
 * Says no to a client in the form that OAuth libraries read, in every profile.
 * @param headers of the refusal as the profile has it: challenge, limits, what to wait.
 */
export function renderOauthRefusal(
  { errors }: Profile,
  reason: DenialReason,
  scheme: ClientCredential['scheme'],
  headers: Readonly<Record<string, string>>,
): RenderedResponse {
  const row = OAUTH_DENIALS[reason];
  const isBasic = scheme !== 'bearer';
  const { 'WWW-Authenticate': bearer, ...others } = headers;
  const basic = `Basic realm="${errors.realm}", charset="UTF-8"`;
  const challenge = reason === 'authentication_required' ? `${bearer}, ${basic}` : isBasic ? basic : bearer;
  const isChallenged = challenge !== undefined && (!isBasic || row.status === 401);
  const error = row.error === 'invalid_token' && isBasic ? 'invalid_client' : row.error;
  return answer(row.status, error, row.description, {
    ...others,
    ...(isChallenged && { 'WWW-Authenticate': challenge }),
  });
}

/** The same for what could not be read or done; of a fault the client learns whether trying again can help. */
export function renderOauthFailure({ token }: Profile, error: unknown): RenderedResponse {
  const rejection = rejectionOf(error);
  const { code, status } = rejection;
  const sentence = withoutTokens(sentenceOf(rejection), token);
  const retry = status === 503 ? { 'Retry-After': String(RETRY_SECONDS) } : {};
  return answer(status, REJECTED[code] ?? code, describable(sentence) ?? rejection.title, retry);
}

function sentenceOf({ message, problems }: Rejection): string {
  return [message, ...problems.map((one) => (one.path === '' ? one.message : `${one.path}: ${one.message}`))].join(' ');
}

function answer(
  status: number,
  error: string,
  description: string,
  headers: Readonly<Record<string, string>>,
): RenderedResponse {
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: { error, error_description: description },
  };
}
