import {
  acquireOwnership,
  archiveStore,
  type OwnedFolder,
  type Restored,
  restoreDatabase,
  secretsFolderOf,
} from '../stores/data-folder/index.ts';
import { sqliteCopies } from '../stores/sql/sqlite/restored-copy.ts';
import type { Config } from './config.ts';
import { StartRefused } from './start-refused.ts';
import { systemClock, systemRandom } from './system-clock.ts';
import { VERSION } from './version.ts';

type Place = Pick<Config, 'dataDir' | 'secretsDir' | 'databaseUrl'>;

export interface RestoreRequest {
  /** A backup, absolute path. */
  readonly file: string;
  readonly keys: 'revoke-all' | 'trust';
  readonly newPepper: boolean;
}

/**
 * Puts a backup in the place of a store that no process has open.
 * @throws {FolderOwned} one has. {FolderRefused} the backup is not sound or not of this store. {StartRefused} PostgreSQL.
 */
export function restoreStore(place: Place, request: RestoreRequest): Promise<Restored> {
  return whileOwned(place, (owned) =>
    restoreDatabase(owned, {
      ...request,
      secretsDir: secretsFolderOf(place.dataDir, place.secretsDir),
      clock: systemClock,
      random: systemRandom,
      copies: sqliteCopies,
    }),
  );
}

/**
 * Puts a store and its secrets aside, so that the next start makes a new one.
 * @returns where they went.
 */
export function archiveStoreOf(
  place: Place,
): Promise<{ readonly database: string | null; readonly secrets: string | null }> {
  const secretsDir = secretsFolderOf(place.dataDir, place.secretsDir);
  return whileOwned(place, async (owned) => archiveStore(owned, secretsDir, systemClock.now()));
}

async function whileOwned<T>({ dataDir, databaseUrl }: Place, work: (owned: OwnedFolder) => Promise<T>): Promise<T> {
  if (databaseUrl !== null) {
    throw new StartRefused('This store is on PostgreSQL: restore or empty it with the tools of PostgreSQL.');
  }
  const owned = acquireOwnership(dataDir, { clock: systemClock, version: VERSION });
  try {
    return await work(owned);
  } finally {
    owned.release();
  }
}
