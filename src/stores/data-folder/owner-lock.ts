import { rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../ports/index.ts';
import { DATA_FOLDER_LANDMARKS, OWNER_LOCK_FILE, OWNER_NOTE_FILE } from './layout.ts';
import { type OwnerNote, readOwnerNote, writeOwnerNote } from './owner-note.ts';
import { openPrivateFolder } from './private-folder.ts';
import { privateSocketPath } from './private-socket.ts';

/** How long to go on asking for the lock: two processes that start together must not both give up. */
const LOCK_WAIT_MS = 300;
const SQLITE_BUSY = 5;

/** Proof that this process is the only one that may touch the folder, until `release`. */
export interface OwnedFolder {
  /** Real path. */
  readonly dir: string;
  readonly note: OwnerNote;
  /** Gives the folder up; again does nothing. Everything in it must be closed before. */
  release(): void;
}

/** Another process, or another part of this one, owns the data folder. */
export class FolderOwned extends Error {
  override readonly name = 'FolderOwned';
  readonly dir: string;
  /** null in the moment between the owner's lock and its note. */
  readonly owner: OwnerNote | null;
  constructor(dir: string, owner: OwnerNote | null, byThisProcess: boolean) {
    super(describeOwner(dir, owner, byThisProcess));
    this.dir = dir;
    this.owner = owner;
  }
}

/**
 * What this process owns, by device and inode of the folder, across copies of this module. It also keeps the locked
 * connection from being collected, which would drop the lock.
 */
const held = processWideMap('keyhouse.owned-folders');

/**
 * Takes ownership of a data folder, making it (0700) where it is missing. The lock is a byte-range lock of the operating
 * system on `owner.sqlite`: it ends with the process however that ends, and it would end with any other `close` of that file
 * in this process, so nothing else opens it.
 * @throws {FolderOwned} somebody owns it; says who and how to work through them.
 * @throws {FolderRefused} the folder cannot be a data folder.
 */
export function acquireOwnership(dir: string, about: { readonly clock: Clock; readonly version: string }): OwnedFolder {
  const real = openPrivateFolder(resolve(dir), DATA_FOLDER_LANDMARKS, 'a Keyhouse data folder');
  const { dev, ino } = statSync(real, { bigint: true });
  const key = `${dev}:${ino}`;
  if (held.has(key)) throw new FolderOwned(real, readOwnerNote(real), true);

  const lock = lockFolder(real);
  const note: OwnerNote = {
    pid: process.pid,
    startedAt: about.clock.now(),
    socket: privateSocketPath(real),
    version: about.version,
  };
  try {
    writeOwnerNote(real, note);
  } catch (error) {
    lock.close();
    throw error;
  }
  held.set(key, lock);
  return {
    dir: real,
    note,
    release() {
      if (held.get(key) !== lock) return;
      rmSync(join(real, OWNER_NOTE_FILE), { force: true });
      held.delete(key);
      lock.close();
    },
  };
}

function lockFolder(dir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dir, OWNER_LOCK_FILE), { timeout: LOCK_WAIT_MS });
  try {
    // In WAL mode an exclusive transaction does not keep readers out; this file must never be in it.
    lock.exec('PRAGMA journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) throw new FolderOwned(dir, readOwnerNote(dir), false);
    throw error;
  }
}

function describeOwner(dir: string, owner: OwnerNote | null, byThisProcess: boolean): string {
  if (byThisProcess) {
    return `${dir} is already open in this process. Share that instance, or close it first.`;
  }
  if (owner === null) return `${dir} is being opened by another process at this moment. Try again.`;
  const since = new Date(owner.startedAt).toISOString();
  return (
    `${dir} is in use by process ${owner.pid} (Keyhouse ${owner.version}, since ${since}), and one process owns a data folder. ` +
    `Work through it: the keyhouse command does so by itself, an application with createKeyhouse({ attach: true }); ` +
    `its private socket is ${owner.socket}. Or stop process ${owner.pid} first.`
  );
}

function isBusy(error: unknown): boolean {
  // The low byte is the primary result code; extended codes carry more above it.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

function processWideMap(name: string): Map<string, DatabaseSync> {
  const owner = globalThis as unknown as Record<symbol, Map<string, DatabaseSync> | undefined>;
  const key = Symbol.for(name);
  const present = owner[key] ?? new Map<string, DatabaseSync>();
  owner[key] = present;
  return present;
}
