import type { DenialReason } from '../policy/index.ts';

/**
 * RFC 6750 §3.1 error codes. Reasons that are not here get none: `authentication_required` because the RFC wants none
 * when no credential was sent; a wrong address, an ambiguous path or a route without a rule because the RFC has no code
 * for them, and `insufficient_scope` would send a client off to ask for more permissions, which cannot help.
 */
const BEARER_ERRORS: Readonly<Partial<Record<DenialReason, string>>> = {
  invalid_request: 'invalid_request',
  invalid_token: 'invalid_token',
  token_expired: 'invalid_token',
  insufficient_permissions: 'insufficient_scope',
};

/** Limits and outages say nothing about the credential: no challenge. */
const UNCHALLENGED: ReadonlySet<DenialReason> = new Set(['rate_limited', 'authority_unavailable']);

/** Beyond this a `scope` could push the header lines past what clients accept; left out, since half of it would be a lie. */
const SCOPE_CHARACTERS_MAX = 2_000;

export interface Challenge {
  readonly reason: DenialReason;
  readonly realm: string;
  /** null where nothing is to be described. */
  readonly description: string | null;
  /** Every permission the request needs; [] where that is not the point. */
  readonly needed: readonly string[];
}

/** The value of `WWW-Authenticate` (RFC 6750 §3), each attribute once; null where a challenge would be wrong. */
export function bearerChallenge({ reason, realm, description, needed }: Challenge): string | null {
  if (UNCHALLENGED.has(reason)) return null;
  let challenge = `Bearer realm="${realm}"`;
  const error = BEARER_ERRORS[reason];
  if (error !== undefined) challenge += `, error="${error}"`;
  if (description !== null) challenge += `, error_description="${description}"`;
  const scope = needed.join(' ');
  if (scope !== '' && scope.length <= SCOPE_CHARACTERS_MAX) challenge += `, scope="${scope}"`;
  return challenge;
}

const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': "'",
  '”': "'",
  '"': "'",
  '\\': '/',
  '–': '-',
  '—': '-',
  '…': '...',
  ß: 'ss',
};

/**
 * A sentence in the characters `error_description` may have: printable ASCII without `"` and `\`. Accents are dropped and
 * typographic marks replaced; null when something is left that ASCII cannot say.
 */
export function describable(sentence: string): string | null {
  if (DESCRIPTION.test(sentence)) return sentence;
  const plain = sentence
    .replace(/["\\‘’“”–—…ß]/g, (mark) => TYPOGRAPHY[mark] ?? '')
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '');
  return DESCRIPTION.test(plain) ? plain : null;
}
