/**
 * migrations: the shape of the data, forwards only. Names are executed in alphabetical order and never change once
 * released; a step only adds (expand), and takes away no sooner than a release after its last reader (contract), so that
 * two neighbouring versions run side by side.
 */
import type { Migration } from 'kysely/migration';
import { records } from './0001-records.ts';
import { history } from './0002-history.ts';
import { usage } from './0003-usage.ts';
import { denials } from './0004-denials.ts';
import { trialSightings, trials } from './0005-trials.ts';
import { people } from './0006-people.ts';
import { outbox } from './0007-outbox.ts';
import { tokenOrders } from './0008-token-orders.ts';
import { auditRequests, usageByHour } from './0009-oversight.ts';
import { identities } from './0010-identities.ts';
import { mailClaims } from './0011-mail-claims.ts';
import { portal } from './0012-portal.ts';
import { tokenStanding, usageSums } from './0013-sums.ts';
import { notices } from './0014-notices.ts';
import { rotation } from './0014-rotation.ts';
import { webhooks } from './0015-webhooks.ts';
import { auditCheckpoints } from './0016-audit.ts';
import { reminders } from './0017-reminders.ts';
import { alerts, sightings } from './0018-alerts.ts';
import { useDetails } from './0019-use-details.ts';
import { useSamples } from './0019-use-samples.ts';
import { imports } from './0021-imports.ts';
import { staffSessions } from './0022-staff-sessions.ts';
import type { ColumnTypes } from './column-types.ts';

export { type ColumnTypes, postgresTypes, sqliteTypes } from './column-types.ts';

export type MigrationSet = Readonly<Record<string, Migration>>;

/** What belongs to the authority. */
export function authorityMigrations(types: ColumnTypes): MigrationSet {
  return {
    '0001-records': records(types),
    '0002-history': history(types),
    '0005-trials': trials(types),
    '0006-people': people(types),
    '0007-outbox': outbox(types),
    '0008-token-orders': tokenOrders(),
    '0009-audit-requests': auditRequests(),
    '0010-identities': identities(types),
    '0011-mail-claims': mailClaims(types),
    '0012-portal': portal(types),
    '0013-token-standing': tokenStanding(),
    '0014-notices': notices(types),
    '0014-rotation': rotation(types),
    '0015-webhooks': webhooks(types),
    '0016-audit': auditCheckpoints(types),
    '0017-reminders': reminders(types),
    '0018-alerts': alerts(types),
    '0021-imports': imports(types),
    '0022-staff-sessions': staffSessions(types),
  };
}

/** What is counted, and what was refused lately; a file of its own on SQLite. */
export function usageMigrations(types: ColumnTypes): MigrationSet {
  return {
    '0003-usage': usage(types),
    '0004-denials': denials(types),
    '0005-trial-sightings': trialSightings(types),
    '0009-usage-by-hour': usageByHour(),
    '0013-usage-sums': usageSums(types),
    '0018-sightings': sightings(types),
    '0019-use-details': useDetails(types),
    '0019-use-samples': useSamples(types),
  };
}
