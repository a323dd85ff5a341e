import { ApiError, badInput } from '../kit/api-error.ts';
import type { Page, Row } from '../kit/tables.ts';
import type { Accounts } from './accounts.ts';
import { addMonths } from './calendar.ts';
import { type Database, newId } from './database.ts';
import type { Domains } from './domains.ts';
import type { OrderInput } from './fields.ts';
import { PLAN_PRICES_CENTS, type Plan } from './offer.ts';

interface ServiceRow {
  readonly seq: number;
  readonly workspace: string;
  readonly id: string;
  readonly plan: Plan;
  readonly domain: string | null;
  readonly ordered_at: string;
  readonly paid_until: string;
  readonly cancelled_at: string | null;
  readonly updated_at: string;
}

/** Web hosting by the month: ordered, moved between plans, cancelled to the end of the month that is paid. */
export class HostingServices {
  readonly #database: Database;
  readonly #domains: Domains;
  readonly #accounts: Accounts;
  readonly #now: () => Date;

  constructor(database: Database, domains: Domains, accounts: Accounts, now: () => Date) {
    this.#database = database;
    this.#domains = domains;
    this.#accounts = accounts;
    this.#now = now;
  }

  list(workspace: string, limit: number, cursor: number): Page {
    const select = 'select * from services where workspace = ? and seq > ? order by seq limit ?';
    const rows = (count: number) => this.#database.all<ServiceRow>(select, workspace, cursor, count);
    return this.#database.page(limit, rows, (row) => this.#shown(row));
  }

  read(workspace: string, id: string): Row {
    return this.#shown(this.#find(workspace, id));
  }

  /** @throws {ApiError} the domain is not one of the workspace. */
  order(workspace: string, { plan, domain = null }: OrderInput): Row {
    const name = domain?.toLowerCase() ?? null;
    if (name !== null && !this.#domains.has(workspace, name)) {
      throw badInput({ path: 'domain', message: 'You have no domain of this name; register or transfer it first.' });
    }
    return this.#database.together(() => {
      const id = newId('hst');
      const now = this.#now();
      this.#database.all(
        `insert into services (workspace, id, plan, domain, ordered_at, paid_until, updated_at) values (?, ?, ?, ?, ?, ?, ?)`,
        workspace,
        id,
        plan,
        name,
        now.toISOString(),
        addMonths(now, 1).toISOString(),
        now.toISOString(),
      );
      return this.#billed(workspace, id, `Hosting ${plan}, 1 month`, PLAN_PRICES_CENTS[plan]);
    });
  }

  /** A larger plan is billed with the difference; a smaller one costs less from the next month on. */
  changePlan(workspace: string, id: string, plan: Plan): Row {
    return this.#database.together(() => {
      const service = this.#running(workspace, id);
      if (service.plan === plan) throw conflict(`This service has the plan ${plan} already.`);
      const update = 'update services set plan = ?, updated_at = ? where id = ?';
      this.#database.all(update, plan, this.#now().toISOString(), id);
      const difference = PLAN_PRICES_CENTS[plan] - PLAN_PRICES_CENTS[service.plan];
      if (difference <= 0) return { ...this.read(workspace, id), invoice_id: null };
      return this.#billed(workspace, id, `Hosting from ${service.plan} to ${plan}`, difference);
    });
  }

  /** It goes on until what is paid has run out. */
  cancel(workspace: string, id: string): Row {
    this.#running(workspace, id);
    const now = this.#now().toISOString();
    this.#database.all('update services set cancelled_at = ?, updated_at = ? where id = ?', now, now, id);
    return this.read(workspace, id);
  }

  /** Bills another month of what goes on. */
  billDue(): void {
    const due = 'select * from services where cancelled_at is null and paid_until <= ?';
    for (const { workspace, id, plan, paid_until } of this.#database.all<ServiceRow>(due, this.#now().toISOString())) {
      this.#database.together(() => {
        const until = addMonths(new Date(paid_until), 1).toISOString();
        this.#database.all('update services set paid_until = ? where id = ?', until, id);
        const line = { description: `Hosting ${plan}, 1 month`, amount_cents: PLAN_PRICES_CENTS[plan] };
        this.#accounts.bill(workspace, line);
      });
    }
  }

  #running(workspace: string, id: string): ServiceRow {
    const service = this.#find(workspace, id);
    if (service.cancelled_at !== null) throw conflict(`This service was cancelled and ends on ${service.paid_until}.`);
    return service;
  }

  #find(workspace: string, id: string): ServiceRow {
    const row = this.#database.one<ServiceRow>('select * from services where workspace = ? and id = ?', workspace, id);
    if (row === null) throw new ApiError(404, 'not_found', 'You have no hosting service with this id.');
    return row;
  }

  #billed(workspace: string, id: string, description: string, amount_cents: number): Row {
    return { ...this.read(workspace, id), invoice_id: this.#accounts.bill(workspace, { description, amount_cents }) };
  }

  #shown({ id, plan, domain, ordered_at, paid_until, cancelled_at, updated_at }: ServiceRow): Row {
    const isOver = cancelled_at !== null && paid_until <= this.#now().toISOString();
    const status = cancelled_at === null ? 'active' : isOver ? 'ended' : 'cancelled';
    return { id, plan, domain, status, ordered_at, paid_until, cancelled_at, updated_at };
  }
}

function conflict(message: string): ApiError {
  return new ApiError(409, 'conflict', message);
}
