import { type Decision, renderRefusal } from '../authenticate/index.ts';
import {
  anonymousCaller,
  bearerCaller,
  type Caller,
  type Circumstances,
  checkAccess,
  neededByBearer,
  Rejection,
  revokeToken,
  rotateToken,
} from '../manage/index.ts';
import type { Eventually } from '../ports/index.ts';
import type { RenderedResponse } from '../profile/index.ts';
import type { CallerOf, HttpParts } from './app.ts';
import { type ClientCredential, readClientCredential } from './client-credential.ts';
import { type Decided, decideRequest, decisionHeaders, renderDecided } from './decide-request.ts';
import type { DoorRequest } from './door.ts';
import { noteDenial } from './note-denial.ts';
import { renderOauthRefusal } from './oauth-answers.ts';
import type { AnyOperation, Auth } from './route.ts';

/** Somebody who may go on to perform the operation, and what every answer from here on says about that. */
export interface Entered {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
  /** null for callers who need no token. */
  readonly decided: Decided | null;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/**
 * Lets a request in, or says no before a byte of its body is read. Management calls spend the token's limit like any
 * request, except that revoking is free; what the operation needs is asked with them, so that a refused call spends nothing.
 */
export function enter(
  parts: HttpParts,
  request: DoorRequest,
  auth: Auth,
  operation: AnyOperation,
  circumstances: Circumstances,
  callerOf: CallerOf | null,
): Eventually<Entered | RenderedResponse> {
  if (callerOf !== null) return enterKnown(callerOf, circumstances, auth, operation);
  if (auth === 'one-time-secret' || auth === 'open') {
    return { caller: anonymousCaller(circumstances), headers: NO_HEADERS, decided: null };
  }
  if (auth === 'client') return enterClient(parts, request, operation, circumstances);
  if (auth !== 'bearer') throw new Rejection('not_found', 'There is nothing at this path.');
  const decided = decideRequest(parts, request, askedFor(parts, operation), circumstances.requestId);
  if (decided instanceof Promise) return decided.then((late) => enterBearer(parts, late, circumstances));
  return enterBearer(parts, decided, circumstances);
}

async function enterKnown(
  callerOf: CallerOf,
  circumstances: Circumstances,
  auth: Auth,
  { access }: AnyOperation,
): Promise<Entered> {
  const caller = await callerOf(circumstances, auth);
  checkAccess(access, caller);
  return { caller, headers: NO_HEADERS, decided: null };
}

function enterBearer(parts: HttpParts, decided: Decided, circumstances: Circumstances): Entered | RenderedResponse {
  const { decision, question } = decided;
  if (!decision.allowed || question.credential.found !== 'text') return renderDecided(parts.engine, decided);
  const caller = bearerCaller(decision, question.credential.text, circumstances);
  return { caller, headers: decisionHeaders(parts.engine, decided), decided };
}

/**
 * Lets in the client of an OAuth endpoint: the bearer of a token, or who sends its id and value with HTTP Basic. The token is
 * judged alike; with Basic the id must be its own.
 */
async function enterClient(
  parts: HttpParts,
  request: DoorRequest,
  operation: AnyOperation,
  circumstances: Circumstances,
): Promise<Entered | RenderedResponse> {
  const { profile } = parts.engine.authenticator.profile;
  const credential = readClientCredential(request);
  if (credential.scheme === 'broken') return unknownClient(parts, credential);
  const decided = await decideRequest(parts, credential.request, askedFor(parts, operation), circumstances.requestId);
  const { decision, question } = decided;
  const isNamed = credential.scheme === 'bearer' || decision.facts?.id === credential.clientId;
  if (decision.facts !== null && !isNamed) {
    if (decision.allowed) noteDenial(parts, decided, ANOTHER_CLIENT);
    return unknownClient(parts, credential);
  }
  if (!decision.allowed) {
    const { headers } = renderDecided(parts.engine, decided);
    return renderOauthRefusal(profile, decision.denial.reason, credential.scheme, headers);
  }
  if (question.credential.found !== 'text') throw new TypeError('an accepted client without a credential');
  const caller = bearerCaller(decision, question.credential.text, circumstances);
  return { caller, headers: decisionHeaders(parts.engine, decided), decided };
}

/** A valid value under the id of another token. */
const ANOTHER_CLIENT: Decision = {
  allowed: false,
  denial: { reason: 'invalid_token', cause: 'unknown' },
  facts: null,
  limit: null,
};

function unknownClient({ engine }: HttpParts, { scheme }: ClientCredential): RenderedResponse {
  const { profile } = engine.authenticator.profile;
  return renderOauthRefusal(profile, 'invalid_token', scheme, { Vary: 'Authorization' });
}

/**
 * An operation that found a permission missing says so like the door itself would: in the words of the profile and with
 * the challenge that names it. null for anything else, and for callers without a token.
 */
export function renderMissingPermission(
  parts: HttpParts,
  { decided }: Entered,
  error: unknown,
): RenderedResponse | null {
  if (decided === null || !(error instanceof Rejection) || error.code !== 'insufficient_permissions') return null;
  const { missing } = error.extra;
  if (!Array.isArray(missing)) return null;
  const denial = { reason: 'insufficient_permissions', cause: 'permission_missing', missing } as const;
  const { facts } = decided.decision;
  noteDenial(parts, decided, { allowed: false, denial, facts, limit: null });
  return renderRefusal(parts.engine.authenticator.profile.profile, denial, {
    rawHeaders: [],
    headerNames: [],
    environments: [],
    needed: missing,
    requestId: decided.requestId,
    facts,
    dashboardUrl: parts.engine.dashboardUrl(),
  });
}

function askedFor({ environments }: HttpParts, { access, id }: AnyOperation) {
  const needed = neededByBearer(access);
  return {
    environments,
    allOf: needed === null ? [] : [needed],
    anyOf: 'needsOneOf' in access ? access.needsOneOf : [],
    // What is lost or found must end now, also when its limit is used up.
    cost: id === revokeToken.id ? 0 : 1,
    headerNames: [],
    // The bearer whose answer was lost asks again with a value that has ended meanwhile.
    allowReplaced: id === rotateToken.id,
  };
}
