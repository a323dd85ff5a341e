import type { Draft, Outcome } from '../changes/index.ts';
import { type Transaction, UniqueViolation } from '../ports/index.ts';
import type { Engine } from './operation.ts';

/**
 * Commits, and once more where a change at the same moment took one of these unique values first: the second attempt sees
 * what that one made and goes on from there.
 */
export async function commitAgainOn<T>(
  engine: Engine,
  constraints: readonly string[],
  work: (transaction: Transaction) => Promise<Draft<T>>,
): Promise<Outcome<T>> {
  try {
    return await engine.changes.commit(work);
  } catch (error) {
    if (!(error instanceof UniqueViolation) || !constraints.includes(error.constraint)) throw error;
    return engine.changes.commit(work);
  }
}
