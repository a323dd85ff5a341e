import { z } from 'zod';
import { compilePermissions, csvLine, jsonLine } from '../policy/index.ts';
import type { FactsRow } from '../ports/index.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { tokensWithinReach } from './list-tokens.ts';
import { noteRead } from './note-read.ts';
import { defineOperation, type Engine } from './operation.ts';
import { permissionsOf } from './permissions-of.ts';
import { reviewVersion } from './review-version.ts';
import { idSchema } from './schemas.ts';
import { describeTokens, type TokenWire } from './token-wire.ts';

const inputSchema = z.strictObject({
  format: z.enum(['jsonl', 'csv']),
  workspace_id: idSchema.optional(),
  ended: z.boolean().default(false).describe('true lists also tokens that were revoked, replaced or have expired'),
  limit: z.int().min(1).max(500).default(200),
  cursor: z.string().max(512).optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    text: z.string().describe('Whole lines of the file; those of the next page follow them'),
    tokens: z.int(),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'AccessReviewExport' });
type Output = z.infer<typeof outputSchema>;

const ENDED: readonly TokenWire['state'][] = ['revoked', 'replaced', 'expired'];

/** Every token within reach as a file to decide in, piece by piece. That it was taken out is written down with the first one. */
export const exportAccessReview = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'exportAccessReview',
  summary: 'Export all tokens for an access review',
  access: { needs: 'keyhouse-tokens:read' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { limit: _limit, cursor, ...asked } = input;
    const { format, ended, workspace_id: workspaceId } = asked;
    const request = pageRequest(engine, caller, 'access-review', asked, input);
    if (cursor === undefined) {
      await noteRead(engine, caller, { action: 'review.exported', subject: null, details: asked });
    }
    const header = format === 'csv' && cursor === undefined ? csvLine(COLUMNS) : '';
    const reach = tokensWithinReach(caller) ?? {};
    if (workspaceId !== undefined && 'workspaceId' in reach && reach.workspaceId !== workspaceId) {
      return { text: header, tokens: 0, next_cursor: null };
    }
    const filter = { ...(workspaceId !== undefined && { workspaceId }), ...reach };
    const page = await engine.store.tokens.list(filter, request, 'newest');
    const found = await Promise.all(page.rows.map(({ id }) => engine.store.facts.findByTokenId(id)));
    const rows = await describeRows(
      engine,
      found.filter((row): row is FactsRow => row !== null),
    );
    const shown = rows.filter(({ state }) => ended || !ENDED.includes(state as TokenWire['state']));
    const lineOf = format === 'csv' ? (row: ReviewRow) => csvLine(Object.values(row)) : jsonLine;
    return {
      text: header + shown.map(lineOf).join(''),
      tokens: shown.length,
      next_cursor: nextCursor(engine, caller, 'access-review', asked, page),
    };
  },
});

const COLUMNS = [
  'token_id',
  'name',
  'owner',
  'owner_id',
  'workspace',
  'environment',
  'state',
  'permissions',
  'created_at',
  'last_used_at',
  'expires_at',
  'version',
  'decision',
  'narrow_to',
  'note',
] as const;
type ReviewRow = Readonly<Record<(typeof COLUMNS)[number], string | null>>;

async function describeRows(engine: Engine, rows: readonly FactsRow[]): Promise<ReviewRow[]> {
  const described = await describeTokens(engine, rows);
  return described.map((token, at) => {
    const { token: record, membership, roles } = rows[at] as FactsRow;
    const owned = membership === null ? compilePermissions([]) : permissionsOf(membership, roles);
    const { owner, workspace } = token;
    return {
      token_id: token.id,
      name: token.name,
      owner: owner.email ?? owner.external_id ?? owner.name ?? owner.id,
      owner_id: owner.id,
      workspace: workspace.name,
      environment: token.environment,
      state: token.state,
      permissions: token.effective_permissions.join(' '),
      created_at: token.created_at,
      last_used_at: token.last_used_at,
      expires_at: token.expires_at,
      version: reviewVersion(record, owned),
      // What the reviewer fills in: keep, revoke, or narrow with the permissions that remain.
      decision: '',
      narrow_to: '',
      note: '',
    };
  });
}
