import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { ApiError, badInput } from './errors.ts';
import type { Values } from './fields.ts';
import { RESOURCES, type Resource } from './resources.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Page {
  readonly data: readonly Row[];
  /** Hand it back as `cursor` for the next page; null on the last one. */
  readonly next_cursor: string | null;
}

/**
 * The resources in SQLite. Every statement names the workspace of the caller, and references hold within it: no key ever
 * reaches what belongs to another customer.
 */
export class Storage {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('pragma journal_mode = wal; pragma foreign_keys = on;');
    for (const resource of RESOURCES) this.#database.exec(tableOf(resource));
  }

  list(resource: Resource, workspace: string, limit: number, cursor: number): Page {
    const rows = this.#all(
      `select seq, ${columnsOf(resource)} from ${resource.name} where workspace = ? and seq > ? order by seq limit ?`,
      workspace,
      cursor,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? String(page.at(-1)?.seq) : null;
    return { data: page.map(({ seq: _, ...row }) => row), next_cursor: last };
  }

  read(resource: Resource, workspace: string, id: string): Row | null {
    const select = `select ${columnsOf(resource)} from ${resource.name} where workspace = ? and id = ?`;
    return this.#all(select, workspace, id)[0] ?? null;
  }

  /** @throws {ApiError} a value names a row that is not there. */
  insert(resource: Resource, workspace: string, values: Values): Row {
    const now = new Date().toISOString();
    const id = `${resource.idPrefix}_${randomUUID().replaceAll('-', '')}`;
    const row: Values = { workspace, id, ...values, created_at: now, updated_at: now };
    const names = Object.keys(row);
    const insert = `insert into ${resource.name} (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) returning ${columnsOf(resource)}`;
    const [inserted] = holding(
      () => unknownReference(resource),
      () => this.#all(insert, ...Object.values(row)),
    );
    return inserted as Row;
  }

  /** @throws {ApiError} a value names a row that is not there. */
  update(resource: Resource, workspace: string, id: string, values: Values): Row | null {
    const changed: Values = { ...values, updated_at: new Date().toISOString() };
    const sets = Object.keys(changed).map((name) => `${name} = ?`);
    const update = `update ${resource.name} set ${sets.join(', ')} where workspace = ? and id = ? returning ${columnsOf(resource)}`;
    const [updated = null] = holding(
      () => unknownReference(resource),
      () => this.#all(update, ...Object.values(changed), workspace, id),
    );
    return updated;
  }

  /** @throws {ApiError} another row refers to this one. */
  remove(resource: Resource, workspace: string, id: string): Row | null {
    const remove = `delete from ${resource.name} where workspace = ? and id = ? returning id`;
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

function unknownReference({ fields }: Resource): ApiError {
  const [path, field] = Object.entries(fields).find(([, { refersTo }]) => refersTo !== null) ?? [''];
  return badInput({ path, message: `There is none of ${field?.refersTo} with this id.` });
}

/** Names come from the table of resources alone; what clients send is bound, never written into a statement. */
function columnsOf({ fields }: Resource): string {
  return ['id', ...Object.keys(fields), 'created_at', 'updated_at'].join(', ');
}

function tableOf({ name, fields }: Resource): string {
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
