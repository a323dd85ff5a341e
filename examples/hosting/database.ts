import { randomUUID } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Page } from '../kit/tables.ts';

/** A name is registered once, whoever has it. Everything else is found only together with its workspace. */
const SCHEMA = `
  create table if not exists accounts (
    workspace text primary key, company text, contact_name text, email text, phone text, street text, postal_code text,
    city text, country text, updated_at text
  ) strict;
  create table if not exists invoices (
    seq integer primary key autoincrement, workspace text not null, id text not null unique, number text not null unique,
    issued_at text not null, due_at text not null, currency text not null, total_cents integer not null, lines text not null
  ) strict;
  create table if not exists domains (
    seq integer primary key autoincrement, workspace text not null, name text not null unique, registered_at text not null,
    expires_at text not null, auto_renew integer not null, transfer_lock integer not null, nameservers text not null,
    auth_code_digest text, updated_at text not null
  ) strict;
  create table if not exists records (
    seq integer primary key autoincrement, domain text not null references domains (name) on delete cascade,
    id text not null unique, name text not null, type text not null, value text not null, priority integer,
    ttl integer not null, created_at text not null, updated_at text not null
  ) strict;
  create table if not exists services (
    seq integer primary key autoincrement, workspace text not null, id text not null unique, plan text not null,
    domain text, ordered_at text not null, paid_until text not null, cancelled_at text, updated_at text not null
  ) strict;
  create index if not exists invoices_of on invoices (workspace);
  create index if not exists domains_of on domains (workspace);
  create index if not exists records_of on records (domain);
  create index if not exists services_of on services (workspace);
`;

/** The hoster's own SQLite file. What clients send is bound, never written into a statement. */
export class Database {
  readonly #sqlite: DatabaseSync;

  constructor(file: string) {
    this.#sqlite = new DatabaseSync(file);
    this.#sqlite.exec('pragma journal_mode = wal; pragma foreign_keys = on;');
    this.#sqlite.exec(SCHEMA);
  }

  all<Row>(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    const rows = this.#sqlite.prepare(sql).all(...values);
    return rows.map((row) => ({ ...row }) as Row);
  }

  one<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | null {
    return this.all<Row>(sql, ...values)[0] ?? null;
  }

  /** @param select one row more than the page holds, each with its `seq`, in that order. */
  page<Row extends { readonly seq: number }>(
    limit: number,
    select: (limit: number) => readonly Row[],
    show: (row: Row) => Page['data'][number],
  ): Page {
    const rows = select(limit + 1);
    const page = rows.slice(0, limit);
    return { data: page.map(show), next_cursor: rows.length > limit ? String(page.at(-1)?.seq) : null };
  }

  /** All of it or nothing: what is sold and its invoice are written together. */
  together<T>(write: () => T): T {
    if (this.#sqlite.isTransaction) return write();
    this.#sqlite.exec('begin immediate');
    try {
      const written = write();
      this.#sqlite.exec('commit');
      return written;
    } catch (error) {
      this.#sqlite.exec('rollback');
      throw error;
    }
  }

  close(): void {
    this.#sqlite.close();
  }
}

export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}
