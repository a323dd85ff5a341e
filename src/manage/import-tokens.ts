import { z } from 'zod';
import { UniqueViolation } from '../ports/index.ts';
import type { ImportedForm } from '../token/index.ts';
import { type Caller, requireInstallation, requirePermission } from './caller.ts';
import { checkDeclarable, declareImport } from './declare-import.ts';
import {
  digestedOf,
  draftImport,
  type ImportedOne,
  type ImportedRow,
  importedRowSchema,
  readPast,
} from './import-row.ts';
import { importedFormFields, importedFormOf } from './imported-form-wire.ts';
import { defineOperation, type Engine, readInput } from './operation.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { flagSchema } from './schemas.ts';

const LINES_MAX = 100_000;
const LINES_PER_TURN = 20;

const inputSchema = z.strictObject({
  ...importedFormFields,
  dry_run: flagSchema.optional().describe('true changes nothing and says what would be imported'),
  lines: z
    .array(z.strictObject({ line: z.int().min(1).describe('Its number in the upload'), value: z.unknown() }))
    .max(LINES_MAX),
});
type Input = z.infer<typeof inputSchema>;

const lineSchema = z
  .object({
    line: z.int(),
    foreign_id: z.string().nullable(),
    result: z.enum(['imported', 'skipped', 'rejected']).describe('`skipped`: it is here already'),
    token_id: z.string().nullable().describe('null where there is none, and for a dry run'),
    code: z.string().optional().describe('Why the line was rejected'),
    message: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'ImportedLine' });
type Line = z.infer<typeof lineSchema>;

const outputSchema = z
  .object({
    dry_run: z.boolean(),
    imported: z.int(),
    skipped: z.int(),
    rejected: z.int(),
    results: z.array(lineSchema),
  })
  .meta({ id: 'TokenImport' });
type Output = z.infer<typeof outputSchema>;

/**
 * Takes over tokens of another system by their digests, so that their values go on working and need not be known. Every
 * line is done wholly or not at all, as a change of its own in the audit log; repeating it changes nothing.
 */
export const importTokens = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'importTokens',
  summary: 'Import tokens of another system',
  access: { needs: 'keyhouse-tokens:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { lines, dry_run: isDryRun = false, ...declared }) => {
    requirePermission(caller, 'keyhouse-owners:act-as');
    requireInstallation(caller);
    if (declared.length_min > declared.length_max) throw invalidInput('length_max', 'Not less than length_min.');
    const form = importedFormOf(declared);
    if (isDryRun) checkDeclarable(engine, form);
    else if (lines.length > 0) await declareImport(engine, caller, form);
    const task: Task = { engine, caller, form, isDryRun, ids: new Map(), digests: new Map() };
    const results: Line[] = [];
    for (const { line, value } of lines) {
      results.push(await importLine(task, line, value));
      if (results.length % LINES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const count = (result: Line['result']) => results.filter((one) => one.result === result).length;
    return {
      dry_run: isDryRun,
      imported: count('imported'),
      skipped: count('skipped'),
      rejected: count('rejected'),
      results,
    };
  },
});

interface Task {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly form: ImportedForm;
  readonly isDryRun: boolean;
  /** Where each stood first. */
  readonly ids: Map<string, number>;
  readonly digests: Map<string, number>;
}

async function importLine(task: Task, line: number, value: unknown): Promise<Line> {
  const foreignId = foreignIdOf(value);
  try {
    const row = readRow(task, line, value);
    const lastUsedAt = readPast(row.last_used_at, 'last_used_at', task.engine.clock.now());
    const { tokenId, isNew } = await (task.isDryRun ? rehearse(task, row) : commit(task, row));
    if (!task.isDryRun && lastUsedAt !== null) {
      await task.engine.usage.noteLastUses([{ tokenId, at: lastUsedAt, ip: null }]);
    }
    const isKnown = !(task.isDryRun && isNew);
    return { line, foreign_id: foreignId, result: isNew ? 'imported' : 'skipped', token_id: isKnown ? tokenId : null };
  } catch (error) {
    if (!(error instanceof Rejection) || error.code === 'authentication_required') throw error;
    const { code, message, problems } = error;
    return { line, foreign_id: foreignId, result: 'rejected', token_id: null, code, message, errors: [...problems] };
  }
}

function readRow(task: Task, line: number, value: unknown): ImportedRow {
  const row = readInput(importedRowSchema, value);
  refuseSecond(task.ids, row.foreign_id, line, 'foreign_id');
  refuseSecond(task.digests, digestedOf(task.form.recipe, row), line, 'digest');
  return row;
}

function refuseSecond(seen: Map<string, number>, key: string, line: number, path: string): void {
  const first = seen.get(key);
  if (first !== undefined) throw invalidInput(path, `Line ${first} has the same.`);
  seen.set(key, line);
}

async function commit({ engine, caller, form }: Task, row: ImportedRow): Promise<ImportedOne> {
  try {
    const { value } = await engine.changes.commit((transaction) => draftImport(engine, caller, form, row, transaction));
    return value;
  } catch (error) {
    throw asConflict(error);
  }
}

async function rehearse({ engine, caller, form }: Task, row: ImportedRow): Promise<ImportedOne> {
  try {
    const { draft } = await engine.changes.rehearse(
      (transaction) => draftImport(engine, caller, form, row, transaction),
      async () => null,
    );
    return draft.value;
  } catch (error) {
    throw asConflict(error);
  }
}

function asConflict(error: unknown): unknown {
  if (!(error instanceof UniqueViolation)) return error;
  return new Rejection('conflict', 'This token is here already, from another import or under another id.');
}

function foreignIdOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'foreign_id' in value ? value.foreign_id : null;
  return typeof id === 'string' ? id.slice(0, 200) : null;
}
