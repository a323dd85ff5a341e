import type { AuditWrites } from './audit-log.ts';
import type { ChangeWrites } from './change-feed.ts';
import type { CheckpointWrites } from './checkpoint-log.ts';
import type { EventWrites } from './event-store.ts';
import type { IdentityWrites } from './identity-store.ts';
import type { LinkWrites } from './link-store.ts';
import type { ImportWrites } from './import-store.ts';
import type { NoticeWrites } from './notice-store.ts';
import type { Outbox } from './outbox.ts';
import type { OwnerWrites } from './owner-store.ts';
import type { PeopleWrites } from './people-store.ts';
import type { PortalWrites } from './portal-store.ts';
import type { ProfileWrites } from './profile-store.ts';
import type { DigestWrites, ReminderWrites } from './reminder-store.ts';
import type { RotationWrites } from './rotation-store.ts';
import type { SecondFactorWrites } from './second-factor-store.ts';
import type { SessionWrites } from './session-store.ts';
import type { StaffWrites } from './staff-store.ts';
import type { ReplayWrites, TokenWrites } from './token-store.ts';
import type { TrialWrites } from './trial-store.ts';
import type { WebhookWrites } from './webhook-store.ts';

/** Everything that can be written, in one transaction. Whoever holds one is inside `Store.transact`. */
export interface Transaction {
  readonly tokens: TokenWrites;
  readonly replays: ReplayWrites;
  readonly rotations: RotationWrites;
  readonly reminders: ReminderWrites;
  readonly digests: DigestWrites;
  readonly owners: OwnerWrites;
  readonly people: PeopleWrites;
  readonly sessions: SessionWrites;
  readonly secondFactors: SecondFactorWrites;
  readonly identities: IdentityWrites;
  readonly links: LinkWrites;
  readonly portal: PortalWrites;
  readonly staff: StaffWrites;
  readonly outbox: Outbox;
  readonly imports: ImportWrites;
  readonly notices: NoticeWrites;
  readonly events: EventWrites;
  readonly webhooks: WebhookWrites;
  readonly profiles: ProfileWrites;
  readonly trials: TrialWrites;
  readonly changes: ChangeWrites;
  readonly audit: AuditWrites;
  readonly checkpoints: CheckpointWrites;
}
