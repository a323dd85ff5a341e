import { createHash } from 'node:crypto';
import { entriesOf, type PermissionSet } from '../policy/index.ts';
import type { TokenRecord } from '../ports/index.ts';

/** Stands for all that a reviewer decides about: it differs once any of that was changed. Using the token does not change it. */
export function reviewVersion(token: TokenRecord, owned: PermissionSet): string {
  const facts = [
    token.id,
    token.name,
    token.ownerId,
    token.workspaceId,
    token.environment,
    token.grant,
    token.ipAllowlist,
    token.expiresAt,
    token.limits,
    token.disabledAt,
    token.revokedAt,
    token.supersededBy,
    [...entriesOf(owned)].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22);
}
