import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { ApiError, badInput } from './api-error.ts';
import type { Fields, Values } from './fields.ts';

/** One kind of thing that a company keeps. */
export interface Table {
  readonly name: string;
  readonly idPrefix: string;
  readonly fields: Fields;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Page {
  readonly data: readonly Row[];
  /** Hand it back as `cursor` for the next page; null on the last one. */
  readonly next_cursor: string | null;
}

/**
 * Tables in SQLite. Every statement names the workspace of the caller, and references hold within it: no key ever
 * reaches what belongs to another customer.
 */
export class Tables {
  readonly #database: DatabaseSync;

  /** @param tables what a row refers to stands above it. */
  constructor(file: string, tables: readonly Table[]) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('pragma journal_mode = wal; pragma foreign_keys = on;');
    for (const table of tables) this.#database.exec(definitionOf(table));
  }

  list(table: Table, workspace: string, limit: number, cursor: number): Page {
    const rows = this.#all(
      `select seq, ${columnsOf(table)} from ${table.name} where workspace = ? and seq > ? order by seq limit ?`,
      workspace,
      cursor,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? String(page.at(-1)?.seq) : null;
    return { data: page.map(({ seq: _, ...row }) => row), next_cursor: last };
  }

  read(table: Table, workspace: string, id: string): Row | null {
    const select = `select ${columnsOf(table)} from ${table.name} where workspace = ? and id = ?`;
    return this.#all(select, workspace, id)[0] ?? null;
  }

  /** @throws {ApiError} a value names a row that is not there. */
  insert(table: Table, workspace: string, values: Values): Row {
    const now = new Date().toISOString();
    const id = `${table.idPrefix}_${randomUUID().replaceAll('-', '')}`;
    const row: Values = { workspace, id, ...values, created_at: now, updated_at: now };
    const names = Object.keys(row);
    const insert = `insert into ${table.name} (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) returning ${columnsOf(table)}`;
    const [inserted] = holding(
      () => unknownReference(table),
      () => this.#all(insert, ...Object.values(row)),
    );
    return inserted as Row;
  }

  /** @throws {ApiError} a value names a row that is not there. */
  update(table: Table, workspace: string, id: string, values: Values): Row | null {
    const changed: Values = { ...values, updated_at: new Date().toISOString() };
    const sets = Object.keys(changed).map((name) => `${name} = ?`);
    const update = `update ${table.name} set ${sets.join(', ')} where workspace = ? and id = ? returning ${columnsOf(table)}`;
    const [updated = null] = holding(
      () => unknownReference(table),
      () => this.#all(update, ...Object.values(changed), workspace, id),
    );
    return updated;
  }

  /** @throws {ApiError} another row refers to this one. */
  remove(table: Table, workspace: string, id: string): Row | null {
    const remove = `delete from ${table.name} where workspace = ? and id = ? returning id`;
    const inUse = () => new ApiError(409, 'conflict', 'Something else still refers to this.');
    return holding(inUse, () => this.#all(remove, workspace, id)[0] ?? null);
  }

  close(): void {
    this.#database.close();
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    const rows = this.#database.prepare(sql).all(...values);
    return rows.map((row) => ({ ...row }));
  }
}

/** SQLITE_CONSTRAINT_FOREIGNKEY. */
const FOREIGN_KEY_VIOLATED = 787;

function holding<T>(violated: () => ApiError, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw (error as { readonly errcode?: number }).errcode === FOREIGN_KEY_VIOLATED ? violated() : error;
  }
}

function unknownReference({ fields }: Table): ApiError {
  const [path, field] = Object.entries(fields).find(([, { refersTo }]) => refersTo !== null) ?? [''];
  return badInput({ path, message: `None of the ${field?.refersTo} has this id.` });
}

/** Names come from the tables alone; what clients send is bound, never written into a statement. */
function columnsOf({ fields }: Table): string {
  return ['id', ...Object.keys(fields), 'created_at', 'updated_at'].join(', ');
}

function definitionOf({ name, fields }: Table): string {
  const entries = Object.entries(fields);
  const lines = [
    'seq integer primary key autoincrement',
    'workspace text not null',
    'id text not null',
    ...entries.map(([column, field]) => `${column} ${field.column}${field.isOptional ? '' : ' not null'}`),
    'created_at text not null',
    'updated_at text not null',
    'unique (workspace, id)',
    ...entries.flatMap(([column, { refersTo }]) =>
      refersTo === null ? [] : [`foreign key (workspace, ${column}) references ${refersTo} (workspace, id)`],
    ),
  ];
  return `create table if not exists ${name} (${lines.join(', ')}) strict`;
}
