import type { Decision, Question } from '../authenticate/index.ts';
import type { Eventually } from '../ports/index.ts';
import type { Decided, DoorParts } from './decide-request.ts';
import { type DoorRequest, headerValue, pathOf } from './door.ts';
import type { DoorEngine } from './door-engine.ts';
import { type IdentityHeaders, identityHeaders } from './identity-headers.ts';
import { comesFromProxy } from './question-of.ts';

/** The identity again, signed: for an API that does not trust whoever can reach it, and for another door of Keyhouse. */
export const SIGNED_IDENTITY = 'Keyhouse-Identity';

/** What anybody may know of a key. */
export interface PublicIdentityKey {
  readonly kid: string;
  /** The Ed25519 public key, base64url. */
  readonly x: string;
  /** Milliseconds since 1970. */
  readonly signsFrom: number;
}

/** What a door knows of a request, and a signed identity must say too. */
export interface Bearing {
  /** Names what is signed about this request. */
  readonly requestId: string | null;
  readonly method: string;
  readonly path: string;
  readonly ip: string | null;
  /** What the request costs here. */
  readonly cost: number;
}

/** Signed identities as far as they are switched on. */
export interface SignedIdentities {
  /** The keys of this installation, in the order in which they sign. */
  readonly keys: () => readonly PublicIdentityKey[];
  /** Signs the identity of an accepted request; null signs none. */
  readonly sign: ((engine: DoorEngine, decided: Decided) => Promise<string>) | null;
  /**
   * The token that a door in front has charged for this very request; null where nothing is believed. Believed once. Never
   * rejects. A null in its place believes nobody.
   */
  readonly accept: ((text: string, bearing: Bearing) => Promise<string | null>) | null;
}

/** What the API is told about an accepted request, the signed identity too where that is switched on. */
export function passedIdentity(parts: DoorParts, decided: Decided): Eventually<IdentityHeaders> {
  const headers = identityHeaders(parts.engine, decided.decision, decided.requestId);
  const sign = parts.identity?.sign ?? null;
  if (sign === null) return headers;
  return sign(parts.engine, decided).then((text) => ({ ...headers, [SIGNED_IDENTITY]: text }));
}

/**
 * Takes the decision, and charges nothing where a trusted proxy brings the signed identity of a door in front that has charged
 * this request already. Everything else is judged again. An identity that is not believed changes nothing.
 */
export function decideBehindDoor(
  { engine: { authenticator }, trust, identity }: DoorParts,
  request: Pick<DoorRequest, 'method' | 'target' | 'rawHeaders' | 'peer'>,
  question: Question,
): Eventually<Decision> {
  const accept = identity?.accept ?? null;
  if (accept === null || question.cost === 0) return authenticator.decide(question);
  const text = headerValue(request.rawHeaders, SIGNED_IDENTITY.toLowerCase());
  if (text === null || !comesFromProxy(request, trust)) return authenticator.decide(question);
  const { ip, cost, requestId = null } = question;
  const bearing = { requestId, method: request.method, path: pathOf(request.target), ip, cost };
  return accept(text, bearing).then(async (tokenId) => {
    if (tokenId !== null) {
      const decision = await authenticator.decide({ ...question, cost: 0 });
      if (decision.allowed && decision.facts.id === tokenId) return decision;
    }
    return authenticator.decide(question);
  });
}
