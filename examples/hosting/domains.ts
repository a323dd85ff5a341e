import { createHash, randomBytes } from 'node:crypto';
import { ApiError, badInput } from '../kit/api-error.ts';
import type { Page, Row } from '../kit/tables.ts';
import type { Accounts } from './accounts.ts';
import { addYears, DAY_MS } from './calendar.ts';
import type { Database } from './database.ts';
import { type DomainChanges, isHostName, type RegisterInput } from './fields.ts';
import { DOMAIN_PRICES_CENTS, NAMESERVERS } from './offer.ts';

interface DomainRow {
  readonly seq: number;
  readonly workspace: string;
  readonly name: string;
  readonly registered_at: string;
  readonly expires_at: string;
  readonly auto_renew: number;
  readonly transfer_lock: number;
  readonly nameservers: string;
  readonly auth_code_digest: string | null;
  readonly updated_at: string;
}

const YEARS_AHEAD_MAX = 10;
/** How long an expired name waits for its owner before anybody may register it. */
const WAITING_DAYS = 30;

/** Names, who has them, and until when. */
export class Domains {
  readonly #database: Database;
  readonly #accounts: Accounts;
  readonly #now: () => Date;

  constructor(database: Database, accounts: Accounts, now: () => Date) {
    this.#database = database;
    this.#accounts = accounts;
    this.#now = now;
  }

  list(workspace: string, limit: number, cursor: number): Page {
    const select = 'select * from domains where workspace = ? and seq > ? order by seq limit ?';
    const rows = (count: number) => this.#database.all<DomainRow>(select, workspace, cursor, count);
    return this.#database.page(limit, rows, (row) => this.#shown(row));
  }

  read(workspace: string, name: string): Row {
    return this.#shown(this.#own(workspace, name));
  }

  has(workspace: string, name: string): boolean {
    return this.#database.one('select 1 from domains where workspace = ? and name = ?', workspace, name) !== null;
  }

  /** @throws {ApiError} the name is taken, or none that is sold here. */
  register(workspace: string, { name, years, auto_renew = false, nameservers = NAMESERVERS }: RegisterInput): Row {
    const canonical = name.toLowerCase();
    const price = priceOf(canonical);
    const now = this.#now();
    return this.#database.together(() => {
      const released = new Date(now.getTime() - WAITING_DAYS * DAY_MS).toISOString();
      this.#database.all(
        'delete from domains where name = ? and auto_renew = 0 and expires_at <= ?',
        canonical,
        released,
      );
      if (this.#database.one('select 1 from domains where name = ?', canonical) !== null) {
        throw conflict(`The name ${canonical} is registered already.`);
      }
      const expires = addYears(now, years).toISOString();
      this.#database.all(
        `insert into domains (workspace, name, registered_at, expires_at, auto_renew, transfer_lock, nameservers, updated_at)
         values (?, ?, ?, ?, ?, 1, ?, ?)`,
        workspace,
        canonical,
        now.toISOString(),
        expires,
        Number(auto_renew),
        JSON.stringify(nameservers),
        now.toISOString(),
      );
      return this.#billed(workspace, canonical, `Registration of ${canonical}, ${inYears(years)}`, price * years);
    });
  }

  /** Locking a name also withdraws its auth code. */
  change(workspace: string, name: string, { auto_renew, transfer_lock, nameservers }: DomainChanges): Row {
    const { name: canonical } = this.#own(workspace, name);
    const numeric = (value: boolean | undefined) => (value === undefined ? null : Number(value));
    this.#database.all(
      `update domains set auto_renew = coalesce(?, auto_renew), transfer_lock = coalesce(?, transfer_lock),
       nameservers = coalesce(?, nameservers), auth_code_digest = iif(? = 1, null, auth_code_digest), updated_at = ?
       where name = ?`,
      numeric(auto_renew),
      numeric(transfer_lock),
      nameservers === undefined ? null : JSON.stringify(nameservers),
      numeric(transfer_lock),
      this.#now().toISOString(),
      canonical,
    );
    return this.read(workspace, canonical);
  }

  /** The years begin where the paid ones end. @throws {ApiError} more than ten years would lie ahead. */
  renew(workspace: string, name: string, years: number): Row {
    return this.#database.together(() => {
      const { name: canonical, expires_at } = this.#own(workspace, name);
      const expires = addYears(new Date(expires_at), years);
      if (expires > addYears(this.#now(), YEARS_AHEAD_MAX)) {
        throw conflict(
          `The name ${canonical} runs until ${expires_at}, and no name can be paid more than ten years ahead.`,
        );
      }
      const update = 'update domains set expires_at = ?, updated_at = ? where name = ?';
      this.#database.all(update, expires.toISOString(), this.#now().toISOString(), canonical);
      const price = priceOf(canonical) * years;
      return this.#billed(workspace, canonical, `Renewal of ${canonical}, ${inYears(years)}`, price);
    });
  }

  /** A new auth code, which ends the one before. Only its digest is kept. @throws {ApiError} the name is locked. */
  newAuthCode(workspace: string, name: string): Row {
    const { name: canonical, transfer_lock } = this.#own(workspace, name);
    if (transfer_lock === 1) {
      throw conflict(`The name ${canonical} is locked against transfers. Set transfer_lock to false first.`);
    }
    const code = randomBytes(18).toString('base64url');
    this.#database.all('update domains set auth_code_digest = ? where name = ?', digestOf(code), canonical);
    return { name: canonical, auth_code: code };
  }

  /**
   * Takes a name over from another customer, with its records and one more year.
   * @throws {ApiError} alike for a name that is not there, is locked, or has another code: nobody learns what others have.
   */
  transfer(workspace: string, name: string, code: string): Row {
    return this.#database.together(() => {
      const row = this.#find(name);
      if (row !== null && row.workspace === workspace) throw conflict(`The name ${row.name} is yours already.`);
      if (row === null || row.transfer_lock === 1 || row.auth_code_digest !== digestOf(code)) {
        throw badInput({ path: 'auth_code', message: 'No name that can be transferred has this auth code.' });
      }
      const ahead = addYears(new Date(row.expires_at), 1);
      const latest = addYears(this.#now(), YEARS_AHEAD_MAX);
      this.#database.all(
        `update domains set workspace = ?, expires_at = ?, auto_renew = 0, transfer_lock = 1, auth_code_digest = null,
         updated_at = ? where name = ?`,
        workspace,
        (ahead < latest ? ahead : latest).toISOString(),
        this.#now().toISOString(),
        row.name,
      );
      return this.#billed(workspace, row.name, `Transfer of ${row.name}, ${inYears(1)}`, priceOf(row.name));
    });
  }

  /** Renews what has come to its end and shall go on. */
  renewDue(): void {
    const due = 'select * from domains where auto_renew = 1 and expires_at <= ?';
    for (const { workspace, name } of this.#database.all<DomainRow>(due, this.#now().toISOString())) {
      if (soldFor(name) !== null) this.renew(workspace, name, 1);
    }
  }

  #find(name: string): DomainRow | null {
    return this.#database.one<DomainRow>('select * from domains where name = ?', name.toLowerCase());
  }

  #own(workspace: string, name: string): DomainRow {
    const row = this.#find(name);
    if (row === null || row.workspace !== workspace) {
      throw new ApiError(404, 'not_found', 'You have no domain of this name.');
    }
    return row;
  }

  #billed(workspace: string, name: string, description: string, amount_cents: number): Row {
    return { ...this.read(workspace, name), invoice_id: this.#accounts.bill(workspace, { description, amount_cents }) };
  }

  #shown({ name, registered_at, expires_at, auto_renew, transfer_lock, nameservers, updated_at }: DomainRow): Row {
    return {
      name,
      status: expires_at <= this.#now().toISOString() ? 'expired' : 'active',
      registered_at,
      expires_at,
      auto_renew: auto_renew === 1,
      transfer_lock: transfer_lock === 1,
      nameservers: JSON.parse(nameservers),
      updated_at,
    };
  }
}

/** Cents for a year, or null where this hoster does not sell names like that. */
function soldFor(name: string): number | null {
  const [, ending = '', ...further] = name.split('.');
  const isSold = isHostName(name) && further.length === 0 && Object.hasOwn(DOMAIN_PRICES_CENTS, ending);
  return isSold ? (DOMAIN_PRICES_CENTS[ending] ?? null) : null;
}

/** @throws {ApiError} this hoster does not sell names like that. */
function priceOf(name: string): number {
  const price = soldFor(name);
  if (price !== null) return price;
  const endings = Object.keys(DOMAIN_PRICES_CENTS).map((one) => `.${one}`);
  throw badInput({
    path: 'name',
    message: `A name of letters, digits and hyphens that ends in ${endings.join(', ')}.`,
  });
}

/** Codes are random enough for a plain digest. */
function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function inYears(years: number): string {
  return years === 1 ? '1 year' : `${years} years`;
}

function conflict(message: string): ApiError {
  return new ApiError(409, 'conflict', message);
}
