import type { Rehearsal } from '../changes/index.ts';
import type { Transaction } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import type { Engine } from './operation.ts';
import type { RealChange } from './trial-kinds.ts';

/** The operation came as far as its change, which was rehearsed; nothing after it is to happen. */
class Rehearsed extends Error {}

/**
 * Performs an operation up to its change, and takes that back: every right and every rule it has is checked by itself.
 * @throws {Rejection} what the operation would.
 */
export async function rehearseChange<Seen>(
  engine: Engine,
  caller: Caller,
  { operation, input }: Pick<RealChange, 'operation' | 'input'>,
  look: (transaction: Transaction) => Promise<Seen>,
): Promise<Rehearsal<unknown, Seen>> {
  let rehearsal: Rehearsal<unknown, Seen> | null = null;
  const changes: Engine['changes'] = {
    rehearse: (work, see) => engine.changes.rehearse(work, see),
    commit: async (work) => {
      rehearsal = await engine.changes.rehearse(work, look);
      throw new Rehearsed();
    },
  };
  try {
    await operation.perform({ ...engine, changes }, caller, input);
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  if (rehearsal === null) throw new Error(`${operation.id} changed nothing`);
  return rehearsal;
}
