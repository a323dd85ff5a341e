import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { AuthenticateResult, DenialReason, Identity, RateLimit, RefusalResponse } from './authenticates.ts';
import { isPermission } from './options.ts';

/**
 * An answer of `POST /v1/tokens/verify` as the result that middlewares act on; null for whatever is not exactly that, so that
 * nothing but a verdict ever lets a request pass.
 */
export function readVerdict(text: string): AuthenticateResult | null {
  let verdict: unknown;
  try {
    verdict = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(verdict)) return null;
  const { allowed, code, request_id: requestId, token, rate_limit: rateLimit = null, headers, response } = verdict;
  if (typeof code !== 'string' || typeof requestId !== 'string') return null;
  if (allowed === true) {
    if (code !== 'ok' || !isIdentity(token) || !isObjectOrNull(rateLimit) || !isHeaders(headers)) return null;
    const identity = identityOf(token, rateLimit as RateLimit | null);
    return { allowed: true, requestId, identity, headers };
  }
  if (allowed !== false || !isResponse(response)) return null;
  const missing = Array.isArray(verdict.missing) ? verdict.missing.map(String) : [];
  const denial = { reason: code as DenialReason, missing };
  return { allowed: false, requestId, denial, response, foreign: verdict.foreign === true };
}

/** Wildcards are listed where the catalogue is open; concrete permissions everywhere else. */
function identityOf(token: Omit<Identity, 'rate_limit' | 'can'>, rateLimit: RateLimit | null): Identity {
  const can = (permission: string): boolean => {
    const { effective_permissions: held } = token;
    if (!isPermission(permission)) return false;
    return held.includes(permission) || held.includes(`${permission.slice(0, permission.indexOf(':'))}:*`);
  };
  return { ...token, rate_limit: rateLimit, can };
}

function isIdentity(value: unknown): value is Omit<Identity, 'rate_limit' | 'can'> {
  return (
    isObject(value) &&
    typeof value.id === 'string' &&
    isObject(value.owner) &&
    isObject(value.workspace) &&
    isObject(value.metadata) &&
    Array.isArray(value.effective_permissions) &&
    value.effective_permissions.every((permission) => typeof permission === 'string')
  );
}

function isResponse(value: unknown): value is RefusalResponse {
  if (!isObject(value) || !isHeaders(value.headers) || value.body === undefined) return false;
  const { status } = value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599;
}

function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  if (!isObject(value)) return false;
  try {
    for (const [name, text] of Object.entries(value)) {
      if (typeof text !== 'string') return false;
      validateHeaderName(name);
      validateHeaderValue(name, text);
    }
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isObjectOrNull(value: unknown): boolean {
  return value === null || isObject(value);
}
