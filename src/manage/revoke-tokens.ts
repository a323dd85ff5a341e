import { z } from 'zod';
import { tokenState } from '../policy/index.ts';
import type { FactsRow, TokenRecord } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { findToken, isOwn } from './find-token.ts';
import { type GuaranteeWire, guaranteeWire } from './guarantee-wire.ts';
import { filterOf, type TokenFilterInput, tokenFilterFields } from './list-tokens.ts';
import { defineOperation, type Engine } from './operation.ts';
import { noteOutOfReach, OutOfReach } from './out-of-reach.ts';
import { tokenIdSchema } from './read-token.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { draftRevocation } from './revoke-token.ts';
import { actorSchema, descriptionSchema, flagSchema, guaranteeSchema } from './schemas.ts';
import { describeTokens, tokenSchema } from './token-wire.ts';

const IDS_MAX = 500;
const PAGE = 100;
/** Tokens looked at in one call; the answer says where to go on. */
const LOOKED_AT_MAX = 500;

const inputSchema = z.strictObject({
  ids: z.array(tokenIdSchema).min(1).max(IDS_MAX).optional(),
  filter: z.strictObject(tokenFilterFields).optional().describe('As for the list of tokens; at least one field'),
  reason: descriptionSchema.optional(),
  dry_run: flagSchema.optional().describe('true ends nothing and says what would end'),
  bulk_id: z
    .string()
    .regex(/^blk_[0-9A-Za-z]{22}$/, 'Not the id of a bulk revocation.')
    .optional()
    .describe('Of the call that this one goes on from: in the audit log they are one'),
  cursor: z.string().max(512).optional().describe('Where to go on: the next_cursor of the call before'),
  actor: actorSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    bulk_id: z.string().describe('Stands in the audit entry of each token that was revoked'),
    dry_run: z.boolean(),
    tokens: z
      .array(tokenSchema)
      .describe('Those that worked, or could have again, and ended or would end with this call'),
    revoked_ids: z
      .array(z.string())
      .describe('Everything that ended, predecessors and what was made with them included'),
    not_found_ids: z.array(z.string()).describe('Of the ids that were named'),
    next_cursor: z.string().nullable().describe('null when all that the filter finds was looked at'),
    guarantee: guaranteeSchema.optional().describe('One for all of them'),
  })
  .meta({ id: 'BulkRevocation' });
type Output = z.infer<typeof outputSchema>;

/**
 * Revokes many tokens: those named, or those a filter finds. Each is revoked as by itself, with an audit entry of its own;
 * then the call waits once, until none of them can be accepted anywhere. Repeating it is safe. Of a filter it looks at a
 * bounded number and says where to go on. The token that asks is left alone by a filter.
 */
export const revokeTokens = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'revokeTokens',
  summary: 'Revoke many tokens',
  access: { needs: 'keyhouse-tokens:revoke', orSelf: 'signed_in' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    if (input.actor !== undefined) requirePermission(caller, 'keyhouse-owners:act-as');
    const found = await findAll(engine, caller, input);
    const bulkId = input.bulk_id ?? generateId('blk', engine.random);
    const standing = found.rows.filter(({ token }) => isStanding(engine, token));
    const tokens = await describeTokens(engine, standing);
    const isDryRun = input.dry_run === true;
    const revoked = new Set<string>();
    if (!isDryRun) {
      for (const { token } of found.rows) {
        for (const id of await revokeOne(engine, caller, token, input, bulkId)) revoked.add(id);
      }
    }
    const guarantee = isDryRun || found.rows.length === 0 ? null : await waitForAll(engine, caller, bulkId);
    return {
      bulk_id: bulkId,
      dry_run: isDryRun,
      tokens,
      revoked_ids: [...revoked],
      not_found_ids: [...found.missing],
      next_cursor: found.nextCursor,
      ...(guarantee !== null && { guarantee }),
    };
  },
});

interface Found {
  readonly rows: readonly FactsRow[];
  readonly missing: readonly string[];
  readonly nextCursor: string | null;
}

async function findAll(engine: Engine, caller: Caller, { ids, filter, cursor }: Input): Promise<Found> {
  if ((ids === undefined) === (filter === undefined)) throw invalidInput('ids', 'Give either ids or a filter.');
  if (ids !== undefined) return findNamed(engine, caller, ids);
  const asked = filter as TokenFilterInput;
  if (Object.keys(asked).length === 0) throw invalidInput('filter', 'Name at least one thing that tells them apart.');
  return findByFilter(engine, caller, asked, cursor);
}

async function findNamed(engine: Engine, caller: Caller, ids: readonly string[]): Promise<Found> {
  const rows: FactsRow[] = [];
  const missing: string[] = [];
  for (const id of new Set(ids)) {
    try {
      rows.push(await findToken(engine, caller, id, 'keyhouse-tokens:revoke'));
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'not_found') throw error;
      if (error instanceof OutOfReach) noteOutOfReach(engine, caller, error);
      missing.push(id);
    }
  }
  return { rows, missing, nextCursor: null };
}

async function findByFilter(
  engine: Engine,
  caller: Caller,
  asked: TokenFilterInput,
  cursor: string | undefined,
): Promise<Found> {
  const filter = await filterOf(engine, caller, asked);
  const rows: FactsRow[] = [];
  if (filter === null) return { rows, missing: [], nextCursor: null };
  // Whoever sees the tokens of others may not therefore end them.
  const mayEnd = (row: FactsRow) => caller.may('keyhouse-tokens:revoke') || isOwn(caller, row);
  let next = cursor;
  for (let lookedAt = 0; lookedAt < LOOKED_AT_MAX; lookedAt += PAGE) {
    const place = { limit: PAGE, ...(next !== undefined && { cursor: next }) };
    const page = await engine.store.tokens.list(filter, pageRequest(engine, caller, 'revoke', asked, place));
    for (const token of page.rows) {
      const isAsking = caller.token !== null && caller.token.lineageId === token.lineageId;
      const row = token.revokedAt !== null || isAsking ? null : await engine.store.facts.findByTokenId(token.id);
      if (row !== null && mayEnd(row)) rows.push(row);
    }
    next = nextCursor(engine, caller, 'revoke', asked, page) ?? undefined;
    if (next === undefined) break;
  }
  return { rows, missing: [], nextCursor: next ?? null };
}

/** Ids that ended with this token; those of an earlier call where it was revoked before. */
async function revokeOne(
  engine: Engine,
  caller: Caller,
  token: TokenRecord,
  { reason, actor }: Input,
  bulkId: string,
): Promise<readonly string[]> {
  const asked = { ...(reason !== undefined && { reason }), ...(actor !== undefined && { actor }) };
  const { value } = await engine.changes.commit(async (transaction) => {
    const draft = await draftRevocation(engine, caller, token, asked, transaction);
    const audit = { ...draft.audit, details: { ...draft.audit.details, bulk_id: bulkId } };
    // All of them are waited for together.
    return { ...draft, tightening: false, audit };
  });
  return value.tokens.map(({ id }) => id);
}

async function waitForAll(engine: Engine, caller: Caller, bulkId: string): Promise<GuaranteeWire> {
  const { guarantee } = await engine.changes.commit(async () => ({
    value: null,
    subjects: [],
    unchanged: true,
    tightening: true,
    audit: auditDraft(caller, engine.clock.now(), {
      action: 'tokens.revoked',
      subject: null,
      workspaceId: null,
      details: { bulk_id: bulkId },
    }),
  }));
  if (guarantee === null) throw new Error('a wait without a guarantee');
  return guaranteeWire(guarantee);
}

function isStanding({ clock }: Engine, token: TokenRecord): boolean {
  const state = tokenState(token, clock.now());
  return state === 'active' || state === 'disabled' || state === 'superseded';
}
