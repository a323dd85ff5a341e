import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { syncFolder } from './durable-file.ts';
import { FolderRefused } from './private-folder.ts';
import type { DatabaseCopies } from './restore.ts';
import { STORE_ID_KEY } from './secrets.ts';

export interface BackupMade {
  readonly file: string;
  readonly bytes: number;
  readonly storeId: string;
  /** Newest change in it. */
  readonly newestSeq: number;
}

/**
 * Writes one consistent, checked copy of a running store to a file that does not exist yet; until it is whole it has another
 * name. Pepper and witness are not in it: without the pepper it verifies no token.
 * @throws {FolderRefused} the file exists, its folder does not, or the copy turned out unsound.
 */
export async function backupTo(
  file: string,
  writeCopy: (file: string) => Promise<void>,
  copies: DatabaseCopies,
): Promise<BackupMade> {
  const target = resolve(file);
  if (existsSync(target)) throw new FolderRefused(`${target} exists. A backup never overwrites: name a new file.`);
  if (!existsSync(dirname(target))) throw new FolderRefused(`There is no folder ${dirname(target)}. Make it first.`);
  const partial = `${target}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await writeCopy(partial);
    const copy = copies.inspect(partial);
    const storeId = copy.sound ? copy.meta.get(STORE_ID_KEY) : undefined;
    if (!copy.sound || storeId === undefined) {
      throw new FolderRefused(`The copy is not sound${copy.sound ? '' : `: ${copy.problem}`}. No backup was made.`);
    }
    renameSync(partial, target);
    syncFolder(dirname(target));
    return { file: target, bytes: statSync(target).size, storeId, newestSeq: copy.newestSeq };
  } finally {
    rmSync(partial, { force: true });
  }
}
