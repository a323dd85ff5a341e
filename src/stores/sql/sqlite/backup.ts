import { open, rm } from 'node:fs/promises';
import { SqliteThread } from './sqlite-thread.ts';

/** Nobody but a copying thread waits, so it may wait long. */
const LOCK_WAIT_MS = 30_000;

/**
 * Writes one consistent copy. A thread of its own copies from a snapshot: changes and decisions go on meanwhile.
 * @throws {StorageUnavailable} the copy could not be written; nothing is left of it.
 */
export async function backUp(file: string, target: string): Promise<void> {
  // Made here, empty, because SQLite would make it readable for others.
  const copy = await open(target, 'wx', 0o600);
  await copy.close();
  const thread = new SqliteThread('keyhouse-backup', {
    source: { file, readOnly: true, pragmas: [], lockWaitMs: LOCK_WAIT_MS },
  });
  try {
    await thread.ask('source', 'query', 'vacuum into ?', [target]);
    await sync(target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await thread.close();
  }
}

async function sync(file: string): Promise<void> {
  const written = await open(file, 'r+');
  try {
    await written.sync();
  } finally {
    await written.close();
  }
}
