import { z } from 'zod';
import type { OwnerFilter, OwnerKind } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { findWorkspace } from './holder.ts';
import type { Engine } from './operation.ts';
import { describeOwners, type OwnerWire, ownerSchema } from './owner-wire.ts';
import { externalIdSchema, idSchema, listSchema, pageSchema, searchSchema } from './schemas.ts';

export const ownerListInput = z.strictObject({
  ...pageSchema,
  workspace_id: idSchema.optional(),
  workspace_external_id: externalIdSchema.optional(),
  role_id: idSchema.optional().describe('Only who holds this role'),
  search: searchSchema.optional(),
});
export type OwnerListInput = z.infer<typeof ownerListInput>;
export type OwnerListGiven = z.input<typeof ownerListInput>;

export const ownerListOutput = listSchema(ownerSchema);
export interface OwnerList {
  readonly data: OwnerWire[];
  readonly next_cursor: string | null;
}

/** Owners of one kind within reach, newest first. A filter that names what is not there or out of reach finds nothing. */
export async function listOwnersOf(
  engine: Engine,
  caller: Caller,
  kind: OwnerKind,
  input: OwnerListInput,
): Promise<OwnerList> {
  const workspaceId = await workspaceFilter(engine, caller, input);
  if (workspaceId === null) return { data: [], next_cursor: null };
  const { limit: _limit, cursor: _cursor, ...asked } = input;
  const filter: OwnerFilter = {
    kind,
    ...(workspaceId !== undefined && { workspaceId }),
    ...(input.role_id !== undefined && { roleId: input.role_id }),
    ...(input.search !== undefined && { search: input.search }),
  };
  const page = await engine.store.owners.list(filter, pageRequest(engine, caller, `owners ${kind}`, asked, input));
  return {
    data: await describeOwners(engine, caller, page.rows),
    next_cursor: nextCursor(engine, caller, `owners ${kind}`, asked, page),
  };
}

/** The workspace a list is about: null is none there is, undefined is every one. */
async function workspaceFilter(
  engine: Engine,
  caller: Caller,
  { workspace_id: id, workspace_external_id: externalId }: OwnerListInput,
): Promise<string | null | undefined> {
  const named =
    externalId === undefined ? undefined : await findWorkspace(engine.store.owners, { external_id: externalId });
  if (named === null) return null;
  const ids = [...new Set([id, named?.id].filter((one) => one !== undefined))];
  const [wanted, second] = ids;
  if (second !== undefined) return null;
  if (wanted === undefined) return caller.reach === 'installation' ? undefined : caller.reach.workspaceId;
  return reaches(caller, wanted) ? wanted : null;
}
