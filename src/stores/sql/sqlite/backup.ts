import { open } from 'node:fs/promises';
import { WriterThread } from './writer-thread.ts';

/**
 * Writes one consistent copy. A thread of its own copies from a snapshot: changes and decisions go on meanwhile.
 * @throws {StorageUnavailable} the copy could not be written; what there is of it is not a backup.
 */
export async function backUp(file: string, target: string): Promise<void> {
  // Made here, empty, because SQLite would make it readable for others.
  const copy = await open(target, 'wx', 0o600);
  await copy.close();
  const thread = new WriterThread({ source: { file, readOnly: true, pragmas: [] } });
  try {
    await thread.ask('source', 'query', 'vacuum into ?', [target]);
  } finally {
    await thread.close();
  }
  const written = await open(target, 'r+');
  try {
    await written.sync();
  } finally {
    await written.close();
  }
}
