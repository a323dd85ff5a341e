import { z } from 'zod';
import { canonicalAddress } from '../policy/index.ts';
import type { DenialFilter } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { type DenialWire, denialSchema, denialWire } from './denial-wire.ts';
import { defineOperation } from './operation.ts';
import { readInstant } from './read-token-usage.ts';
import { invalidInput } from './rejection.ts';
import { askedText, idSchema, listSchema, pageSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  ...pageSchema,
  reason: askedText(64).optional().describe('For example insufficient_permissions, or cross_workspace_denied'),
  token_id: idSchema.optional(),
  owner_id: idSchema.optional(),
  workspace_id: idSchema.optional(),
  ip: askedText(64).optional(),
  from: z.string().max(64).optional().describe('RFC 3339; denials at that instant are in the list'),
  to: z.string().max(64).optional().describe('RFC 3339; denials at that instant are not'),
});
type Input = z.infer<typeof inputSchema>;

export interface Output {
  readonly data: DenialWire[];
  readonly next_cursor: string | null;
}

/** What was refused lately and why, newest first; a caller of one workspace sees that workspace's alone. */
export const listDenials = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listDenials',
  summary: 'List what was refused lately',
  access: { needs: 'keyhouse-denials:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(denialSchema),
  run: async (engine, caller, input) => {
    const filter = filterOf(caller, input);
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const request = pageRequest(engine, caller, 'denials', asked, input);
    if (filter === null) return { data: [], next_cursor: null };
    const page = await engine.denials.list(filter, request);
    return { data: page.rows.map(denialWire), next_cursor: nextCursor(engine, caller, 'denials', asked, page) };
  },
});

/** null for a workspace out of reach: nothing is found there. */
function filterOf(caller: Caller, input: Input): DenialFilter | null {
  const { reason, token_id, owner_id, workspace_id, ip, from, to } = input;
  if (workspace_id !== undefined && !reaches(caller, workspace_id)) return null;
  const workspaceId = caller.reach === 'installation' ? workspace_id : caller.reach.workspaceId;
  const address = ip === undefined ? undefined : canonicalAddress(ip);
  if (address === null) throw invalidInput('ip', 'Not an IP address.');
  return {
    ...(reason !== undefined && { reason }),
    ...(token_id !== undefined && { tokenId: token_id }),
    ...(owner_id !== undefined && { ownerId: owner_id }),
    ...(workspaceId !== undefined && { workspaceId }),
    ...(address !== undefined && { ip: address }),
    ...(from !== undefined && { from: readInstant('from', from) }),
    ...(to !== undefined && { to: readInstant('to', to) }),
  };
}
