import { Accounts } from './accounts.ts';
import { Database } from './database.ts';
import { Domains } from './domains.ts';
import { HostingServices } from './hosting-services.ts';
import { Records } from './records.ts';

/** What the company does and keeps, whoever asks. */
export interface Hoster {
  readonly accounts: Accounts;
  readonly domains: Domains;
  readonly records: Records;
  readonly services: HostingServices;
  /** Renews and bills whatever has come to its end. Called at the start and every hour. */
  settle(): void;
  close(): void;
}

export function openHoster(file: string, now: () => Date = () => new Date()): Hoster {
  const database = new Database(file);
  const accounts = new Accounts(database, now);
  const domains = new Domains(database, accounts, now);
  const services = new HostingServices(database, domains, accounts, now);
  return {
    accounts,
    domains,
    records: new Records(database, domains, now),
    services,
    settle() {
      domains.renewDue();
      services.billDue();
    },
    close: () => database.close(),
  };
}
