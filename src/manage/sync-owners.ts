import { z } from 'zod';
import type { WorkspaceRecord } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { type GuaranteeWire, guaranteeWire } from './guarantee-wire.ts';
import { defineOperation, type Engine, readInput } from './operation.ts';
import { changeSchema, type OwnerPlan } from './owner-change.ts';
import { isUnchanged, planOwner } from './plan-owner.ts';
import { commitExternalOwner, type ExternalOwnerInput, externalOwnerSchema, externalOwnerWish } from './put-owner.ts';
import { Rejection } from './rejection.ts';
import { flagSchema, guaranteeSchema } from './schemas.ts';
import { planContext } from './write-owner.ts';

const LINES_MAX = 100_000;
/** Lines between two turns of the event loop: planning reads without waiting, and decisions must not wait for it. */
const LINES_PER_TURN = 20;

const inputSchema = z.strictObject({
  dry_run: flagSchema.optional().describe('true changes nothing and says what would change'),
  lines: z
    .array(z.strictObject({ line: z.int().min(1).describe('Its number in the upload'), value: z.unknown() }))
    .max(LINES_MAX),
});
type Input = z.infer<typeof inputSchema>;

const RESULTS = ['created', 'updated', 'unchanged', 'rejected'] as const;

const lineSchema = z
  .object({
    line: z.int(),
    external_id: z.string().nullable(),
    result: z.enum(RESULTS),
    narrowed: z.boolean().describe('Something accepted before is refused'),
    changes: z.array(changeSchema),
    code: z.string().optional().describe('Why the line was rejected'),
    message: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'SyncedLine' });
type Line = z.infer<typeof lineSchema>;

const outputSchema = z
  .object({
    dry_run: z.boolean(),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    rejected: z.int(),
    narrowed: z.int().describe('Lines after which something accepted before is refused'),
    results: z.array(lineSchema),
    guarantee: guaranteeSchema.optional().describe('One for all lines'),
  })
  .meta({ id: 'OwnerSync' });
type Output = z.infer<typeof outputSchema>;

/**
 * Tells Keyhouse about many owners at once. Every line is done wholly or not at all, whatever becomes of the others, and
 * is a change of its own in the audit log; the answer comes once all of them hold everywhere. Safe to repeat.
 */
export const syncOwners = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'syncOwners',
  summary: 'Create or change many external owners',
  access: { needs: 'keyhouse-owners:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { lines, dry_run: isDryRun = false }) => {
    const sync: Sync = { engine, caller, isDryRun, firstLines: new Map(), foreseen: new Map() };
    const results: Line[] = [];
    for (const { line, value } of lines) {
      results.push(await syncLine(sync, line, value));
      if (results.length % LINES_PER_TURN === 0) await nextTurn();
    }
    const count = (result: Line['result']) => results.filter((one) => one.result === result).length;
    const rejected = count('rejected');
    const guarantee = isDryRun || rejected === results.length ? null : await waitForAll(engine, caller);
    return {
      dry_run: isDryRun,
      created: count('created'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      rejected,
      narrowed: results.filter((one) => one.narrowed).length,
      results,
      ...(guarantee !== null && { guarantee }),
    };
  },
});

interface Sync {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly isDryRun: boolean;
  /** Where each external id stood first. */
  readonly firstLines: Map<string, number>;
  readonly foreseen: Map<string, WorkspaceRecord>;
}

async function syncLine(sync: Sync, line: number, value: unknown): Promise<Line> {
  const externalId = externalIdOf(value);
  try {
    const input = readLine(sync, line, value);
    const planned = await plan(sync, input);
    // Nothing is locked for what is so already: most lines of a nightly sync.
    if (sync.isDryRun || isUnchanged(planned)) return lineOf(line, planned);
    const { value: done } = await commitExternalOwner(sync.engine, sync.caller, input, false);
    return lineOf(line, done);
  } catch (error) {
    if (!(error instanceof Rejection) || error.code === 'authentication_required') throw error;
    return {
      line,
      external_id: externalId,
      result: 'rejected',
      narrowed: false,
      changes: [],
      code: error.code,
      message: error.message,
      errors: [...error.problems],
    };
  }
}

function readLine(sync: Sync, line: number, value: unknown): ExternalOwnerInput {
  const input = readInput(externalOwnerSchema, value);
  const { external_id: externalId } = input;
  const first = sync.firstLines.get(externalId);
  if (first !== undefined) {
    const message = `Line ${first} is about the same owner already.`;
    throw new Rejection('invalid_input', message, { problems: [{ path: 'external_id', message }] });
  }
  sync.firstLines.set(externalId, line);
  return input;
}

async function plan({ engine, caller, foreseen }: Sync, input: ExternalOwnerInput): Promise<OwnerPlan> {
  const { owners } = engine.store;
  const context = await planContext(engine, caller, owners, foreseen);
  return planOwner(context, await owners.find({ externalId: input.external_id }), externalOwnerWish(input));
}

function lineOf(line: number, done: OwnerPlan): Line {
  return {
    line,
    external_id: done.after.externalId,
    result: isUnchanged(done) ? 'unchanged' : done.before === null ? 'created' : 'updated',
    narrowed: done.narrows,
    changes: [...done.changes],
  };
}

/** One wait for every line that was committed, and for those of an earlier attempt that found its answer lost. */
async function waitForAll(engine: Engine, caller: Caller): Promise<GuaranteeWire> {
  const { guarantee } = await engine.changes.commit(async () => ({
    value: null,
    subjects: [],
    unchanged: true,
    tightening: true,
    audit: auditDraft(caller, engine.clock.now(), { action: 'owners.synced', subject: null, workspaceId: null }),
  }));
  if (guarantee === null) throw new Error('a wait without a guarantee');
  return guaranteeWire(guarantee);
}

function externalIdOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'external_id' in value ? value.external_id : null;
  return typeof id === 'string' ? id.slice(0, 200) : null;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
