import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { QueryOutcome } from './thread-protocol.ts';

const STATEMENTS_MAX = 300;

interface Prepared {
  readonly statement: StatementSync;
  readonly returnsRows: boolean;
}

export interface ConnectionOptions {
  readonly readOnly: boolean;
  /** How long SQLite itself waits for a lock. */
  readonly timeoutMs: number;
  readonly pragmas: readonly string[];
  /** A second file whose tables are found by their names too, where the first has none of that name. */
  readonly beside?: string | undefined;
}

/** One open SQLite file with its prepared statements. Synchronous, on whatever thread it is used. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  /** Least recently used first. */
  readonly #prepared = new Map<string, Prepared>();

  constructor(file: string, { readOnly, timeoutMs, pragmas, beside }: ConnectionOptions) {
    this.#database = new DatabaseSync(file, { readOnly, timeout: timeoutMs, enableForeignKeyConstraints: true });
    try {
      if (beside !== undefined) this.#database.prepare('attach database ? as beside').run(beside);
      for (const pragma of pragmas) this.#database.exec(`pragma ${pragma}`);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get isTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Runs a statement once, unprepared. */
  exec(sql: string): QueryOutcome {
    this.#database.exec(sql);
    return { rows: [], changes: 0 };
  }

  query(sql: string, parameters: readonly unknown[]): QueryOutcome {
    const { statement, returnsRows } = this.#prepare(sql);
    const bound = parameters.map(toBindable);
    // The empty object takes the place of named parameters: an object in first position would silently be read as those.
    if (returnsRows) return { rows: statement.all({}, ...bound), changes: 0 };
    return { rows: [], changes: Number(statement.run({}, ...bound).changes) };
  }

  /** A statement of the caller's own whose rows come as arrays, in the order of the select list. */
  prepareArrays(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  close(): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, known);
      return known;
    }
    const statement = this.#database.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > STATEMENTS_MAX) {
      const oldest = this.#prepared.keys().next();
      if (!oldest.done) this.#prepared.delete(oldest.value);
    }
    return prepared;
  }
}

function toBindable(value: unknown): SQLInputValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return null;
    default:
      if (value === null || value instanceof Uint8Array) return value;
      throw new TypeError('only text, numbers, booleans, bytes and null can be stored');
  }
}
