import type { Transaction } from '../../ports/index.ts';
import { alertWrites } from './alerts.ts';
import { auditWrites } from './audit.ts';
import { changeWrites } from './changes.ts';
import { checkpointWrites } from './checkpoints.ts';
import { eventWrites } from './events.ts';
import { identityWrites } from './identities.ts';
import { importWrites } from './imports.ts';
import { linkWrites } from './links.ts';
import { noticeWrites } from './notices.ts';
import { outboxWrites } from './outbox.ts';
import { ownerWrites } from './owners.ts';
import { peopleWrites } from './people.ts';
import { portalWrites } from './portal.ts';
import { profileWrites } from './profiles.ts';
import { digestWrites, reminderWrites } from './reminders.ts';
import { replayWrites } from './replays.ts';
import { rotationWrites } from './rotations.ts';
import { secondFactorWrites } from './second-factors.ts';
import type { Session } from './session.ts';
import { sessionWrites } from './sessions.ts';
import { staffWrites } from './staff.ts';
import { tokenWrites } from './tokens.ts';
import { trialWrites } from './trials.ts';
import { webhookWrites } from './webhooks.ts';

export function transactionOf(session: Session): Transaction {
  return {
    tokens: tokenWrites(session),
    replays: replayWrites(session),
    rotations: rotationWrites(session),
    reminders: reminderWrites(session),
    digests: digestWrites(session),
    owners: ownerWrites(session),
    people: peopleWrites(session),
    sessions: sessionWrites(session),
    secondFactors: secondFactorWrites(session),
    identities: identityWrites(session),
    imports: importWrites(session),
    links: linkWrites(session),
    portal: portalWrites(session),
    staff: staffWrites(session),
    outbox: outboxWrites(session),
    notices: noticeWrites(session),
    events: eventWrites(session),
    webhooks: webhookWrites(session),
    alerts: alertWrites(session),
    profiles: profileWrites(session),
    trials: trialWrites(session),
    changes: changeWrites(session),
    audit: auditWrites(session),
    checkpoints: checkpointWrites(session),
  };
}
