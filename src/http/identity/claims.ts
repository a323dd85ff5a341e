import type { Decision } from '../../authenticate/index.ts';
import { effectivePermissions } from '../../manage/index.ts';
import { IDENTITY_LIFE_SECONDS } from '../../policy/index.ts';
import type { Decided } from '../decide-request.ts';
import { pathOf } from '../door.ts';
import type { DoorEngine } from '../door-engine.ts';

/** Says in the header of the token what it is, so that no other token signed here is taken for it (RFC 8725 section 3.11). */
export const IDENTITY_TYPE = 'keyhouse-identity+jwt';
export const ALGORITHM = 'EdDSA';

/** With these an identity stays below 6 KiB, and all identity headers below what proxies take (nginx 16 KiB). */
const PERMISSIONS_CHARACTERS_MAX = 2_000;
const PATH_CHARACTERS_MAX = 1_024;
const METHOD_CHARACTERS_MAX = 32;

/** What is said about an accepted request, beside audience and issuer. */
export interface IdentityClaims {
  /** Our own id of the owner: unlike the provider's, it can be nobody else's. */
  readonly sub: string;
  /** The id of the request. */
  readonly jti: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly token: string;
  readonly environment: string | null;
  readonly owner: { readonly id: string; readonly kind: string; readonly external_id: string | null };
  readonly workspace: { readonly id: string; readonly external_id: string | null };
  readonly permissions: readonly string[];
  /** false: there are more than a header holds. */
  readonly permissions_complete: boolean;
  /** null where it is longer than a header holds. */
  readonly method: string | null;
  /** Without the query; null where it is longer than a header holds. */
  readonly path: string | null;
  /** As the decision saw it; null where it was not known. */
  readonly client_ip: string | null;
  /** What the request was charged, here or by a door in front. */
  readonly cost: number;
}

export function claimsOf(
  engine: DoorEngine,
  { request, requestId, asked, question }: Decided,
  { facts }: Extract<Decision, { allowed: true }>,
): IdentityClaims {
  const { owner, workspace } = facts.membership;
  const iat = Math.floor(engine.clock.now() / 1_000);
  const all = effectivePermissions(engine, facts);
  const permissions = thatFit(all);
  return {
    sub: owner.id,
    jti: requestId,
    iat,
    nbf: iat,
    exp: iat + IDENTITY_LIFE_SECONDS,
    token: facts.id,
    environment: facts.environment,
    owner: { id: owner.id, kind: owner.kind, external_id: owner.externalId },
    workspace: { id: workspace.id, external_id: workspace.externalId },
    permissions,
    permissions_complete: permissions.length === all.length,
    method: unlessLonger(request.method, METHOD_CHARACTERS_MAX),
    path: unlessLonger(pathOf(request.target), PATH_CHARACTERS_MAX),
    client_ip: question.ip,
    cost: asked.cost,
  };
}

function thatFit(permissions: readonly string[]): readonly string[] {
  let characters = 0;
  const end = permissions.findIndex((permission) => {
    // With its quotes and the comma.
    characters += permission.length + 3;
    return characters > PERMISSIONS_CHARACTERS_MAX;
  });
  return end < 0 ? permissions : permissions.slice(0, end);
}

function unlessLonger(text: string, charactersMax: number): string | null {
  return text.length <= charactersMax ? text : null;
}
