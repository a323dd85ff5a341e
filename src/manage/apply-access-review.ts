import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { compilePermissions, entriesNotCovered, tokenState } from '../policy/index.ts';
import type { AuditDraft, TokenRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { findToken } from './find-token.ts';
import { type GuaranteeWire, guaranteeWire } from './guarantee-wire.ts';
import { permissionsNow } from './holder.ts';
import { defineOperation, type Engine, readInput } from './operation.ts';
import { noteOutOfReach, OutOfReach } from './out-of-reach.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { reviewVersion } from './review-version.ts';
import { draftRevocation } from './revoke-token.ts';
import {
  descriptionSchema,
  flagSchema,
  guaranteeSchema,
  idSchema,
  nameSchema,
  permissionListSchema,
} from './schemas.ts';
import { describeToken } from './token-wire.ts';
import { draftTokenUpdate } from './update-token.ts';

const LINES_MAX = 100_000;

const inputSchema = z.strictObject({
  dry_run: flagSchema.optional().describe('true changes nothing and says what would be done'),
  reviewer: nameSchema.optional().describe('Who decided, where that is somebody else than the caller'),
  file_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Of the file that was decided in, as evidence'),
  lines: z.array(z.strictObject({ line: z.int().min(1), value: z.unknown() })).max(LINES_MAX),
});
type Input = z.infer<typeof inputSchema>;

const decisionSchema = z.strictObject({
  token_id: idSchema,
  version: z.string().max(64).describe('As it was exported'),
  decision: z.enum(['keep', 'revoke', 'narrow']).nullable().describe('null leaves the token undecided'),
  narrow_to: permissionListSchema.optional().describe('What remains, for `narrow`'),
  note: descriptionSchema.optional(),
});
type Decision = z.infer<typeof decisionSchema>;

const RESULTS = ['kept', 'revoked', 'narrowed', 'undecided', 'stale', 'rejected'] as const;
type Result = (typeof RESULTS)[number];

const rowSchema = z
  .object({
    line: z.int(),
    token_id: z.string().nullable(),
    name: z.string().nullable(),
    result: z.enum(RESULTS),
    message: z.string().optional().describe('Why a row is stale or was rejected'),
  })
  .meta({ id: 'ReviewedToken' });
type Row = z.infer<typeof rowSchema>;

const outputSchema = z
  .object({
    dry_run: z.boolean(),
    applied: z.boolean().describe('false where nothing was done: for a dry run, or because of a row that is not right'),
    kept: z.int(),
    revoked: z.int(),
    narrowed: z.int(),
    undecided: z.int(),
    stale: z.int().describe('Changed since the export: export again and look again'),
    rejected: z.int(),
    results: z.array(rowSchema),
    guarantee: guaranteeSchema.optional().describe('Of the last token that was revoked or narrowed'),
  })
  .meta({ id: 'AccessReview' });
type Output = z.infer<typeof outputSchema>;

/**
 * Does what a reviewer decided about each token. All rows are looked at first: if one is stale or not right, nothing is done.
 * Each change is one of its own, with the note as its reason; the review itself is written down as evidence.
 */
export const applyAccessReview = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'applyAccessReview',
  summary: 'Apply the decisions of an access review',
  access: { needs: 'keyhouse-tokens:revoke' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { lines, dry_run: isDryRun = false, reviewer, file_sha256: file }) => {
    const review: Review = { engine, caller, file, firstLines: new Map(), ended: new Set() };
    const looked: Row[] = [];
    for (const { line, value } of lines) looked.push(await look(review, line, value));
    if (isDryRun || looked.some(isWrong)) return summary(isDryRun, false, looked, null);
    const done: Row[] = [];
    let guarantee: GuaranteeWire | null = null;
    for (const [at, { value }] of lines.entries()) {
      const [row, reached] = await decide(review, looked[at] as Row, value);
      done.push(row);
      guarantee = reached ?? guarantee;
    }
    const { results: _, guarantee: __, ...counts } = summary(false, true, done, null);
    await engine.changes.commit(async () => ({
      value: null,
      subjects: [],
      tightening: false,
      audit: auditDraft(caller, engine.clock.now(), {
        action: 'review.applied',
        subject: null,
        workspaceId: caller.reach === 'installation' ? null : caller.reach.workspaceId,
        details: { file_sha256: file, rows: done.length, ...counts },
        personal: { reviewer },
      }),
    }));
    return summary(false, true, done, guarantee);
  },
});

interface Review {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly file: string;
  readonly firstLines: Map<string, number>;
  /** Those that ended with another one of their line. */
  readonly ended: Set<string>;
}

/** What would become of a row; nothing is changed. */
async function look(review: Review, line: number, value: unknown): Promise<Row> {
  const { engine, caller, firstLines } = review;
  let name: string | null = null;
  try {
    const decision = readInput(decisionSchema, value);
    const first = firstLines.get(decision.token_id);
    if (first !== undefined) throw invalidInput('token_id', `Line ${first} decides about the same token already.`);
    firstLines.set(decision.token_id, line);
    if (decision.decision === null) return { line, token_id: decision.token_id, name, result: 'undecided' };
    const row = await findToken(engine, caller, decision.token_id, 'keyhouse-tokens:revoke');
    name = row.token.name;
    const allowed = compilePermissions((await describeToken(engine, row)).effective_permissions);
    await engine.changes.rehearse((transaction) => draft(review, row.token, decision, allowed, transaction), NOTHING);
    return { line, token_id: decision.token_id, name, result: RESULT_OF[decision.decision] };
  } catch (error) {
    if (error instanceof OutOfReach) noteOutOfReach(engine, caller, error);
    return { ...refused(line, value, error), name };
  }
}

const RESULT_OF = { keep: 'kept', revoke: 'revoked', narrow: 'narrowed' } as const satisfies Record<string, Result>;
const NOTHING = async () => null;

async function decide(review: Review, looked: Row, value: unknown): Promise<[Row, GuaranteeWire | null]> {
  if (looked.result !== 'revoked' && looked.result !== 'narrowed') return [looked, null];
  const { engine, caller, ended } = review;
  try {
    const decision = readInput(decisionSchema, value);
    if (looked.result === 'revoked' && ended.has(decision.token_id)) return [looked, null];
    const row = await findToken(engine, caller, decision.token_id, 'keyhouse-tokens:revoke');
    const allowed = compilePermissions((await describeToken(engine, row)).effective_permissions);
    const { value: revoked, guarantee } = await engine.changes.commit((transaction) =>
      draft(review, row.token, decision, allowed, transaction),
    );
    for (const id of revoked) ended.add(id);
    return [looked, guarantee === null ? null : guaranteeWire(guarantee)];
  } catch (error) {
    return [{ ...refused(looked.line, value, error), name: looked.name }, null];
  }
}

/** A token is not as it was exported. */
class Stale extends Rejection {}

type Allowed = ReturnType<typeof compilePermissions>;

/** @throws {Stale} {Rejection} */
async function draft(
  { engine, caller, file }: Review,
  token: TokenRecord,
  { version, decision, narrow_to: permissions, note }: Decision,
  allowed: Allowed,
  transaction: Transaction,
): Promise<Draft<readonly string[]>> {
  const lineage = await transaction.tokens.lockLineage(token.lineageId);
  const now = lineage.find(({ id }) => id === token.id) ?? token;
  if (reviewVersion(now, await permissionsNow(transaction, now)) !== version) {
    throw new Stale('conflict', `It was changed since the export: it is ${tokenState(now, engine.clock.now())} now.`);
  }
  if (decision === 'revoke') {
    const reason = note === undefined ? {} : { reason: note };
    const made = await draftRevocation(engine, caller, now, reason, transaction);
    return { ...made, value: made.value.tokens.map(({ id }) => id), audit: noted(made.audit) };
  }
  if (decision === 'narrow') {
    requirePermission(caller, 'keyhouse-tokens:write');
    if (permissions === undefined || permissions.length === 0) throw invalidInput('narrow_to', 'Say what remains.');
    const beyond = entriesNotCovered(permissions, allowed, null);
    if (beyond.length > 0) throw invalidInput('narrow_to', `It may not do this now: ${beyond.join(', ')}`);
    const made = await draftTokenUpdate(engine, caller, now, { id: now.id, permissions }, transaction);
    return { ...made, value: [], audit: noted(made.audit) };
  }
  const audit = auditDraft(caller, engine.clock.now(), { action: 'review.applied', subject: null, workspaceId: null });
  return { value: [], subjects: [], unchanged: true, tightening: false, audit };

  function noted(audit: AuditDraft): AuditDraft {
    return {
      ...audit,
      details: { ...audit.details, review_file_sha256: file },
      personal: { ...audit.personal, ...(note !== undefined && { reason: note }) },
    };
  }
}

function refused(line: number, value: unknown, error: unknown): Row {
  if (!(error instanceof Rejection) || error.code === 'authentication_required') throw error;
  const id = typeof value === 'object' && value !== null && 'token_id' in value ? value.token_id : null;
  const [problem] = error.problems;
  return {
    line,
    token_id: typeof id === 'string' ? id.slice(0, 64) : null,
    name: null,
    result: error instanceof Stale ? 'stale' : 'rejected',
    message: problem === undefined ? error.message : `${problem.path}: ${problem.message}`,
  };
}

function isWrong({ result }: Row): boolean {
  return result === 'stale' || result === 'rejected';
}

function summary(isDryRun: boolean, applied: boolean, results: Row[], guarantee: GuaranteeWire | null): Output {
  const count = (result: Result) => results.filter((row) => row.result === result).length;
  return {
    dry_run: isDryRun,
    applied,
    kept: count('kept'),
    revoked: count('revoked'),
    narrowed: count('narrowed'),
    undecided: count('undecided'),
    stale: count('stale'),
    rejected: count('rejected'),
    results,
    ...(guarantee !== null && { guarantee }),
  };
}
