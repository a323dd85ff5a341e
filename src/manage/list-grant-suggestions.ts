import { z } from 'zod';
import type { FactsRow } from '../ports/index.ts';
import { reaches } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { idSchema, listSchema, pageSchema } from './schemas.ts';
import { type SuggestionWire, suggestGrants, suggestionSchema } from './suggest-grant.ts';
import { daysSchema } from './suggest-token-grant.ts';

const inputSchema = z.strictObject({
  ...pageSchema,
  workspace_id: idSchema.optional(),
  days: daysSchema,
  verdict: suggestionSchema.shape.verdict.optional().describe('`narrow` and `unused` when left out'),
});
type Output = { data: SuggestionWire[]; next_cursor: string | null };

/**
 * Tokens that hold more than they use. A page looks at so many live tokens, newest first, and holds those of them that are
 * asked for, the widest gap first: it may hold few, and none, where there is another.
 */
export const listGrantSuggestions = defineOperation<z.infer<typeof inputSchema>, Output, z.input<typeof inputSchema>>({
  id: 'listGrantSuggestions',
  summary: 'List tokens that hold more than they use',
  access: { needs: 'keyhouse-tokens:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(suggestionSchema),
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor: _cursor, ...asked } = input;
    const { workspace_id, days, verdict } = asked;
    const request = pageRequest(engine, caller, 'grant-suggestions', asked, input);
    if (workspace_id !== undefined && !reaches(caller, workspace_id)) return { data: [], next_cursor: null };
    const workspaceId = caller.reach === 'installation' ? workspace_id : caller.reach.workspaceId;
    const filter = { liveAt: engine.clock.now(), ...(workspaceId !== undefined && { workspaceId }) };
    const page = await engine.store.tokens.list(filter, request);
    const rows = await Promise.all(page.rows.map(({ id }) => engine.store.facts.findByTokenId(id)));
    const found = rows.filter((row): row is FactsRow => row !== null);
    const wanted = verdict === undefined ? ['narrow', 'unused'] : [verdict];
    const suggestions = await suggestGrants(engine, found, days);
    return {
      data: suggestions
        .filter((one) => wanted.includes(one.verdict))
        .sort((one, other) => other.unused.length - one.unused.length),
      next_cursor: nextCursor(engine, caller, 'grant-suggestions', asked, page),
    };
  },
});
