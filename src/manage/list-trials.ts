import { z } from 'zod';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation } from './operation.ts';
import { listSchema, pageSchema } from './schemas.ts';
import { OBSERVED_CHANGES, operationsOf } from './trial-kinds.ts';
import { describeTrials, type TrialWire, trialSchema } from './trial-wire.ts';

const inputSchema = z.strictObject(pageSchema);
type Input = z.infer<typeof inputSchema>;

export interface Output {
  readonly data: TrialWire[];
  readonly next_cursor: string | null;
}

/** Trials whose change the caller could make, newest first, those that are over too. */
export const listTrials = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'listTrials',
  summary: 'List trials',
  access: { needsOneOf: OBSERVED_CHANGES },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(trialSchema),
  run: async (engine, caller, input) => {
    const operations = operationsOf(caller);
    const filter = { operations, ...(caller.reach !== 'installation' && { workspaceId: caller.reach.workspaceId }) };
    const page = await engine.store.trials.list(filter, pageRequest(engine, caller, 'trials', { operations }, input));
    return {
      data: await describeTrials(engine, page.rows),
      next_cursor: nextCursor(engine, caller, 'trials', { operations }, page),
    };
  },
});
