import { resolve } from 'node:path';

/** The authority's database file inside a data folder. */
export const DATABASE_FILE = 'keyhouse.sqlite';
/** Usage and reservations, beside it. */
export const USAGE_FILE = 'keyhouse-usage.sqlite';
/** Held locked by the owner; nothing is ever stored in it. */
export const OWNER_LOCK_FILE = 'owner.sqlite';
/** Says who the owner is; only the lock says whether there is one. */
export const OWNER_NOTE_FILE = 'owner.json';
export const SOCKET_FILE = 'keyhouse.sock';
export const PEPPER_FILE = 'pepper.json';
export const WITNESS_FILE = 'witness';
export const IDENTITY_KEYS_FILE = 'identity-keys.json';
export const AUDIT_KEYS_FILE = 'audit-keys.json';

/** Names that mark a folder as a data folder. */
export const DATA_FOLDER_LANDMARKS: readonly string[] = [DATABASE_FILE, OWNER_LOCK_FILE];
/** Names that mark a folder as a secrets folder. */
export const SECRETS_FOLDER_LANDMARKS: readonly string[] = [
  PEPPER_FILE,
  WITNESS_FILE,
  IDENTITY_KEYS_FILE,
  AUDIT_KEYS_FILE,
];

/** A database file and what SQLite may keep beside it, the file first: what lies beside it means nothing without it. */
export function databaseFiles(name: string): readonly string[] {
  return [name, `${name}-wal`, `${name}-shm`, `${name}-journal`];
}

/** `<data-dir>.secrets` beside the data folder, unless the operator named another place. */
export function secretsFolderOf(dataDir: string, configured: string | null): string {
  return resolve(configured ?? `${resolve(dataDir)}.secrets`);
}

/** A point in time as part of a file name that sorts: `20260304T050607089Z`. */
export function stampOf(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:.]/g, '');
}
