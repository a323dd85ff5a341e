/**
 * The tables as Kysely sees them. Instants and counts are integers, booleans 0 or 1, structures JSON text, digests
 * base64url or hex text: every column reads the same on SQLite and PostgreSQL.
 */
export interface Schema {
  token: TokenTable;
  owner: OwnerTable;
  workspace: WorkspaceTable;
  membership: MembershipTable;
  membership_role: { owner_id: string; workspace_id: string; role_id: string };
  role: RoleTable;
  profile_version: {
    version: number;
    name: string;
    digest: string;
    document: string;
    applied_at: number;
    /** JSON list; null is none. */
    imports: string | null;
  };
  imported_token: { source: string; foreign_id: string; token_id: string; at: number };
  auth_epoch: { id: number; seq: number; audit_seq: number; audit_hash: string };
  change_log: { seq: number; kind: string; subject_id: string; at: number };
  audit_event: AuditEventTable;
  audit_checkpoint: AuditCheckpointTable;
  audit_personal: { seq: number; field: string; value: string; salt: string };
  idempotency: { key_digest: string; body_digest: string; token_id: string; expires_at: number };
  claim_link: { digest: string; token_id: string; recipient: string; created_at: number; expires_at: number };
  sealed_value: { token_id: string; predecessor_id: string; sealed: string; expires_at: number };
  password: { owner_id: string; hash: string; updated_at: number };
  session: SessionTable;
  second_factor: {
    owner_id: string;
    sealed_secret: string;
    confirmed_at: number | null;
    last_step: number;
    created_at: number;
  };
  recovery_code: { owner_id: string; digest: string };
  linked_identity: { issuer: string; subject: string; owner_id: string; linked_at: number };
  invitation: InvitationTable;
  portal_session: PortalSessionTable;
  staff_session: StaffSessionTable;
  password_reset: { digest: string; owner_id: string; created_at: number; expires_at: number };
  outbox: OutboxTable;
  webhook: WebhookTable;
  webhook_event: { id: string; type: string; at: number; workspace_id: string | null; data: string };
  webhook_delivery: DeliveryTable;
  alert: AlertTable;
  alert_watch: { name: string; position: number };
  notice: { key: string; at: number };
  reminder: ReminderTable;
  setup_code: { id: number; code_digest: string; expires_at: number };
  meta: { key: string; value: string };
  usage_hour: { token_id: string; hour: number; outcome: string; count: number };
  /** What `usage_hour` comes to by day and token, and by hour over all tokens. */
  usage_day: { day: number; token_id: string; outcome: string; count: number };
  usage_total: { hour: number; outcome: string; count: number };
  use_hour: UseTable;
  use_day: UseTable;
  access: AccessTable;
  token_network: { token_id: string; network: string; first_at: number; last_at: number; is_known: number };
  failure_hour: { hour: number; kind: string; network: string; count: number; last_at: number };
  last_use: { token_id: string; at: number; ip: string | null };
  rate_limit_counts: { lineage_id: string; counts: Uint8Array; version: number };
  trial: TrialTable;
  trial_tally: { trial_id: string; judged: number; refused: number; unlisted: number };
  trial_finding: TrialFindingTable;
  denial: DenialTable;
}

export interface AccessTable {
  request_id: string;
  at: number;
  door: string;
  method: string | null;
  path: string | null;
  agent: string;
  ip: string | null;
  token_id: string | null;
  lineage_id: string | null;
  owner_id: string | null;
  workspace_id: string | null;
  details: string;
}

export interface UseTable {
  token_id: string;
  at: number;
  aspect: string;
  value: string;
  outcome: string;
  count: number;
}

export interface AlertTable {
  id: string;
  key: string;
  kind: string;
  token_id: string | null;
  lineage_id: string | null;
  owner_id: string | null;
  workspace_id: string | null;
  /** JSON list. */
  networks: string;
  first_at: number;
  last_at: number;
  count: number;
  created_at: number;
  acknowledged_at: number | null;
  acknowledged_by_kind: string | null;
  acknowledged_by_id: string | null;
  note: string | null;
}

export interface DenialTable {
  request_id: string;
  at: number;
  /** 1 where the token is one of ours: the two classes are bounded apart. */
  is_known: number;
  door: string;
  method: string | null;
  path: string | null;
  reason: string;
  cause: string;
  ip: string | null;
  token_id: string | null;
  lineage_id: string | null;
  owner_id: string | null;
  workspace_id: string | null;
  details: string;
}

export interface TrialTable {
  id: string;
  name: string | null;
  subject_kind: string;
  subject_id: string;
  workspace_id: string | null;
  operation: string;
  input: string;
  terms_before: string;
  terms_after: string;
  created_at: number;
  created_by_kind: string;
  created_by_id: string | null;
  ends_at: number;
  ended_at: number | null;
  ending: string | null;
}

export interface TrialFindingTable {
  trial_id: string;
  id: string;
  token_id: string;
  reason: string;
  about: string;
  count: number;
  first_at: number;
  last_at: number;
  last_request_id: string | null;
}

export interface TokenTable {
  id: string;
  lineage_id: string;
  kind: string;
  parent_id: string | null;
  client_id: string | null;
  name: string;
  /** `name` as searched: folded in JavaScript, since the databases fold differently. */
  name_folded: string;
  description: string | null;
  hint: string;
  environment: string | null;
  digest: string;
  digest_scheme: string;
  pepper_version: number;
  owner_id: string;
  workspace_id: string;
  grant_mode: string;
  /** JSON list for `permissions`, the level for `level`, null for `inherit`. */
  grant_value: string | null;
  ip_allowlist: string | null;
  expires_at: number | null;
  expiry_explicit: number;
  limits: string;
  rotation: string;
  metadata: string;
  created_at: number;
  created_by_kind: string;
  created_by_id: string | null;
  disabled_at: number | null;
  revoked_at: number | null;
  revoked_reason: string | null;
  superseded_at: number | null;
  superseded_by: string | null;
  grace_ends_at: number | null;
  supersedes: string | null;
  first_used_at: number | null;
  sole_key: string | null;
  /** When the job of automatic rotation looks at it next. */
  rotation_next_at: number | null;
  /** When the job of reminders looks at it next; 0 for whatever is new or was changed. */
  reminder_next_at: number | null;
}

export interface OwnerTable {
  id: string;
  kind: string;
  external_id: string | null;
  external_id_folded: string | null;
  name: string | null;
  name_folded: string | null;
  email: string | null;
  disabled_at: number | null;
  disabled_by_provider_at: number | null;
  deleted_at: number | null;
  metadata: string;
  created_at: number;
  /** 0 when the job of reminders is to look at them. */
  reminder_next_at: number | null;
}

export interface WorkspaceTable {
  id: string;
  external_id: string | null;
  name: string;
  is_home: number;
  disabled_at: number | null;
  metadata: string;
  created_at: number;
}

export interface MembershipTable {
  owner_id: string;
  workspace_id: string;
  permissions: string;
  created_at: number;
}

export interface RoleTable {
  id: string;
  name: string;
  permissions: string;
  everything: number;
  built_in: number;
  created_at: number;
}

export interface SessionTable {
  id: string;
  digest: string;
  owner_id: string;
  workspace_id: string;
  created_at: number;
  last_used_at: number;
  expires_at: number;
  ip: string | null;
  user_agent: string | null;
}

export interface InvitationTable {
  id: string;
  digest: string;
  email: string;
  name: string | null;
  workspace_id: string;
  permissions: string;
  role_ids: string;
  created_by_kind: string;
  created_by_id: string | null;
  inviter_owner_id: string | null;
  inviter_workspace_id: string | null;
  created_at: number;
  expires_at: number;
}

export interface PortalSessionTable {
  id: string;
  link_digest: string;
  link_expires_at: number;
  digest: string | null;
  owner_id: string;
  workspace_id: string;
  minter_token_id: string | null;
  minter_owner_id: string | null;
  minter_workspace_id: string | null;
  actor: string | null;
  created_at: number;
  last_used_at: number;
  expires_at: number;
}

export interface StaffSessionTable {
  id: string;
  link_digest: string;
  link_expires_at: number;
  digest: string | null;
  external_id: string;
  name: string | null;
  email: string | null;
  role_id: string;
  workspace_id: string;
  minter_token_id: string | null;
  minter_owner_id: string | null;
  minter_workspace_id: string | null;
  created_by_kind: string;
  created_by_id: string | null;
  created_at: number;
  last_used_at: number;
  expires_at: number;
}

export interface OutboxTable {
  id: string;
  template: string;
  recipient: string;
  locale: string | null;
  data: string;
  sealed: string | null;
  state: string;
  attempts: number;
  next_at: number;
  claimed_until: number | null;
  last_error: string | null;
  created_at: number;
  sent_at: number | null;
}

export interface ReminderTable {
  recipient: string;
  kind: string;
  subject_id: string;
  workspace_id: string;
  about: number;
  /** The place of its kind among all kinds. */
  urgency: number;
  waits_until: number;
}

export interface WebhookTable {
  id: string;
  workspace_id: string | null;
  url: string;
  description: string | null;
  /** JSON list; null is every type. */
  event_types: string | null;
  sealed_secret: string;
  previous_sealed: string | null;
  previous_ends_at: number | null;
  disabled_at: number | null;
  disabled_why: string | null;
  failing_since: number | null;
  last_failed_at: number | null;
  created_at: number;
  created_by_kind: string;
  created_by_id: string | null;
}

export interface DeliveryTable {
  id: string;
  webhook_id: string;
  event_id: string;
  state: string;
  attempts: number;
  /** Made before the series that a replay began. */
  attempts_before: number;
  /** When the series began: with the event, or with its last replay. */
  begun_at: number;
  next_at: number;
  claimed_until: number | null;
  last_status: number | null;
  last_error: string | null;
  created_at: number;
  sent_at: number | null;
}

export interface AuditCheckpointTable {
  number: number;
  seq: number;
  hash: string;
  at: number;
  store_id: string;
  kid: string;
  signature: string;
  delivered_at: number | null;
}

export interface AuditEventTable {
  seq: number;
  at: number;
  action: string;
  actor_kind: string;
  actor_id: string | null;
  behalf_kind: string | null;
  behalf_id: string | null;
  subject_kind: string | null;
  subject_id: string | null;
  workspace_id: string | null;
  request_id: string | null;
  details: string;
  commitments: string;
  previous_hash: string;
  hash: string;
}
