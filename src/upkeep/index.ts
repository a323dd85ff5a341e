/**
 * upkeep: what Keyhouse does by itself and on time, one job per file: a value that is told the time. It refuses to know a
 * clock, to depend on being run in time or once, and to change anything past `changes/`.
 */
import { clearAway } from './clear-away.ts';
import type { Job } from './job.ts';
import { raiseAlerts } from './raise-alerts.ts';
import { remind } from './remind.ts';
import { rotationsDue } from './rotations-due.ts';
import { sealAudit } from './seal-audit.ts';
import { trimUse } from './trim-use.ts';

export type { Job, Upkeep } from './job.ts';
export { previewReminders, type ReminderPreviewWire } from './preview-reminders.ts';
export { putMail } from './put-mail.ts';
export { raiseAlerts } from './raise-alerts.ts';
export { administratorsOf, type Concerned, recipientsOf } from './recipients.ts';
export { remind } from './remind.ts';
export { rotationsDue } from './rotations-due.ts';
export { signCheckpoint } from './seal-audit.ts';
export { stopFailingWebhook } from './stop-failing-webhook.ts';
export { trimUse } from './trim-use.ts';

/** Every job there is. */
export const JOBS: readonly Job[] = [clearAway, remind, rotationsDue, sealAudit, raiseAlerts, trimUse];
