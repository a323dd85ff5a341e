import pg from 'pg';
import { StorageBusy, StorageUnavailable, UniqueViolation } from '../../../ports/index.ts';

const UNIQUE_VIOLATION = '23505';
/**
 * Lock not available in time, serialisation failure, deadlock, a row that was referred to is gone since it was read:
 * nothing was written, and another try finds out what is so now.
 */
const BUSY = new Set(['55P03', '40001', '40P01', '23503']);
/**
 * Classes of a server that cannot serve now: connection, invalid transaction state (read-only, or ended while idle),
 * authorisation, no such database, resources, cancelled or shutting down, system, configuration, internal.
 */
const UNAVAILABLE_CLASSES = new Set(['08', '25', '28', '3D', '53', '57', '58', 'F0', 'XX']);

/**
 * The one place where PostgreSQL's errors become ours. The server's `detail` quotes values of rows and is not kept. What
 * is not named here is a defect and stays a plain error.
 */
export function toStorageError(error: unknown): Error {
  if (isOurs(error)) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) {
    // A TypeError is a mistake of the caller; all else without a code of the server's comes from the connection.
    if (error instanceof TypeError) return error;
    return new StorageUnavailable(`PostgreSQL cannot be reached: ${describe(error)}`);
  }
  const cause = new Error(`${error.message} (SQLSTATE ${error.code})`);
  if (error.code === UNIQUE_VIOLATION) {
    // Our unique indexes are `unique_` and the port's name of the constraint; of a primary key the table's name is told.
    return new UniqueViolation((error.constraint ?? '').replace(/^unique_|_pkey$/, ''), { cause });
  }
  if (BUSY.has(error.code)) return new StorageBusy('another change holds a row of this one', { cause });
  if (UNAVAILABLE_CLASSES.has(error.code.slice(0, 2))) {
    return new StorageUnavailable(`PostgreSQL refused: ${error.message}`, { cause });
  }
  return cause;
}

function isOurs(error: unknown): error is Error {
  return error instanceof StorageBusy || error instanceof StorageUnavailable || error instanceof UniqueViolation;
}

function describe(error: Error): string {
  // Both addresses of a host name failed: the outer error says nothing.
  if (error instanceof AggregateError) return error.errors.map((inner) => (inner as Error).message).join(', ');
  return error.message;
}
