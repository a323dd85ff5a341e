import { alertCases } from './store-cases/alert-cases.ts';
import { checkpointCases } from './store-cases/checkpoint-cases.ts';
import { denialCases } from './store-cases/denial-cases.ts';
import { factsCases } from './store-cases/facts-cases.ts';
import { historyCases } from './store-cases/history-cases.ts';
import { importCases } from './store-cases/import-cases.ts';
import { noticeCases } from './store-cases/notice-cases.ts';
import { oversightCases } from './store-cases/oversight-cases.ts';
import { ownerCases } from './store-cases/owner-cases.ts';
import { peopleCases } from './store-cases/people-cases.ts';
import { portalCases } from './store-cases/portal-cases.ts';
import { reminderCases } from './store-cases/reminder-cases.ts';
import { rotationCases } from './store-cases/rotation-cases.ts';
import { sessionCases } from './store-cases/session-cases.ts';
import { staffCases } from './store-cases/staff-cases.ts';
import type { StoreCase } from './store-cases/store-case.ts';
import { tokenCases } from './store-cases/token-cases.ts';
import { tokenListCases } from './store-cases/token-list-cases.ts';
import { transactionCases } from './store-cases/transaction-cases.ts';
import { trialCases } from './store-cases/trial-cases.ts';
import { usageCases } from './store-cases/usage-cases.ts';
import { webhookCases } from './store-cases/webhook-cases.ts';

export type { StoreCase, StoreSubject } from './store-cases/store-case.ts';

/**
 * What every store promises, case by case. A runner opens one store, runs all cases on it, and names those that are left
 * out with the sentence they give. Cases share the store and bring their own data.
 */
export const storeConformance: readonly StoreCase[] = [
  ...transactionCases,
  ...tokenCases,
  ...tokenListCases,
  ...ownerCases,
  ...peopleCases,
  ...sessionCases,
  ...portalCases,
  ...staffCases,
  ...noticeCases,
  ...importCases,
  ...rotationCases,
  ...reminderCases,
  ...historyCases,
  ...checkpointCases,
  ...factsCases,
  ...usageCases,
  ...oversightCases,
  ...denialCases,
  ...alertCases,
  ...trialCases,
  ...webhookCases,
];
