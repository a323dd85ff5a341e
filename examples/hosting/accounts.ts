import { ApiError } from '../kit/api-error.ts';
import type { Page, Row } from '../kit/tables.ts';
import { DAY_MS } from './calendar.ts';
import { type Database, newId } from './database.ts';
import { ACCOUNT, type AccountChanges } from './fields.ts';
import { CURRENCY } from './offer.ts';

export interface InvoiceLine {
  readonly description: string;
  readonly amount_cents: number;
}

interface InvoiceRow {
  readonly seq: number;
  readonly lines: string;
}

const PAYABLE_DAYS = 14;
const FIELDS = Object.keys(ACCOUNT);
const INVOICE_COLUMNS = 'seq, id, number, issued_at, due_at, currency, total_cents, lines';

/** Who the customers are, and what they were billed. */
export class Accounts {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
  }

  read(workspace: string): Row {
    const select = `select ${FIELDS.join(', ')}, updated_at from accounts where workspace = ?`;
    return this.#database.one<Row>(select, workspace) ?? NOTHING_KNOWN;
  }

  update(workspace: string, changes: AccountChanges): Row {
    const row: Record<string, string | null> = { ...changes, updated_at: this.#now().toISOString() };
    const names = Object.keys(row);
    this.#database.all(
      `insert into accounts (workspace, ${names.join(', ')}) values (?${', ?'.repeat(names.length)})
       on conflict (workspace) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      workspace,
      ...Object.values(row),
    );
    return this.read(workspace);
  }

  /** @returns the id of the new invoice. */
  bill(workspace: string, ...lines: readonly InvoiceLine[]): string {
    const issued = this.#now();
    const id = newId('inv');
    const total = lines.reduce((sum, { amount_cents }) => sum + amount_cents, 0);
    const count = this.#database.one<{ last: number }>('select coalesce(max(seq), 0) as last from invoices')?.last ?? 0;
    this.#database.all(
      `insert into invoices (workspace, id, number, issued_at, due_at, currency, total_cents, lines)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      workspace,
      id,
      `${issued.getUTCFullYear()}-${String(count + 1).padStart(6, '0')}`,
      issued.toISOString(),
      new Date(issued.getTime() + PAYABLE_DAYS * DAY_MS).toISOString(),
      CURRENCY,
      total,
      JSON.stringify(lines),
    );
    return id;
  }

  invoices(workspace: string, limit: number, cursor: number): Page {
    const select = `select ${INVOICE_COLUMNS} from invoices where workspace = ? and seq > ? order by seq limit ?`;
    const rows = (count: number) => this.#database.all<InvoiceRow>(select, workspace, cursor, count);
    return this.#database.page(limit, rows, invoiceOf);
  }

  /** @throws {ApiError} there is none in this workspace. */
  invoice(workspace: string, id: string): Row {
    const select = `select ${INVOICE_COLUMNS} from invoices where workspace = ? and id = ?`;
    const row = this.#database.one<InvoiceRow>(select, workspace, id);
    if (row === null) throw new ApiError(404, 'not_found', 'You have no invoice with this id.');
    return invoiceOf(row);
  }
}

const NOTHING_KNOWN: Row = Object.fromEntries([...FIELDS, 'updated_at'].map((name) => [name, null]));

function invoiceOf({ seq: _, lines, ...row }: InvoiceRow): Row {
  return { ...row, lines: JSON.parse(lines) };
}
