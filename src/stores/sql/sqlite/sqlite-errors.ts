import { StorageBusy, StorageUnavailable, UniqueViolation } from '../../../ports/index.ts';
import type { SqliteFailure } from './thread-protocol.ts';

const BUSY = new Set([5, 6]);
const ABORT = 4;
const CONSTRAINT_PRIMARY_KEY = 1555;
const CONSTRAINT_UNIQUE = 2067;

/**
 * Primary result codes after which a handle is not used again: no memory, read-only, I/O error, corrupt, full, cannot
 * open, locking protocol, not a database. After a failed fsync nothing is known about what the file holds.
 */
const MEDIUM = new Set([7, 8, 10, 11, 13, 14, 15, 26]);

/** `table.column` of a unique index → the port's name of the constraint; of a primary key the table's name is told. */
const CONSTRAINTS: Readonly<Record<string, string>> = {
  'token.digest': 'digest',
  'token.sole_key': 'sole_key',
  'owner.external_id': 'owner_external_id',
  'owner.email': 'owner_email',
  'workspace.external_id': 'workspace_external_id',
  'workspace.is_home': 'workspace_home',
  'role.name': 'role_name',
  'idempotency.key_digest': 'idempotency',
  'session.digest': 'session_digest',
  'portal_session.link_digest': 'portal_link',
  'portal_session.digest': 'portal_digest',
  'staff_session.link_digest': 'staff_link',
  'staff_session.digest': 'staff_digest',
  'linked_identity.owner_id, linked_identity.issuer': 'linked_identity_owner',
};

export function describeFailure(error: unknown): SqliteFailure {
  if (!(error instanceof Error)) return { message: String(error), errcode: null };
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;
  return { message: error.message, errcode };
}

/** Whether the handle that failed so must be closed and opened anew. */
export function isPoisonous({ errcode }: SqliteFailure): boolean {
  return errcode !== null && MEDIUM.has(errcode & 0xff);
}

/** The one place where SQLite's errors become ours. What is not named here is a defect and stays a plain error. */
export function toStorageError(failure: SqliteFailure): Error {
  const { message, errcode } = failure;
  const cause = new Error(errcode === null ? message : `${message} (SQLite ${errcode})`);
  if (errcode === null) return cause;
  if (BUSY.has(errcode & 0xff)) return new StorageBusy('another writer holds the database', { cause });
  if ((errcode & 0xff) === ABORT) return new StorageUnavailable(message, { cause });
  if (MEDIUM.has(errcode & 0xff)) return new StorageUnavailable(`the database file failed: ${message}`, { cause });
  if (errcode === CONSTRAINT_UNIQUE || errcode === CONSTRAINT_PRIMARY_KEY) {
    const column = message.slice(message.indexOf(': ') + 2);
    return new UniqueViolation(CONSTRAINTS[column] ?? column.replace(/\..*/, ''), { cause });
  }
  return cause;
}
