import { ApiError, badInput } from '../kit/api-error.ts';
import type { Page, Row } from '../kit/tables.ts';
import { type Database, newId } from './database.ts';
import type { Domains } from './domains.ts';
import type { RecordChanges, RecordInput } from './fields.ts';
import { conflictWith, type DnsRecord, problemsOf, type RecordType } from './record-values.ts';

interface RecordRow extends DnsRecord {
  readonly seq: number;
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

const TTL_SECONDS = 3_600;
const COLUMNS = 'seq, id, name, type, value, priority, ttl, created_at, updated_at';

/** DNS records of the domains that a workspace has. */
export class Records {
  readonly #database: Database;
  readonly #domains: Domains;
  readonly #now: () => Date;

  constructor(database: Database, domains: Domains, now: () => Date) {
    this.#database = database;
    this.#domains = domains;
    this.#now = now;
  }

  list(workspace: string, domain: string, limit: number, cursor: number): Page {
    const name = this.#own(workspace, domain);
    const select = `select ${COLUMNS} from records where domain = ? and seq > ? order by seq limit ?`;
    const rows = (count: number) => this.#database.all<RecordRow>(select, name, cursor, count);
    return this.#database.page(limit, rows, shown);
  }

  read(workspace: string, domain: string, id: string): Row {
    return shown(this.#find(this.#own(workspace, domain), id));
  }

  /** @throws {ApiError} the value does not fit its type, or the record cannot stand beside those that are there. */
  create(workspace: string, domain: string, input: RecordInput): Row {
    const { name, type, value, ttl = TTL_SECONDS, priority = null } = input;
    const record = canonical({ name, type: type as RecordType, value, ttl, priority });
    const of = this.#own(workspace, domain);
    return this.#database.together(() => {
      this.#check(of, record, null);
      const id = newId('rec');
      const now = this.#now().toISOString();
      this.#database.all(
        `insert into records (domain, id, name, type, value, priority, ttl, created_at, updated_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        of,
        id,
        record.name,
        record.type,
        record.value,
        record.priority,
        record.ttl,
        now,
        now,
      );
      return this.read(workspace, of, id);
    });
  }

  /** @throws {ApiError} as for a new one; its type stays. */
  change(workspace: string, domain: string, id: string, changes: RecordChanges): Row {
    const of = this.#own(workspace, domain);
    return this.#database.together(() => {
      const record = canonical({ ...this.#find(of, id), ...changes });
      this.#check(of, record, id);
      this.#database.all(
        'update records set name = ?, value = ?, priority = ?, ttl = ?, updated_at = ? where domain = ? and id = ?',
        record.name,
        record.value,
        record.priority,
        record.ttl,
        this.#now().toISOString(),
        of,
        id,
      );
      return this.read(workspace, of, id);
    });
  }

  remove(workspace: string, domain: string, id: string): void {
    const of = this.#own(workspace, domain);
    this.#find(of, id);
    this.#database.all('delete from records where domain = ? and id = ?', of, id);
  }

  #check(domain: string, record: DnsRecord, id: string | null): void {
    const problems = problemsOf(domain, record);
    if (problems.length > 0) throw badInput(...problems);
    const others = 'select * from records where domain = ? and id is not ?';
    const conflict = conflictWith(this.#database.all<RecordRow>(others, domain, id), record);
    if (conflict !== null) throw new ApiError(409, 'conflict', conflict);
  }

  #own(workspace: string, domain: string): string {
    return String(this.#domains.read(workspace, domain).name);
  }

  #find(domain: string, id: string): RecordRow {
    const select = `select ${COLUMNS} from records where domain = ? and id = ?`;
    const row = this.#database.one<RecordRow>(select, domain, id);
    if (row === null) throw new ApiError(404, 'not_found', 'This domain has no record with this id.');
    return row;
  }
}

/** Names are compared without regard to case, so they are kept in small letters; a text stays as it is. */
function canonical(record: DnsRecord): DnsRecord {
  const { name, type, value } = record;
  const isText = type === 'TXT' || type === 'CAA';
  return { ...record, name: name.toLowerCase(), value: isText ? value : value.toLowerCase() };
}

function shown({ seq: _, ...row }: RecordRow): Row {
  return row;
}
