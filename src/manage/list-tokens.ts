import { z } from 'zod';
import { parseDuration } from '../policy/index.ts';
import type { FactsRow, OversightScope, TokenFilter } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { requirePermission } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { findWorkspace } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import {
  askedText,
  durationSchema,
  environmentSchema,
  externalIdSchema,
  idSchema,
  listSchema,
  pageSchema,
} from './schemas.ts';
import { describeTokens, type TokenWire, tokenSchema } from './token-wire.ts';

/** By what tokens are told from others. */
export const tokenFilterFields = {
  owner_id: idSchema.optional(),
  owner_external_id: externalIdSchema.optional(),
  workspace_id: idSchema.optional(),
  workspace_external_id: externalIdSchema.optional(),
  lineage_id: idSchema.optional(),
  environment: environmentSchema.optional(),
  search: askedText(100).optional(),
  live: z.enum(['true', 'false']).optional().describe('true: only tokens that can still be accepted'),
  state: tokenSchema.shape.state.optional(),
  unused_for: durationSchema.optional().describe('Only tokens at least this old that were not accepted for this long'),
  expires_within: durationSchema.optional().describe('Only tokens whose expiry is no further away than this'),
  never_expires: z.enum(['true', 'false']).optional().describe('true: only tokens without an expiry'),
  owner_ended: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: only tokens whose owner is disabled or left the workspace'),
};

const filterSchema = z.strictObject(tokenFilterFields);
export type TokenFilterInput = z.infer<typeof filterSchema>;

const inputSchema = z.strictObject({
  ...pageSchema,
  ...tokenFilterFields,
  sort: z
    .enum(['newest', 'oldest', 'name', 'last_used', 'expires'])
    .default('newest')
    .describe('`last_used`: most recent first; `expires`: soonest first'),
});
type Input = z.infer<typeof inputSchema>;
type Output = { data: TokenWire[]; next_cursor: string | null };

/** Tokens within reach. Without the permission: a signed-in owner's own, a bearer's own lineage. */
export const listTokens = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listTokens',
  summary: 'List tokens',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(tokenSchema),
  run: async (engine, caller, input) => {
    const filter = await filterOf(engine, caller, input);
    if (filter === null) return { data: [], next_cursor: null };
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const page = await engine.store.tokens.list(
      filter,
      pageRequest(engine, caller, 'tokens', asked, input),
      input.sort,
    );
    const rows = await Promise.all(page.rows.map(({ id }) => engine.store.facts.findByTokenId(id)));
    const found = rows.filter((row): row is FactsRow => row !== null);
    return {
      data: await describeTokens(engine, found),
      next_cursor: nextCursor(engine, caller, 'tokens', asked, page),
    };
  },
});

/** null when the filter names something that does not exist or is out of reach: the list is empty then. */
export async function filterOf(engine: Engine, caller: Caller, input: TokenFilterInput): Promise<TokenFilter | null> {
  const now = engine.clock.now();
  const asked: TokenFilter = {
    ...(input.owner_id !== undefined && { ownerId: input.owner_id }),
    ...(input.workspace_id !== undefined && { workspaceId: input.workspace_id }),
    ...(input.lineage_id !== undefined && { lineageId: input.lineage_id }),
    ...(input.environment !== undefined && { environment: input.environment }),
    ...(input.search !== undefined && { search: input.search }),
    ...(input.live === 'true' && { liveAt: now }),
    ...(input.state !== undefined && { state: { is: input.state, at: now } }),
    ...(input.unused_for !== undefined && { unusedSince: now - lengthMs(input.unused_for) }),
    ...(input.expires_within !== undefined && { expires: { from: now, to: now + lengthMs(input.expires_within) + 1 } }),
    ...(input.never_expires === 'true' && { neverExpires: true }),
    ...(input.owner_ended === 'true' && { ownerEnded: true }),
  };
  const owner =
    input.owner_external_id === undefined
      ? undefined
      : await engine.store.owners.find({ externalId: input.owner_external_id });
  const workspace =
    input.workspace_external_id === undefined
      ? undefined
      : await findWorkspace(engine.store.owners, { external_id: input.workspace_external_id });
  if (owner === null || workspace === null) return null;
  const named = [
    owner && { ownerId: owner.id },
    workspace && { workspaceId: workspace.id },
    tokensWithinReach(caller),
  ].filter((part): part is TokenFilter => part !== undefined && part !== null);
  return named.reduce<TokenFilter | null>(narrow, asked);
}

function lengthMs(duration: string): number {
  return parseDuration(duration) ?? 0;
}

/** What the caller may see of tokens at most; null is all of them. */
export function tokensWithinReach(caller: Caller): OversightScope | null {
  if (caller.may('keyhouse-tokens:read')) return caller.reach === 'installation' ? null : caller.reach;
  if (caller.token !== null) return { lineageId: caller.token.lineageId };
  if (caller.self !== null) return caller.self;
  requirePermission(caller, 'keyhouse-tokens:read');
  return null;
}

/** Both filters at once; null when they exclude each other. */
function narrow(filter: TokenFilter | null, bound: TokenFilter): TokenFilter | null {
  if (filter === null) return null;
  const clash = (Object.keys(bound) as (keyof TokenFilter)[]).some(
    (key) => filter[key] !== undefined && filter[key] !== bound[key],
  );
  return clash ? null : { ...filter, ...bound };
}
