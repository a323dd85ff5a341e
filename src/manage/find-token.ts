import type { FactsRow } from '../ports/index.ts';
import { type Caller, reaches, requirePermission } from './caller.ts';
import type { ManagementPermission } from './management-permissions.ts';
import type { Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { Rejection } from './rejection.ts';

/**
 * The token an operation is about: by id, or `current` for the bearer's own. One's own tokens need no permission: the
 * bearer's its own lineage, a signed-in owner's all of theirs. Everything else needs `permission` and must be in reach.
 * @throws {Rejection} `not_found` alike for tokens that do not exist and tokens of others (threats row 30).
 */
export async function findToken(
  engine: Engine,
  caller: Caller,
  id: string,
  permission: ManagementPermission,
): Promise<FactsRow> {
  const row = await engine.store.facts.findByTokenId(id === 'current' ? currentId(caller) : id);
  if (row !== null && isOwn(caller, row)) return row;
  requirePermission(caller, permission);
  if (row === null) throw new Rejection('not_found');
  if (!reaches(caller, row.token.workspaceId)) throw new OutOfReach('token', row.token.id);
  return row;
}

/** Whether the token is the caller's own to manage without a permission. */
export function isOwn(caller: Caller, { token }: FactsRow): boolean {
  if (caller.token !== null) return token.lineageId === caller.token.lineageId;
  return caller.self !== null && token.ownerId === caller.self.ownerId && token.workspaceId === caller.self.workspaceId;
}

function currentId(caller: Caller): string {
  if (caller.token === null)
    throw new Rejection('not_found', '"current" is the token of the request, and this one has none.');
  return caller.token.id;
}
