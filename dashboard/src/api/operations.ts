/**
 * Generated from the OpenAPI document by `npm run reference`; a test compares. Fields have their own names, whatever a
 * profile calls them. An input has the fields of path, query and body in one object.
 */

/** Of operations that take nothing. */
export type NoInput = Readonly<Record<string, never>>;

export interface Access {
  request_id: string;
  /** RFC 3339, UTC, milliseconds */
  at: string;
  /** `ok`, or the reason of the refusal */
  outcome: string;
  /** api, forward_auth, gateway, middleware, verify or introspection */
  door: string;
  method: string | null;
  /** Without the query, and without what may be a token */
  path: string | null;
  ip: string | null;
  /** The kind of client by its own word; null for refusals */
  agent: 'browser' | 'curl' | 'python' | 'node' | 'go' | 'java' | 'other' | null;
  all_of: string[];
  any_of: string[];
  token: {
    id: string;
    name: string;
    hint: string | null;
  } | null;
  owner_id: string | null;
  workspace_id: string | null;
}

export interface AccessExport {
  /** Whole lines of the file; those of the next page follow them */
  text: string;
  decisions: number;
  next_cursor: string | null;
}

export interface AccessReview {
  dry_run: boolean;
  /** false where nothing was done: for a dry run, or because of a row that is not right */
  applied: boolean;
  kept: number;
  revoked: number;
  narrowed: number;
  undecided: number;
  /** Changed since the export: export again and look again */
  stale: number;
  rejected: number;
  results: ReviewedToken[];
  /** Of the last token that was revoked or narrowed */
  guarantee?: Guarantee;
}

export interface AccessReviewExport {
  /** Whole lines of the file; those of the next page follow them */
  text: string;
  tokens: number;
  next_cursor: string | null;
}

export interface Alert {
  id: string;
  kind:
    | 'new_network'
    | 'denial_burst'
    | 'used_after_end'
    | 'failures_from_address'
    | 'rotated_from_new_address'
    | 'token_in_url';
  /** What it says, in one sentence */
  summary: string;
  state: 'open' | 'acknowledged';
  /** null where no token of yours is known */
  token: {
    id: string;
    name: string;
    hint: string;
  } | null;
  owner: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
  } | null;
  workspace_id: string | null;
  /** /24 of IPv4, /64 of IPv6; the newest 20 */
  networks: string[];
  /** How often on that day (UTC), as far as is known */
  count: number;
  /** RFC 3339, UTC, milliseconds */
  first_seen_at: string;
  /** RFC 3339, UTC, milliseconds */
  last_seen_at: string;
  /** RFC 3339, UTC, milliseconds */
  raised_at: string;
  acknowledged_at: string | null;
  acknowledged_by: {
    kind: string;
    id: string | null;
  } | null;
  note: string | null;
}

export interface AppliedProfile {
  /** The version in force after this call */
  version: number;
  name: string;
  digest: string;
  /** false for a dry run, and where this profile was in force already */
  applied: boolean;
  changes: string[];
  /** Those of the changes after which something accepted before is refused */
  narrowing: string[];
  guarantee?: Guarantee;
}

export interface AuditCheckpointRecord {
  store_id: string;
  /** Counted from 1, without a gap */
  number: number;
  /** Of the audit event that was the newest */
  seq: number;
  /** Of that event, SHA-256 in hex */
  hash: string;
  /** RFC 3339, UTC, milliseconds */
  at: string;
  /** Of the key that signed, as in the audit keys */
  kid: string;
  /** Ed25519, base64url */
  signature: string;
  /** When the audit sink took it; null while it has not */
  delivered_at: string | null;
}

export interface AuditErasure {
  owner_id: string | null;
  /** Audit events that lost clear text */
  events: number;
  /** Fields of clear text that were erased */
  fields: number;
  /** Whether the record of a deleted owner lost its name, address and metadata too */
  record_erased: boolean;
}

export interface AuditEvent {
  seq: number;
  /** RFC 3339, UTC, milliseconds */
  at: string;
  action: string;
  actor: {
    kind: string;
    id: string | null;
  };
  on_behalf_of: {
    kind: string;
    id: string | null;
  } | null;
  subject: {
    kind: string;
    id: string;
  } | null;
  workspace_id: string | null;
  request_id: string | null;
  details: Record<string, unknown>;
  /** What can be erased later: addresses, names, reasons */
  personal: Record<string, string>;
  /** Salted SHA-256 of each personal field, erased or not */
  commitments: Record<string, string>;
  previous_hash: string;
  hash: string;
}

export interface AuditExport {
  /** Whole lines of the file; those of the next page follow them */
  text: string;
  events: number;
  next_cursor: string | null;
}

export interface AuditKey {
  kty: 'OKP';
  crv: 'Ed25519';
  use: 'sig';
  kid: string;
  x: string;
}

export interface AuditKeys {
  keys: AuditKey[];
}

export interface AuthenticationTest {
  authenticated: true;
  key_id: string;
  /** The grant as written */
  permissions: string[];
  rate_limit: {
    limit: number;
    remaining: number;
    /** RFC 3339, UTC, milliseconds */
    reset: string;
  } | null;
}

export interface BegunSecondFactor {
  /** For typing in; in this answer and never again */
  secret: string;
  /** The same as an authenticator reads it from a QR code */
  otpauth_url: string;
}

export interface BulkRevocation {
  /** Stands in the audit entry of each token that was revoked */
  bulk_id: string;
  dry_run: boolean;
  /** Those that worked, or could have again, and ended or would end with this call */
  tokens: Token[];
  /** Everything that ended, predecessors and what was made with them included */
  revoked_ids: string[];
  /** Of the ids that were named */
  not_found_ids: string[];
  /** null when all that the filter finds was looked at */
  next_cursor: string | null;
  /** One for all of them */
  guarantee?: Guarantee;
}

export interface Change {
  /** `name`, `disabled`, `memberships.<workspace>`, `workspaces.<external id>` … */
  path: string;
  /** null for what was not there */
  before: unknown;
  /** null for what is not there any more */
  after: unknown;
}

export interface ChangedPassword {
  /** Sessions that ended with it */
  ended_ids: string[];
  guarantee: Guarantee;
}

export interface Claim extends Rotation {
  /** Of the token that was rotated */
  name: string;
  environment: string | null;
}

export interface CreatedInvitation extends Invitation {
  /** false where no mail is set up: hand the link over yourself */
  mailed: boolean;
  /** Below the address of the dashboard; in this answer and never again */
  link: string | null;
}

export interface CreatedPasswordReset {
  /** false where no mail is set up, and for the operator: hand the link over */
  mailed: boolean;
  /** Below the address of the dashboard; in this answer and never again */
  link: string | null;
  expires_at: string;
}

export interface CreatedPortalSession {
  id: string;
  owner: {
    id: string;
    external_id: string;
    name: string | null;
    email: string | null;
  } | null;
  staff: {
    external_id: string;
    name: string | null;
    email: string | null;
    role: {
      id: string;
      name: string;
    };
  } | null;
  workspace: {
    id: string;
    external_id: string | null;
    name: string;
  };
  /** To the page, below the address of the dashboard; in this answer and never again */
  link: string;
  /** The same secret, good once: for `<keyhouse-tokens>` */
  session: string;
  /** Until then it can be opened */
  expires_at: string;
}

export interface CreatedToken extends Token {
  /** The token itself: in this answer and never again */
  value: string | null;
  already_issued?: true;
  help?: string;
  /** Present when it replaced the owner’s one token */
  guarantee?: Guarantee;
}

export interface CreatedWebhook extends Webhook {
  /** whsec_…: in this answer and never again */
  secret: string;
}

export interface DeletedOwner {
  id: string;
  /** RFC 3339, UTC, milliseconds */
  deleted_at: string;
  /** The tokens that ended with their owner */
  revoked_ids: string[];
  guarantee: Guarantee;
}

export interface DeletedRole {
  id: string;
  deleted: true;
}

export interface DeletedWebhook {
  id: string;
  deleted: true;
}

export interface Denial {
  request_id: string;
  /** RFC 3339, UTC, milliseconds */
  at: string;
  /** api, forward_auth, gateway, middleware, verify or introspection */
  door: string;
  method: string | null;
  /** Without the query, and without what may be a token */
  path: string | null;
  reason: string;
  /** Why exactly, for the operator */
  cause: string;
  ip: string | null;
  token: {
    id: string;
    name: string;
    hint: string | null;
  } | null;
  owner_id: string | null;
  workspace_id: string | null;
  missing: string[];
  failed_check:
    | 'syntax'
    | 'checksum'
    | 'digest'
    | 'kind_and_environment'
    | 'not_ended'
    | 'not_expired'
    | 'owner'
    | 'address'
    | 'route'
    | 'permission'
    | 'rate_limit'
    | null;
}

export interface EndedPortalSessions {
  ended_ids: string[];
  guarantee: Guarantee;
}

export interface EndedSessions {
  ended_ids: string[];
  guarantee: Guarantee;
}

export interface EndedUserSessions {
  ended_ids: string[];
  guarantee: Guarantee;
}

export interface EnforcedTrial {
  trial: Trial;
  /** What the operation answered that made the change */
  result: Record<string, unknown>;
  guarantee?: Guarantee;
}

export interface Explanation {
  request_id: string;
  /** RFC 3339, UTC, milliseconds */
  at: string;
  /** api, forward_auth, gateway, middleware, verify or introspection */
  door: string;
  method: string | null;
  /** Without the query, and without what may be a token */
  path: string | null;
  reason: string;
  /** What to do, in one sentence */
  advice: string;
  /** In the order in which they are made */
  checks: {
    check:
      | 'syntax'
      | 'checksum'
      | 'digest'
      | 'kind_and_environment'
      | 'not_ended'
      | 'not_expired'
      | 'owner'
      | 'address'
      | 'route'
      | 'permission'
      | 'rate_limit';
    outcome: 'passed' | 'failed' | 'not_reached';
    compared: string | null;
  }[];
  /** null where permissions were not compared */
  permissions: {
    all_of: string[];
    any_of: string[];
    missing: string[];
    held: string[];
    /** Where not all that are held are listed */
    held_count: number;
  } | null;
  /** The route rule that asked */
  route: {
    methods: string;
    path: string;
  } | null;
  address: {
    ip: string | null;
    /** Name of the header, connection, or question where the application told it */
    from: string | null;
  };
  rate_limit: {
    windows: {
      name: string;
      limit: number;
      seconds: number;
      remaining: number;
      /** RFC 3339, UTC, milliseconds */
      reset: string;
    }[];
    /** Seconds; null: never */
    retry_after: number | null;
  } | null;
  token: {
    id: string;
    name: string;
    hint: string | null;
  } | null;
  /** Why exactly; for operators, like what follows */
  cause?: string;
  lineage_id?: string | null;
  ip_allowlist?: string[] | null;
  owner?: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
  } | null;
  workspace?: {
    id: string;
    external_id: string | null;
    name: string;
  } | null;
}

export interface GrantSuggestion {
  token: {
    id: string;
    name: string;
    hint: string;
    owner: {
      id: string;
      kind: 'user' | 'service_account' | 'external';
      external_id: string | null;
      name: string | null;
      email: string | null;
    };
    workspace: {
      id: string;
      external_id: string | null;
      name: string;
    };
  };
  days: number;
  /** The first day of UTC that was looked at */
  from: string;
  /** Since when it is known what was used, and the line has existed; null where nothing is known yet */
  known_from: string | null;
  /** false where some of the time is not known: what was needed then is not seen here */
  complete: boolean;
  /** `narrow`: less would do. `fits`: it uses what it holds. `unused`: it was used for nothing. `inherits`: it follows its owner, and has no permissions of its own to narrow. `unknown`: requests named no permission, or too many different ones to tell */
  verdict: 'narrow' | 'fits' | 'unused' | 'inherits' | 'unknown';
  grant:
    | {
        permissions: string[];
      }
    | {
        level: string;
      }
    | {
        inherit: true;
      };
  /** What to change the token to, as an update of it takes it; null but for `narrow` */
  suggestion:
    | {
        permissions: string[];
      }
    | {
        level: 'read' | 'write' | 'admin';
      }
    | null;
  /** What it may do now; a wildcard counts as one where any permission exists */
  held: string[];
  /** Of these, what no request needed */
  unused: string[];
  /** What accepted requests asked for, of all tokens of the line, most first */
  used: {
    /** Alternatives such as a:read|b:read where one of them was needed */
    permission: string;
    allowed: number;
    /** Questions that cost nothing */
    free: number;
    /** The day */
    first_at: string;
    /** The day */
    last_at: string;
  }[];
  /** Accepted requests that named no permission: what your API lets them do, it decides for itself */
  unnamed_requests: number;
}

export interface Guarantee {
  class: 'process' | 'cluster' | 'bounded';
  durability: 'single-copy' | 'durable';
  epoch: number;
  nodes_acknowledged: number;
  nodes_waited_out: number;
  milliseconds: number;
}

export interface Identity {
  id: string;
  lineage_id: string;
  name: string;
  environment: string | null;
  owner: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
    metadata: Record<string, unknown>;
  };
  workspace: {
    id: string;
    external_id: string | null;
    name: string;
  };
  metadata: Record<string, unknown>;
  effective_permissions: string[];
}

export interface ImportedForm {
  /** Where the tokens come from; together with their ids there it tells which are here already */
  source: string;
  /** How that system made its digests */
  recipe: 'sha256' | 'sha512' | 'knox' | 'sanctum';
  /** How the tokens begin; may be empty */
  prefix: string;
  /** What they are written with behind the prefix */
  alphabet: 'hex' | 'base62' | 'base64url' | 'printable';
  /** Characters behind the prefix, at least */
  length_min: number;
  /** The same at most */
  length_max: number;
  /** A further scheme of the Authorization header that their clients send */
  scheme?: string | null;
}

export interface ImportedLine {
  line: number;
  foreign_id: string | null;
  /** `skipped`: it is here already */
  result: 'imported' | 'skipped' | 'rejected';
  /** null where there is none, and for a dry run */
  token_id: string | null;
  /** Why the line was rejected */
  code?: string;
  message?: string;
  errors?: {
    path: string;
    message: string;
  }[];
}

export interface Invitation {
  id: string;
  email: string;
  name: string | null;
  workspace: {
    id: string;
    name: string;
  };
  permissions: string[];
  roles: string[];
  created_by: {
    kind: string;
    id: string | null;
  };
  created_at: string;
  expires_at: string;
}

export interface LeakReport {
  /** The values that were found */
  readonly tokens?: readonly string[] | undefined;
  /** Or what they were found in, such as a part of a log */
  readonly text?: string | undefined;
  /** Where they were found */
  readonly url?: string | undefined;
  /** What else should be known */
  readonly note?: string | undefined;
}

export interface LeakReported {
  received: true;
  message: string;
}

export interface Mail {
  /** Also in its Message-ID */
  id: string;
  /** What it is about: invitation, password_reset … */
  template: string;
  to: string;
  /** `sent`: the mail server has taken it */
  state: 'pending' | 'sent' | 'given_up';
  /** How often sending was begun */
  attempts: number;
  /** Why the last attempt failed */
  last_error: string | null;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
  /** null unless pending */
  next_attempt_at: string | null;
  sent_at: string | null;
}

export interface Overview {
  /** RFC 3339, UTC, milliseconds */
  from: string;
  /** RFC 3339, UTC, milliseconds */
  to: string;
  /** Of time: hours and days of UTC */
  unit: 'hour' | 'day';
  accepted: number;
  refused: number;
  /** Every unit, oldest first */
  time: {
    /** RFC 3339, UTC, milliseconds */
    at: string;
    accepted: number;
    refused: number;
  }[];
  /** Refused requests of tokens that are known; most first */
  refused_by_reason: {
    reason: string;
    count: number;
  }[];
  /** Refused requests in which no token was recognised, as far as they were kept; null for who may not read denials */
  unrecognised_by_reason:
    | {
        reason: string;
        count: number;
      }[]
    | null;
  top_accepted: {
    token: {
      id: string;
      name: string;
      hint: string;
      owner: {
        id: string;
        kind: 'user' | 'service_account' | 'external';
        external_id: string | null;
        name: string | null;
        email: string | null;
      };
    };
    count: number;
  }[];
  top_refused: {
    token: {
      id: string;
      name: string;
      hint: string;
      owner: {
        id: string;
        kind: 'user' | 'service_account' | 'external';
        external_id: string | null;
        name: string | null;
        email: string | null;
      };
    };
    count: number;
  }[];
  /** The lists of tokens with `live=true` and the filter of that name are as long */
  tokens: {
    /** That can still be accepted; what follows counts among these */
    working: number;
    /** Within 30 days */
    expiring: number;
    /** For 90 days */
    unused: number;
    /** Whose owner is disabled or left the workspace */
    owner_ended: number;
    never_expire: number;
  };
}

export interface Owner {
  id: string;
  kind: 'user' | 'service_account' | 'external';
  external_id: string | null;
  name: string | null;
  email: string | null;
  /** By whomever: while true no token of the owner works */
  disabled: boolean;
  /** When it was disabled in Keyhouse itself */
  disabled_at: string | null;
  /** When PUT /v1/owners disabled it */
  disabled_by_provider_at: string | null;
  memberships: {
    workspace: {
      id: string;
      external_id: string | null;
      name: string;
    };
    permissions: string[];
    roles: string[];
  }[];
  metadata: Record<string, unknown>;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
}

export interface OwnerSync {
  dry_run: boolean;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** Lines after which something accepted before is refused */
  narrowed: number;
  results: SyncedLine[];
  /** One for all lines */
  guarantee?: Guarantee;
}

export interface PasswordReset {
  /** Sessions that ended with it */
  ended_ids: string[];
  guarantee: Guarantee;
}

export interface PasswordResetRequested {
  message: string;
}

export interface PortalSession {
  id: string;
  /** The bearer value of the session: below `/portal/`, and nowhere else */
  value: string;
  owner: {
    id: string;
    external_id: string;
    name: string | null;
    email: string | null;
  };
  workspace: {
    id: string;
    external_id: string | null;
    name: string;
  };
  company: {
    name: string;
    support_url: string | null;
  };
  words: {
    token: string;
    tokens: string;
    create_button: string;
    save_button: string;
    revoke_button: string;
  };
  /** However much it is used */
  expires_at: string;
  /** Unused for this long it ends earlier */
  idle_seconds: number;
}

export interface Predecessors {
  data: {
    id: string;
    hint: string;
    /** `superseded` still works */
    state: 'superseded' | 'replaced';
    /** RFC 3339, UTC, milliseconds */
    superseded_at: string;
    /** When it stops working, or did */
    ends_at: string;
    /** Whether it was accepted since it was superseded, or refused since it ended */
    still_used: boolean;
    last_used_at: string | null;
    last_used_ip: string | null;
    /** Accepted requests since the hour in which it was superseded */
    allowed: number;
    /** Requests refused because it has ended, since then */
    refused: number;
  }[];
}

export interface ProfileInForce {
  version: number;
  name: string;
  /** SHA-256 of the canonical text, hex */
  digest: string;
  applied_at: string | null;
  /** What tokens of other systems look like that work too */
  imports: ImportedForm[];
  /** For people without keyhouse-profile:read without `routes` */
  profile: Record<string, unknown>;
}

export interface PutOwner extends UpdatedOwner {
  /** true when there was no such owner before */
  created: boolean;
}

export interface RateLimit {
  limit: number;
  remaining: number;
  /** When the oldest counted part of the longest window leaves it */
  reset: string;
  windows: {
    name: string;
    limit: number;
    seconds: number;
    remaining: number;
    /** RFC 3339, UTC, milliseconds */
    reset: string;
  }[];
}

export interface RecoveryCodes {
  /** Each good once; in this answer and never again */
  recovery_codes: string[];
}

export interface ReminderPreview {
  /** Whether anything is mailed at all */
  sends_mail: boolean;
  before_expiry: string[];
  /** null: people are not reminded of it */
  rotation_after: string | null;
  /** null: people are not reminded of it */
  unused_after: string | null;
  /** From which hour of UTC on mails go out */
  hour: number;
  /** Who was mailed before is mailed again after this */
  day_ends_at: string;
  /** false: more is due than was looked at */
  complete: boolean;
  data: {
    to: string;
    /** All reminders of the mail; it lists the most urgent */
    count: number;
    reminders: {
      kind: 'expiring' | 'owner_ended' | 'rotation_overdue' | 'unused';
      /** Of the token; of `owner_ended` the owner */
      name: string;
      hint: string | null;
      /** Whose it is, where that is somebody else */
      owner: string | null;
      /** When it ends; since when it is old, unused or without its owner */
      at: string;
      /** Of `owner_ended`: how many are left */
      tokens: number | null;
      /** Its page of the dashboard */
      path: string;
    }[];
  }[];
}

export interface RemovedSecondFactor {
  removed: boolean;
  guarantee: Guarantee;
}

export interface RemovedSingleSignOn {
  /** Whether there was a link */
  removed: boolean;
  guarantee: Guarantee;
}

export interface ReplayedWebhook {
  webhook_id: string;
  /** RFC 3339, UTC, milliseconds */
  since: string;
  /** How many were begun */
  deliveries: number;
}

export interface ReviewedToken {
  line: number;
  token_id: string | null;
  name: string | null;
  result: 'kept' | 'revoked' | 'narrowed' | 'undecided' | 'stale' | 'rejected';
  /** Why a row is stale or was rejected */
  message?: string;
}

export interface Revocation {
  revoked_ids: string[];
  /** RFC 3339, UTC, milliseconds */
  revoked_at: string;
  /** The successor that lives on when a superseded token was revoked */
  successor_id?: string;
  guarantee: Guarantee;
}

export interface RevocationPreview {
  /** What works now, or could again, and would end: the first hundred */
  tokens: {
    id: string;
    lineage_id: string;
    name: string;
    description: string | null;
    hint: string;
    environment: string | null;
    state: 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked';
    grant:
      | {
          permissions: string[];
        }
      | {
          level: string;
        }
      | {
          inherit: true;
        };
    effective_permissions: string[];
    owner: {
      id: string;
      kind: 'user' | 'service_account' | 'external';
      external_id: string | null;
      name: string | null;
      email: string | null;
    };
    workspace: {
      id: string;
      external_id: string | null;
      name: string;
    };
    metadata: Record<string, unknown>;
    ip_allowlist: string[] | null;
    expires_at: string | null;
    limits: {
      tier: string | null;
      windows:
        | {
            name: string;
            limit: number;
            seconds: number;
          }[]
        | 'unlimited';
    };
    rotation: {
      auto_rotate: boolean;
      rotation_period: string | null;
      grace_period: string;
      end_old_on_first_use: boolean;
      on_unclaimed: 'keep' | 'end';
      notification_email: string | null;
      self_rotate: boolean;
      /** When a successor becomes claimable; null where none will */
      due_at: string | null;
      /** `claimable`: a successor waits to be claimed. `overdue`: it does, and all reminders were sent */
      state: 'scheduled' | 'claimable' | 'overdue' | null;
    };
    /** RFC 3339, UTC, milliseconds */
    created_at: string;
    created_by: {
      kind: string;
      id: string | null;
    };
    last_used_at: string | null;
    last_used_ip: string | null;
    /** When a superseded token stops working */
    ends_at: string | null;
    revoked_at: string | null;
    /** The system it was imported from; null for tokens that were made here */
    imported_from: string | null;
    supersedes: string | null;
    superseded_by: string | null;
    /** Accepted requests, by whole hours */
    allowed_last_day: number;
  }[];
  /** How many that are, listed or not */
  token_count: number;
  /** The successor that would live on */
  successor_id: string | null;
}

export interface Role {
  id: string;
  name: string;
  permissions: string[];
  /** Also every permission outside keyhouse-, whatever the catalogue says later */
  everything: boolean;
  /** Cannot be changed or deleted */
  built_in: boolean;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
}

export interface RotatedWebhook extends Webhook {
  /** whsec_…: in this answer and never again */
  secret: string;
}

export interface Rotation {
  old_key: {
    id: string;
    /** RFC 3339, UTC, milliseconds */
    expires_at: string;
  };
  new_key: {
    id: string;
    value: string | null;
    /** RFC 3339, UTC, milliseconds */
    created_at: string;
  };
  already_issued?: true;
  help?: string;
  guarantee: Guarantee;
}

export interface Session {
  id: string;
  user: {
    id: string;
    name: string | null;
    email: string | null;
    /** Whether the user has one; who signs in elsewhere needs none */
    password: boolean;
    second_factor: boolean;
  };
  workspace: {
    id: string;
    name: string;
    is_home: boolean;
    roles: string[];
  };
  /** false for staff whom their own company sent here: there is nothing to look after */
  account: boolean;
  /** Those the user can change to */
  workspaces: {
    id: string;
    name: string;
  }[];
  permissions: {
    /** What the user may do in Keyhouse, here */
    management: string[];
    /** What the user can give to a token of their own; any where the catalogue is open */
    grantable: 'any' | string[];
  };
  created_at: string;
  /** However much it is used; unused it ends after an hour */
  expires_at: string;
}

export interface SessionSummary {
  id: string;
  current: boolean;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  ip: string | null;
  user_agent: string | null;
}

export interface SetUp {
  user: Owner;
  workspace: Workspace;
  token: {
    id: string;
    lineage_id: string;
    name: string;
    description: string | null;
    hint: string;
    environment: string | null;
    state: 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked';
    grant:
      | {
          permissions: string[];
        }
      | {
          level: string;
        }
      | {
          inherit: true;
        };
    effective_permissions: string[];
    owner: {
      id: string;
      kind: 'user' | 'service_account' | 'external';
      external_id: string | null;
      name: string | null;
      email: string | null;
    };
    workspace: {
      id: string;
      external_id: string | null;
      name: string;
    };
    metadata: Record<string, unknown>;
    ip_allowlist: string[] | null;
    expires_at: string | null;
    limits: {
      tier: string | null;
      windows:
        | {
            name: string;
            limit: number;
            seconds: number;
          }[]
        | 'unlimited';
    };
    rotation: {
      auto_rotate: boolean;
      rotation_period: string | null;
      grace_period: string;
      end_old_on_first_use: boolean;
      on_unclaimed: 'keep' | 'end';
      notification_email: string | null;
      self_rotate: boolean;
      /** When a successor becomes claimable; null where none will */
      due_at: string | null;
      /** `claimable`: a successor waits to be claimed. `overdue`: it does, and all reminders were sent */
      state: 'scheduled' | 'claimable' | 'overdue' | null;
    };
    /** RFC 3339, UTC, milliseconds */
    created_at: string;
    created_by: {
      kind: string;
      id: string | null;
    };
    last_used_at: string | null;
    last_used_ip: string | null;
    /** When a superseded token stops working */
    ends_at: string | null;
    revoked_at: string | null;
    /** The system it was imported from; null for tokens that were made here */
    imported_from: string | null;
    supersedes: string | null;
    superseded_by: string | null;
    /** The token itself: in this answer and never again */
    value: string;
  };
}

export interface SyncedLine {
  line: number;
  external_id: string | null;
  result: 'created' | 'updated' | 'unchanged' | 'rejected';
  /** Something accepted before is refused */
  narrowed: boolean;
  changes: Change[];
  /** Why the line was rejected */
  code?: string;
  message?: string;
  errors?: {
    path: string;
    message: string;
  }[];
}

export interface Token {
  id: string;
  lineage_id: string;
  name: string;
  description: string | null;
  hint: string;
  environment: string | null;
  state: 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked';
  grant:
    | {
        permissions: string[];
      }
    | {
        level: string;
      }
    | {
        inherit: true;
      };
  effective_permissions: string[];
  owner: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
  };
  workspace: {
    id: string;
    external_id: string | null;
    name: string;
  };
  metadata: Record<string, unknown>;
  ip_allowlist: string[] | null;
  expires_at: string | null;
  limits: {
    tier: string | null;
    windows:
      | {
          name: string;
          limit: number;
          seconds: number;
        }[]
      | 'unlimited';
  };
  rotation: {
    auto_rotate: boolean;
    rotation_period: string | null;
    grace_period: string;
    end_old_on_first_use: boolean;
    on_unclaimed: 'keep' | 'end';
    notification_email: string | null;
    self_rotate: boolean;
    /** When a successor becomes claimable; null where none will */
    due_at: string | null;
    /** `claimable`: a successor waits to be claimed. `overdue`: it does, and all reminders were sent */
    state: 'scheduled' | 'claimable' | 'overdue' | null;
  };
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
  created_by: {
    kind: string;
    id: string | null;
  };
  last_used_at: string | null;
  last_used_ip: string | null;
  /** When a superseded token stops working */
  ends_at: string | null;
  revoked_at: string | null;
  /** The system it was imported from; null for tokens that were made here */
  imported_from: string | null;
  supersedes: string | null;
  superseded_by: string | null;
}

export interface TokenImport {
  dry_run: boolean;
  imported: number;
  skipped: number;
  rejected: number;
  results: ImportedLine[];
}

export interface TokenOptions {
  owner: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
  };
  workspace: {
    id: string;
    external_id: string | null;
    name: string;
  };
  is_self: boolean;
  /** Whether the caller may make a token for this owner at all */
  may_create: boolean;
  /** Whether owners make tokens for themselves here */
  self_service: boolean;
  /** Ways to say what a token may do */
  grants: ('permissions' | 'level' | 'inherit')[];
  default_grant: 'inherit' | null;
  catalogue: 'open' | 'closed';
  /** Any well-formed permission may be given */
  any_permission: boolean;
  environments: {
    environment: 'live' | 'test';
    /** Whether the caller may give it to this owner’s token */
    grantable: boolean;
  }[];
  permissions: {
    permission: string;
    resource: string;
    description: string | null;
    operations: string[];
    /** Whether the caller may give it to this owner’s token */
    grantable: boolean;
  }[];
  wildcards: {
    permission: string;
    resource: string;
    /** Whether the caller may give it to this owner’s token */
    grantable: boolean;
  }[];
  /** What manages Keyhouse itself and the caller may hand on */
  management: {
    permission: string;
    description: string | null;
  }[];
  levels: {
    level: 'read' | 'write' | 'admin';
    description: string;
    permissions: string[];
    /** What is left of it within what the owner may do */
    gives: string[];
    /** Whether the caller may give it to this owner’s token */
    grantable: boolean;
  }[];
  inherit: {
    gives: string[];
    everything: boolean;
    /** Whether the caller may give it to this owner’s token */
    grantable: boolean;
  } | null;
  templates: {
    name: string;
    token_name: string;
    description: string;
    permissions: string[];
    /** Those of its permissions that the caller may not give */
    missing: string[];
  }[];
  tiers: {
    tier: string;
    label: string;
    use_case: string | null;
    windows:
      | {
          name: string;
          limit: number;
          seconds: number;
        }[]
      | 'unlimited';
    /** Whether the caller may give it to this owner’s token */
    grantable: boolean;
  }[];
  default_tier: string;
  expiry: {
    /** Given where no expiry is asked for; null is for ever */
    lifetime: string | null;
    lifetime_max: string | null;
    /** No later expiry may be asked for */
    latest: string | null;
  };
  ip_allowlist: {
    /** The address this question came from */
    caller_ip: string | null;
    /** The networks it must stay within */
    within: string[] | null;
  };
  rotation: {
    grace_period: string;
    /** When it is not said */
    self_rotate: boolean;
  };
  one_per_owner: boolean;
  /** Tokens that a new one of this owner ends at once, told to who may create one */
  replaces: {
    id: string;
    name: string;
    hint: string;
    /** RFC 3339, UTC, milliseconds */
    created_at: string;
    last_used_at: string | null;
  }[];
}

export interface TransferredToken extends UpdatedToken {
  /** What it could do, and its new owner may not do */
  lost_permissions: string[];
}

export interface Trial {
  id: string;
  name: string | null;
  /** over: its time has passed; it can still be enforced */
  state: 'observing' | 'over' | 'ended' | 'enforced';
  subject: {
    kind: 'token' | 'owner' | 'role' | 'profile';
    id: string;
    external_id: string | null;
  };
  /** null where it concerns several, or all */
  workspace_id: string | null;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
  created_by: {
    kind: string;
    id: string | null;
  };
  /** RFC 3339, UTC, milliseconds */
  ends_at: string;
  /** When somebody ended or enforced it */
  ended_at: string | null;
  /** Accepted requests it was tried on: with 0, nobody has called */
  judged: number;
  /** How many of them it would have refused */
  would_refuse: number;
  /** Distinct tokens among its findings */
  would_break: number;
  /** Of would_refuse, those in no finding because there were too many */
  unlisted: number;
}

export interface TrialFinding {
  id: string;
  token: {
    id: string;
    name: string;
    hint: string;
  };
  owner: {
    id: string;
    kind: 'user' | 'service_account' | 'external';
    external_id: string | null;
    name: string | null;
    email: string | null;
  };
  workspace: {
    id: string;
    external_id: string | null;
    name: string;
  };
  /** As the refusal would say it */
  reason: string;
  /** Permissions needed and not held */
  missing: string[];
  /** Where it came from, when that is why */
  address: string | null;
  /** Of the limit, the window that is full */
  window: string | null;
  /** Method and path of the rule that accepts it now */
  route: string | null;
  count: number;
  /** RFC 3339, UTC, milliseconds */
  first_at: string;
  /** RFC 3339, UTC, milliseconds */
  last_at: string;
  last_request_id: string | null;
}

export interface TrialWithFindings extends Trial {
  change: Record<string, unknown>;
  /** Who would break, newest first */
  findings: TrialFinding[];
  next_cursor: string | null;
}

export interface TriedToken {
  allowed: boolean;
  explanation: Explanation;
}

export interface UpdatedOwner extends Owner {
  /** Present when something accepted before is now refused */
  guarantee?: Guarantee;
}

export interface UpdatedRole extends Role {
  /** Present when something accepted before is now refused */
  guarantee?: Guarantee;
}

export interface UpdatedToken extends Token {
  /** Present when something accepted before is now refused */
  guarantee?: Guarantee;
}

export interface UpdatedWorkspace extends Workspace {
  /** Present when something accepted before is now refused */
  guarantee?: Guarantee;
}

export interface Usage {
  token_id: string;
  /** RFC 3339, UTC, milliseconds */
  from: string;
  /** RFC 3339, UTC, milliseconds */
  to: string;
  /** Accepted requests in that time */
  allowed: number;
  /** Refused requests in that time, by reason */
  denied: Record<string, number>;
  last_used_at: string | null;
  last_used_ip: string | null;
  /** Where its line stands in its limits now; null where nothing is limited */
  rate_limit: RateLimit | null;
  granularity: 'hour' | 'day';
  /** The hours in which it was used, or days where `granularity` says so */
  hours: {
    /** RFC 3339, UTC, milliseconds */
    hour: string;
    allowed: number;
    denied: Record<string, number>;
  }[];
  /** What `by` asked for, most first */
  groups?: UsageGroup[];
}

export interface UsageGroup {
  /** A permission, or alternatives such as a:read|b:read of which one was needed, or none where the request named none; an outcome; a network; a kind of client; other for what is not told apart */
  value: string;
  allowed: number;
  /** Accepted questions that cost nothing; they are in no other count */
  free: number;
  denied: number;
  /** RFC 3339, UTC, milliseconds */
  first_at: string;
  /** RFC 3339, UTC, milliseconds */
  last_at: string;
  series: {
    /** RFC 3339, UTC, milliseconds */
    at: string;
    allowed: number;
    /** Accepted questions that cost nothing; they are in no other count */
    free: number;
    denied: number;
  }[];
}

export interface User extends Owner {
  sign_in: {
    /** false for who has never set one */
    password: boolean;
    second_factor: boolean;
    /** When the user last signed in */
    last_at: string | null;
  };
}

export interface Verdict {
  allowed: boolean;
  code: string;
  request_id: string;
  /** For the application's own answer to an accepted request: request id and limits */
  headers?: Record<string, string>;
  status?: number;
  message?: string;
  missing?: string[];
  /** Seconds; null when no waiting helps */
  retry_after?: number | null;
  /** The request carries no credential of ours */
  foreign?: true;
  token?:
    | Identity
    | {
        id: string;
      };
  rate_limit?: RateLimit | null;
  response?: {
    status: number;
    headers: Record<string, string>;
    body: unknown;
  };
}

export interface VerifyRequest {
  /** The credential exactly as it was sent, or null */
  readonly token?: string | null | undefined;
  /** Instead of token: the header lines that may carry one, [name, value], each as it came */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
  /** Headers besides Authorization that may carry one */
  readonly further_headers?: readonly string[] | undefined;
  /** Where route does not say it: the target, in which a token may stand */
  readonly target?: string | undefined;
  /** What the door found wrong in the field lines */
  readonly problem?: 'duplicate' | 'empty' | 'syntax' | 'two_methods' | 'too_many' | 'in_url' | undefined;
  readonly all_of?: readonly string[] | undefined;
  readonly any_of?: readonly string[] | undefined;
  /** Method and target of the request: what it needs is in the route rules of the profile in force */
  readonly route?:
    | {
        readonly method: string;
        readonly target: string;
      }
    | undefined;
  readonly ip?: string | null | undefined;
  /** live unless told */
  readonly environment?: 'live' | 'test' | undefined;
  /** 1 unless told */
  readonly cost?: number | undefined;
}

export interface Webhook {
  id: string;
  /** null is told of every workspace */
  workspace_id: string | null;
  url: string;
  description: string | null;
  /** null is everything */
  event_types: string[] | null;
  state: 'enabled' | 'disabled';
  disabled_at: string | null;
  /** `failing`: nothing was taken for five days; `gone`: it answered 410 */
  disabled_why: 'by_hand' | 'failing' | 'gone' | null;
  /** First failure since a delivery was taken */
  failing_since: string | null;
  /** Until then the secret before the last signs too */
  previous_secret_ends_at: string | null;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
  created_by: {
    kind: string;
    id: string | null;
  };
}

export interface WebhookDelivery {
  id: string;
  webhook_id: string;
  /** Sent as webhook-id: the same at every attempt and every endpoint */
  event_id: string;
  event_type: string;
  /** RFC 3339, UTC, milliseconds */
  event_at: string;
  state: 'pending' | 'delivered' | 'given_up';
  attempts: number;
  /** What the endpoint answered last; null when it did not */
  last_status: number | null;
  /** Why the last attempt failed */
  last_error: string | null;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
  /** null unless pending */
  next_attempt_at: string | null;
  delivered_at: string | null;
}

export interface Why {
  /** What would be decided about a request from here that needs no permission */
  now: Explanation;
  /** Newest first */
  denials: Explanation[];
}

export interface WhyRequest {
  /** The token that was refused */
  readonly token: string;
  /** Of the refused request; left out, its latest denials are told */
  readonly request_id?: string | undefined;
}

export interface WithdrawnInvitation {
  id: string;
  guarantee: Guarantee;
}

export interface Workspace {
  id: string;
  external_id: string | null;
  name: string;
  /** The provider’s own: management permissions held here reach the whole installation */
  home: boolean;
  disabled: boolean;
  disabled_at: string | null;
  metadata: Record<string, unknown>;
  /** RFC 3339, UTC, milliseconds */
  created_at: string;
}

export interface CreateTokenInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly level?: 'read' | 'write' | 'admin' | undefined;
  readonly inherit?: true | undefined;
  readonly ip_allowlist?: readonly string[] | null | undefined;
  readonly expires_at?: string | null | undefined;
  readonly expires_in?: string | undefined;
  readonly tier?: string | undefined;
  readonly limits?:
    | readonly {
        readonly name: string;
        readonly limit: number;
        readonly seconds: number;
      }[]
    | 'unlimited'
    | undefined;
  /** Whether a successor becomes claimable by itself each `rotation_period`; the old one works until then */
  readonly auto_rotate?: boolean | undefined;
  /** 1m to 3650d; what the profile says when left out */
  readonly rotation_period?: string | null | undefined;
  readonly grace_period?: '0s' | string | null | undefined;
  /** Whether the old token of a rotation ends as soon as its successor is first used, whatever the grace */
  readonly end_old_on_first_use?: boolean | undefined;
  /** What becomes of the token when nobody claims its successor; what the profile says when left out */
  readonly on_unclaimed?: 'keep' | 'end' | null | undefined;
  readonly notification_email?: string | null | undefined;
  readonly self_rotate?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly environment?: 'live' | 'test' | undefined;
  readonly owner?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
      }
    | undefined;
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
      }
    | undefined;
  readonly actor?:
    | {
        readonly external_id: string;
        readonly ip?: string | undefined;
      }
    | undefined;
}

export interface ListTokensInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly owner_external_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly workspace_external_id?: string | undefined;
  readonly lineage_id?: string | undefined;
  readonly environment?: 'live' | 'test' | undefined;
  readonly search?: string | undefined;
  /** true: only tokens that can still be accepted */
  readonly live?: boolean | undefined;
  readonly state?: 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked' | undefined;
  /** Only tokens at least this old that were not accepted for this long */
  readonly unused_for?: string | undefined;
  /** Only tokens whose expiry is no further away than this */
  readonly expires_within?: string | undefined;
  /** true: only tokens without an expiry */
  readonly never_expires?: boolean | undefined;
  /** true: only tokens whose owner is disabled or left the workspace */
  readonly owner_ended?: boolean | undefined;
  /** `last_used`: most recent first; `expires`: soonest first */
  readonly sort?: 'newest' | 'oldest' | 'name' | 'last_used' | 'expires' | undefined;
}

export interface ReadTokenInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
}

export interface UpdateTokenInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly level?: 'read' | 'write' | 'admin' | undefined;
  readonly inherit?: true | undefined;
  readonly ip_allowlist?: readonly string[] | null | undefined;
  readonly expires_at?: string | null | undefined;
  readonly expires_in?: string | undefined;
  readonly tier?: string | undefined;
  readonly limits?:
    | readonly {
        readonly name: string;
        readonly limit: number;
        readonly seconds: number;
      }[]
    | 'unlimited'
    | undefined;
  /** Whether a successor becomes claimable by itself each `rotation_period`; the old one works until then */
  readonly auto_rotate?: boolean | undefined;
  /** 1m to 3650d; what the profile says when left out */
  readonly rotation_period?: string | null | undefined;
  readonly grace_period?: '0s' | string | null | undefined;
  /** Whether the old token of a rotation ends as soon as its successor is first used, whatever the grace */
  readonly end_old_on_first_use?: boolean | undefined;
  /** What becomes of the token when nobody claims its successor; what the profile says when left out */
  readonly on_unclaimed?: 'keep' | 'end' | null | undefined;
  readonly notification_email?: string | null | undefined;
  readonly self_rotate?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** true stops the token now; false lets it work again */
  readonly disabled?: boolean | undefined;
}

export interface RevokeTokenInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  /** `lineage` ends every token of the rotation line, whichever is named */
  readonly scope?: 'lineage' | undefined;
  readonly reason?: string | undefined;
  readonly actor?:
    | {
        readonly external_id: string;
        readonly ip?: string | undefined;
      }
    | undefined;
}

export interface RevokeTokensInput {
  readonly ids?: readonly string[] | undefined;
  /** As for the list of tokens; at least one field */
  readonly filter?:
    | {
        readonly owner_id?: string | undefined;
        readonly owner_external_id?: string | undefined;
        readonly workspace_id?: string | undefined;
        readonly workspace_external_id?: string | undefined;
        readonly lineage_id?: string | undefined;
        readonly environment?: 'live' | 'test' | undefined;
        readonly search?: string | undefined;
        /** true: only tokens that can still be accepted */
        readonly live?: 'true' | 'false' | undefined;
        readonly state?: 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked' | undefined;
        /** Only tokens at least this old that were not accepted for this long */
        readonly unused_for?: string | undefined;
        /** Only tokens whose expiry is no further away than this */
        readonly expires_within?: string | undefined;
        /** true: only tokens without an expiry */
        readonly never_expires?: 'true' | 'false' | undefined;
        /** true: only tokens whose owner is disabled or left the workspace */
        readonly owner_ended?: 'true' | 'false' | undefined;
      }
    | undefined;
  readonly reason?: string | undefined;
  /** true ends nothing and says what would end */
  readonly dry_run?: boolean | 'true' | 'false' | undefined;
  /** Of the call that this one goes on from: in the audit log they are one */
  readonly bulk_id?: string | undefined;
  /** Where to go on: the next_cursor of the call before */
  readonly cursor?: string | undefined;
  readonly actor?:
    | {
        readonly external_id: string;
        readonly ip?: string | undefined;
      }
    | undefined;
}

export interface TransferTokenInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  /** Who has it from now on: a member of the workspace it belongs to */
  readonly owner:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
      };
  readonly reason?: string | undefined;
  readonly actor?:
    | {
        readonly external_id: string;
        readonly ip?: string | undefined;
      }
    | undefined;
}

export interface PreviewRevocationInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  /** As for revoking */
  readonly scope?: 'lineage' | undefined;
}

export interface RotateTokenInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  readonly grace_period?: '0s' | string | undefined;
  /** Whether the old token ends as soon as its successor is first used, whatever the grace */
  readonly end_old_on_first_use?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly replace_unused_successor?: boolean | undefined;
  /** Rotates only when automatic rotation has a successor waiting: for clients that ask every day */
  readonly only_if_due?: boolean | undefined;
}

export interface ListPredecessorsInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
}

export interface ReadTokenUsageInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  /** RFC 3339; 30 days ago when left out */
  readonly from?: string | undefined;
  /** RFC 3339; now when left out. At most 92 days after `from` */
  readonly to?: string | undefined;
  /** `day`: whole days of UTC; the day that `from` falls into is counted whole */
  readonly granularity?: 'hour' | 'day' | undefined;
  /** Tells the uses apart by this; by the hour at most 7 days at a time */
  readonly by?: 'permission' | 'outcome' | 'network' | 'agent' | undefined;
}

export interface SuggestTokenGrantInput {
  /** A token id, or `current` for the token of this request */
  readonly id: string;
  /** How far back is looked */
  readonly days?: number | undefined;
}

export interface ListGrantSuggestionsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly workspace_id?: string | undefined;
  /** How far back is looked */
  readonly days?: number | undefined;
  /** `narrow` and `unused` when left out */
  readonly verdict?: 'narrow' | 'fits' | 'unused' | 'inherits' | 'unknown' | undefined;
}

export type VerifyTokensInput =
  | VerifyRequest
  | {
      readonly requests: readonly VerifyRequest[];
    };

export interface TryTokenInput {
  /** The value, as a request would carry it */
  readonly token: string;
  /** Method and target of a request, where the rules in force say what it needs */
  readonly route?:
    | {
        readonly method: string;
        readonly target: string;
      }
    | undefined;
  /** Permissions instead, where there are no rules; none where both are left out */
  readonly all_of?: readonly string[] | undefined;
  readonly any_of?: readonly string[] | undefined;
  /** Address of the client; unknown where it is left out */
  readonly ip?: string | null | undefined;
  /** Which the request goes to; live unless told */
  readonly environment?: 'live' | 'test' | undefined;
}

export interface FindPastedTokenInput {
  /** The value, as it was found somewhere */
  readonly token: string;
}

export interface ImportTokensInput {
  /** Where the tokens come from; together with their ids there it tells which are here already */
  readonly source: string;
  /** How that system made its digests */
  readonly recipe: 'sha256' | 'sha512' | 'knox' | 'sanctum';
  /** How the tokens begin; may be empty */
  readonly prefix: string;
  /** What they are written with behind the prefix */
  readonly alphabet: 'hex' | 'base62' | 'base64url' | 'printable';
  /** Characters behind the prefix, at least */
  readonly length_min: number;
  /** The same at most */
  readonly length_max: number;
  /** A further scheme of the Authorization header that their clients send */
  readonly scheme?: string | null | undefined;
  /** true changes nothing and says what would be imported */
  readonly dry_run?: boolean | undefined;
  /** One value a line */
  readonly lines: readonly unknown[];
}

export interface ClaimTokenInput {
  /** What stands behind the # of the link */
  readonly secret: string;
}

export interface ReadTokenOptionsInput {
  /** Whose token it is to be; the caller’s own when left out */
  readonly owner_id?: string | undefined;
  readonly owner_external_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly workspace_external_id?: string | undefined;
}

export interface ListOwnersInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly workspace_external_id?: string | undefined;
  /** Only who holds this role */
  readonly role_id?: string | undefined;
  /** Part of a name, an e-mail address or an id of yours */
  readonly search?: string | undefined;
}

export interface SyncOwnersInput {
  /** true changes nothing and says what would change */
  readonly dry_run?: boolean | undefined;
  /** One value a line */
  readonly lines: readonly unknown[];
}

export interface PutOwnerInput {
  readonly external_id: string;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  /** All memberships within the reach of the caller: one that is missing is cut */
  readonly memberships?:
    | readonly {
        readonly workspace:
          | {
              readonly id: string;
            }
          | {
              readonly external_id: string;
              /** For a workspace that does not exist yet; one that exists keeps its name */
              readonly name?: string | undefined;
            };
        readonly permissions?: readonly string[] | undefined;
        /** Names or ids of roles */
        readonly roles?: readonly string[] | undefined;
      }[]
    | undefined;
  /** With permissions or roles: short for exactly one membership */
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
        /** For a workspace that does not exist yet; one that exists keeps its name */
        readonly name?: string | undefined;
      }
    | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Names or ids of roles */
  readonly roles?: readonly string[] | undefined;
  /** true stops every token of the owner now; only false lets them work again */
  readonly disabled?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface ReadOwnerInput {
  readonly external_id: string;
}

export interface UpdateOwnerInput {
  readonly external_id: string;
  /** true stops all its tokens now; false lets them work again */
  readonly disabled: boolean;
}

export interface DeleteOwnerInput {
  readonly external_id: string;
}

export interface CreatePortalSessionInput {
  /** One of your users, for the page of their own tokens; this or `staff` */
  readonly owner?:
    | {
        readonly external_id: string;
      }
    | undefined;
  /** Somebody of yours who looks after tokens, for the dashboard */
  readonly staff?:
    | {
        readonly external_id: string;
        readonly name?: string | undefined;
        readonly email?: string | undefined;
        /** Name or id of a role; never more than you may do yourself */
        readonly role: string;
      }
    | undefined;
  /** Needed where the owner is a member of several; for staff by default that of the caller, or the home one */
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
      }
    | undefined;
  /** Whoever acts as the owner, such as somebody of your support */
  readonly actor?:
    | {
        readonly external_id: string;
        readonly ip?: string | undefined;
      }
    | undefined;
}

export interface EndPortalSessionsInput {
  /** One of your users; this or `staff_external_id` */
  readonly owner_external_id?: string | undefined;
  /** Somebody of your staff */
  readonly staff_external_id?: string | undefined;
}

export interface OpenPortalSessionInput {
  /** What stands behind the # of the link */
  readonly secret: string;
}

export interface EndPortalSessionInput {
  readonly id: string;
}

export interface CreateUserInput {
  readonly email: string;
  readonly name?: string | null | undefined;
  /** All memberships within the reach of the caller: one that is missing is cut */
  readonly memberships?:
    | readonly {
        readonly workspace:
          | {
              readonly id: string;
            }
          | {
              readonly external_id: string;
              /** For a workspace that does not exist yet; one that exists keeps its name */
              readonly name?: string | undefined;
            };
        readonly permissions?: readonly string[] | undefined;
        /** Names or ids of roles */
        readonly roles?: readonly string[] | undefined;
      }[]
    | undefined;
  /** With permissions or roles: short for exactly one membership */
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
        /** For a workspace that does not exist yet; one that exists keeps its name */
        readonly name?: string | undefined;
      }
    | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Names or ids of roles */
  readonly roles?: readonly string[] | undefined;
  /** true stops every token of the owner now; only false lets them work again */
  readonly disabled?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface ListUsersInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly workspace_external_id?: string | undefined;
  /** Only who holds this role */
  readonly role_id?: string | undefined;
  /** Part of a name, an e-mail address or an id of yours */
  readonly search?: string | undefined;
}

export interface ReadUserInput {
  readonly id: string;
}

export interface UpdateUserInput {
  readonly id: string;
  readonly email?: string | undefined;
  readonly name?: string | null | undefined;
  /** All memberships within the reach of the caller: one that is missing is cut */
  readonly memberships?:
    | readonly {
        readonly workspace:
          | {
              readonly id: string;
            }
          | {
              readonly external_id: string;
              /** For a workspace that does not exist yet; one that exists keeps its name */
              readonly name?: string | undefined;
            };
        readonly permissions?: readonly string[] | undefined;
        /** Names or ids of roles */
        readonly roles?: readonly string[] | undefined;
      }[]
    | undefined;
  /** With permissions or roles: short for exactly one membership */
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
        /** For a workspace that does not exist yet; one that exists keeps its name */
        readonly name?: string | undefined;
      }
    | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Names or ids of roles */
  readonly roles?: readonly string[] | undefined;
  /** true stops every token of the owner now; only false lets them work again */
  readonly disabled?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface DeleteUserInput {
  readonly id: string;
}

export interface RemoveSecondFactorInput {
  readonly id: string;
}

export interface RemoveSingleSignOnInput {
  readonly id: string;
}

export interface ListUserSessionsInput {
  readonly id: string;
}

export interface EndUserSessionsInput {
  readonly id: string;
}

export interface CreatePasswordResetInput {
  readonly id: string;
}

export interface CreateInvitationInput {
  readonly email: string;
  readonly name?: string | undefined;
  /** Default: that of the caller, or the home workspace */
  readonly workspace_id?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Names or ids of roles */
  readonly roles?: readonly string[] | undefined;
}

export interface ListInvitationsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface DeleteInvitationInput {
  readonly id: string;
}

export interface CreateServiceAccountInput {
  readonly name: string;
  /** All memberships within the reach of the caller: one that is missing is cut */
  readonly memberships?:
    | readonly {
        readonly workspace:
          | {
              readonly id: string;
            }
          | {
              readonly external_id: string;
              /** For a workspace that does not exist yet; one that exists keeps its name */
              readonly name?: string | undefined;
            };
        readonly permissions?: readonly string[] | undefined;
        /** Names or ids of roles */
        readonly roles?: readonly string[] | undefined;
      }[]
    | undefined;
  /** With permissions or roles: short for exactly one membership */
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
        /** For a workspace that does not exist yet; one that exists keeps its name */
        readonly name?: string | undefined;
      }
    | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Names or ids of roles */
  readonly roles?: readonly string[] | undefined;
  /** true stops every token of the owner now; only false lets them work again */
  readonly disabled?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface ListServiceAccountsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly workspace_external_id?: string | undefined;
  /** Only who holds this role */
  readonly role_id?: string | undefined;
  /** Part of a name, an e-mail address or an id of yours */
  readonly search?: string | undefined;
}

export interface ReadServiceAccountInput {
  readonly id: string;
}

export interface UpdateServiceAccountInput {
  readonly id: string;
  readonly name?: string | undefined;
  /** All memberships within the reach of the caller: one that is missing is cut */
  readonly memberships?:
    | readonly {
        readonly workspace:
          | {
              readonly id: string;
            }
          | {
              readonly external_id: string;
              /** For a workspace that does not exist yet; one that exists keeps its name */
              readonly name?: string | undefined;
            };
        readonly permissions?: readonly string[] | undefined;
        /** Names or ids of roles */
        readonly roles?: readonly string[] | undefined;
      }[]
    | undefined;
  /** With permissions or roles: short for exactly one membership */
  readonly workspace?:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
        /** For a workspace that does not exist yet; one that exists keeps its name */
        readonly name?: string | undefined;
      }
    | undefined;
  readonly permissions?: readonly string[] | undefined;
  /** Names or ids of roles */
  readonly roles?: readonly string[] | undefined;
  /** true stops every token of the owner now; only false lets them work again */
  readonly disabled?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface DeleteServiceAccountInput {
  readonly id: string;
}

export interface CreateWorkspaceInput {
  readonly name: string;
  readonly external_id?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface ListWorkspacesInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ReadWorkspaceInput {
  readonly id: string;
}

export interface UpdateWorkspaceInput {
  readonly id: string;
  readonly name?: string | undefined;
  /** true stops every token of the workspace now */
  readonly disabled?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface CreateRoleInput {
  readonly name: string;
  readonly permissions: readonly string[];
}

export interface UpdateRoleInput {
  readonly id: string;
  readonly name?: string | undefined;
  /** The whole set: one that is missing is cut from everyone */
  readonly permissions?: readonly string[] | undefined;
}

export interface DeleteRoleInput {
  readonly id: string;
}

export interface CreateTrialInput {
  readonly subject: {
    readonly kind: 'token' | 'owner' | 'role' | 'profile';
    /** Of the token, the owner or the role */
    readonly id?: string | undefined;
    /** Instead of id: your own id of an owner */
    readonly external_id?: string | undefined;
  };
  /** What would change, as the operation takes it that would change it: of a token its permissions, level, ip_allowlist, tier, limits, expires_at; of an owner its memberships; of a role its permissions; of the profile, a whole one */
  readonly change: Readonly<Record<string, unknown>>;
  readonly name?: string | undefined;
  /** RFC 3339; in 14 days when left out, at most 90 days from now */
  readonly ends_at?: string | undefined;
  readonly ends_in?: string | undefined;
}

export interface ListTrialsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ReadTrialInput {
  readonly id: string;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface EndTrialInput {
  readonly id: string;
}

export interface EnforceTrialInput {
  readonly id: string;
}

export interface ReadOverviewInput {
  readonly period?: '24h' | '7d' | '30d' | undefined;
}

export interface ListAuditEventsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** What was changed: an owner, a lineage, a role … */
  readonly subject_id?: string | undefined;
  readonly actor_id?: string | undefined;
  /** For example token.revoked */
  readonly action?: string | undefined;
  readonly request_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  /** RFC 3339; events at that instant are in the list */
  readonly from?: string | undefined;
  /** RFC 3339; events at that instant are not */
  readonly to?: string | undefined;
}

export interface ExportAccessReviewInput {
  readonly format: 'jsonl' | 'csv';
  readonly workspace_id?: string | undefined;
  /** true lists also tokens that were revoked, replaced or have expired */
  readonly ended?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ApplyAccessReviewInput {
  /** true changes nothing and says what would be done */
  readonly dry_run?: boolean | undefined;
  /** Who decided, where that is somebody else than the caller */
  readonly reviewer?: string | undefined;
  /** Of the file that was decided in, as evidence */
  readonly file_sha256: string;
  /** One value a line */
  readonly lines: readonly unknown[];
}

export interface ExportAuditEventsInput {
  /** What was changed: an owner, a lineage, a role … */
  readonly subject_id?: string | undefined;
  readonly actor_id?: string | undefined;
  /** For example token.revoked */
  readonly action?: string | undefined;
  readonly request_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  /** RFC 3339; events at that instant are in the list */
  readonly from?: string | undefined;
  /** RFC 3339; events at that instant are not */
  readonly to?: string | undefined;
  /** `jsonl` holds everything, and can be verified; `csv` is for spreadsheets */
  readonly format: 'jsonl' | 'csv';
  /** false leaves out addresses, names and reasons */
  readonly personal?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface EraseAuditTextInput {
  /** An owner or user, also one that was deleted; by address also somebody who never became one */
  readonly person:
    | {
        readonly id: string;
      }
    | {
        readonly external_id: string;
      }
    | {
        readonly email: string;
      };
  readonly reason?: string | undefined;
}

export interface ListAuditCheckpointsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ListAccessesInput {
  /** RFC 3339; decisions at that instant are in the list */
  readonly from: string;
  /** RFC 3339; decisions at that instant are not. At most 31 days after `from` */
  readonly to: string;
  readonly outcome?: 'all' | 'accepted' | 'refused' | undefined;
  /** Why it was refused: for example insufficient_permissions */
  readonly reason?: string | undefined;
  readonly token_id?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly ip?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ExportAccessesInput {
  /** RFC 3339; decisions at that instant are in the list */
  readonly from: string;
  /** RFC 3339; decisions at that instant are not. At most 31 days after `from` */
  readonly to: string;
  readonly outcome?: 'all' | 'accepted' | 'refused' | undefined;
  /** Why it was refused: for example insufficient_permissions */
  readonly reason?: string | undefined;
  readonly token_id?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly ip?: string | undefined;
  readonly format: 'jsonl' | 'csv';
  /** false leaves out addresses */
  readonly personal?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface ListDenialsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** For example insufficient_permissions, or cross_workspace_denied */
  readonly reason?: string | undefined;
  readonly token_id?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly ip?: string | undefined;
  /** RFC 3339; denials at that instant are in the list */
  readonly from?: string | undefined;
  /** RFC 3339; denials at that instant are not */
  readonly to?: string | undefined;
}

export interface ReadDenialInput {
  readonly request_id: string;
}

export interface ListAlertsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly kind?:
    | 'new_network'
    | 'denial_burst'
    | 'used_after_end'
    | 'failures_from_address'
    | 'rotated_from_new_address'
    | 'token_in_url'
    | undefined;
  readonly state?: 'open' | 'acknowledged' | undefined;
  /** Also of the tokens it was rotated from and to */
  readonly token_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  /** RFC 3339; raised at that instant or later */
  readonly since?: string | undefined;
}

export interface ReadAlertInput {
  readonly id: string;
}

export interface AcknowledgeAlertInput {
  readonly id: string;
  /** What was found out, for whoever looks later */
  readonly note?: string | undefined;
}

export interface AcknowledgeAlertsInput {
  readonly ids: readonly string[];
  /** What was found out, for whoever looks later */
  readonly note?: string | undefined;
}

export interface ListMailsInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly state?: 'pending' | 'sent' | 'given_up' | undefined;
}

export interface CreateWebhookInput {
  /** https:// and a name or address of the public Internet */
  readonly url: string;
  readonly description?: string | null | undefined;
  /** What it is told of; null is everything, also what later versions tell */
  readonly event_types?:
    | readonly (
        | 'token.created'
        | 'token.updated'
        | 'token.rotated'
        | 'token.rotation_due'
        | 'token.rotation_reminded'
        | 'token.rotation_overdue'
        | 'token.expiring'
        | 'token.unused'
        | 'token.replaced'
        | 'token.disabled'
        | 'token.enabled'
        | 'token.revoked'
        | 'token.leaked'
        | 'owner.created'
        | 'owner.updated'
        | 'owner.disabled'
        | 'owner.deleted'
        | 'user.created'
        | 'user.updated'
        | 'user.disabled'
        | 'user.deleted'
        | 'service_account.created'
        | 'service_account.updated'
        | 'service_account.disabled'
        | 'service_account.deleted'
        | 'workspace.created'
        | 'workspace.updated'
        | 'workspace.disabled'
        | 'role.created'
        | 'role.updated'
        | 'role.deleted'
        | 'profile.applied'
        | 'alert.raised'
        | 'webhook.disabled'
        | 'webhook.test'
      )[]
    | null
    | undefined;
  /** Whose events it is told; left out: those of the caller’s workspace, or of every workspace */
  readonly workspace_id?: string | undefined;
}

export interface ListWebhooksInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly workspace_id?: string | undefined;
}

export interface ReadWebhookInput {
  readonly id: string;
}

export interface UpdateWebhookInput {
  readonly id: string;
  /** https:// and a name or address of the public Internet */
  readonly url?: string | undefined;
  readonly description?: string | null | undefined;
  /** What it is told of; null is everything, also what later versions tell */
  readonly event_types?:
    | readonly (
        | 'token.created'
        | 'token.updated'
        | 'token.rotated'
        | 'token.rotation_due'
        | 'token.rotation_reminded'
        | 'token.rotation_overdue'
        | 'token.expiring'
        | 'token.unused'
        | 'token.replaced'
        | 'token.disabled'
        | 'token.enabled'
        | 'token.revoked'
        | 'token.leaked'
        | 'owner.created'
        | 'owner.updated'
        | 'owner.disabled'
        | 'owner.deleted'
        | 'user.created'
        | 'user.updated'
        | 'user.disabled'
        | 'user.deleted'
        | 'service_account.created'
        | 'service_account.updated'
        | 'service_account.disabled'
        | 'service_account.deleted'
        | 'workspace.created'
        | 'workspace.updated'
        | 'workspace.disabled'
        | 'role.created'
        | 'role.updated'
        | 'role.deleted'
        | 'profile.applied'
        | 'alert.raised'
        | 'webhook.disabled'
        | 'webhook.test'
      )[]
    | null
    | undefined;
  /** true gives up what is still to be delivered; false also enables what Keyhouse has disabled */
  readonly disabled?: boolean | undefined;
}

export interface DeleteWebhookInput {
  readonly id: string;
}

export interface RotateWebhookSecretInput {
  readonly id: string;
  /** true: the old secret signs nothing any more from now on */
  readonly end_previous?: boolean | 'true' | 'false' | undefined;
}

export interface TestWebhookInput {
  readonly id: string;
}

export interface ListWebhookDeliveriesInput {
  readonly id: string;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly state?: 'pending' | 'delivered' | 'given_up' | undefined;
  readonly event_type?: string | undefined;
}

export interface ReplayWebhookDeliveryInput {
  readonly id: string;
  readonly delivery_id: string;
}

export interface ReplayWebhookInput {
  readonly id: string;
  /** RFC 3339; events are kept for 30 days */
  readonly since: string;
  /** true: what the endpoint has taken already, too */
  readonly include_delivered?: boolean | 'true' | 'false' | undefined;
}

export type ReportLeakInput = LeakReport;

export type AskWhyInput = WhyRequest;

export interface ApplyProfileInput {
  /** true applies nothing and says what would change */
  readonly dry_run?: boolean | undefined;
  /** true applies it although requests accepted now will be refused */
  readonly allow_narrowing?: boolean | undefined;
  /** A profile file */
  readonly profile: Readonly<Record<string, unknown>>;
}

export interface SetUpInput {
  /** The one-time code that the first start printed */
  readonly code: string;
  readonly email: string;
  /** Left out where people sign in by single sign-on alone */
  readonly password?: string | undefined;
  readonly name?: string | undefined;
  /** Your own company */
  readonly workspace:
    | string
    | {
        readonly name: string;
        readonly external_id?: string | undefined;
      };
}

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator, or a recovery code, where the user has one */
  readonly code?: string | undefined;
}

export interface OpenStaffSessionInput {
  /** What stands behind the # of the link */
  readonly secret: string;
}

export interface EndSessionInput {
  readonly id: string;
}

export interface ChangeWorkspaceInput {
  readonly workspace_id: string;
}

export interface AcceptInvitationInput {
  /** What stands behind the # of the link */
  readonly secret: string;
  readonly name?: string | undefined;
  /** For who has no account yet */
  readonly password?: string | undefined;
}

export interface RequestPasswordResetInput {
  readonly email: string;
}

export interface ResetPasswordInput {
  /** What stands behind the # of the link */
  readonly secret: string;
  readonly password: string;
}

export interface UpdateOwnNameInput {
  readonly name: string | null;
}

export interface ChangePasswordInput {
  readonly current: string;
  readonly new: string;
}

export interface ConfirmSecondFactorInput {
  readonly code: string;
  /** Once more: a borrowed session locks nobody out */
  readonly password: string;
}

export interface RemoveOwnSecondFactorInput {
  readonly password: string;
}

export interface ListTokensOutput {
  data: Token[];
  next_cursor: string | null;
}

export interface ListGrantSuggestionsOutput {
  data: GrantSuggestion[];
  next_cursor: string | null;
}

export type VerifyTokensOutput =
  | Verdict
  | {
      results: Verdict[];
    };

export interface ListOwnersOutput {
  data: Owner[];
  next_cursor: string | null;
}

export interface ListUsersOutput {
  data: User[];
  next_cursor: string | null;
}

export interface ListUserSessionsOutput {
  data: {
    id: string;
    created_at: string;
    last_used_at: string;
    expires_at: string;
    ip: string | null;
    user_agent: string | null;
    workspace_id: string;
  }[];
}

export interface ListInvitationsOutput {
  data: Invitation[];
  next_cursor: string | null;
}

export interface ListServiceAccountsOutput {
  data: Owner[];
  next_cursor: string | null;
}

export interface ListWorkspacesOutput {
  data: Workspace[];
  next_cursor: string | null;
}

export interface ListRolesOutput {
  data: Role[];
  next_cursor: string | null;
}

export interface ListTrialsOutput {
  data: Trial[];
  next_cursor: string | null;
}

export interface ListAuditEventsOutput {
  data: AuditEvent[];
  next_cursor: string | null;
}

export interface ListAuditCheckpointsOutput {
  data: AuditCheckpointRecord[];
  next_cursor: string | null;
}

export interface ListAccessesOutput {
  data: Access[];
  next_cursor: string | null;
  /** Of accepted requests; 0 where none is kept. Of refusals all are */
  keeps_one_in: number;
}

export interface ListDenialsOutput {
  data: Denial[];
  next_cursor: string | null;
}

export interface ListAlertsOutput {
  data: Alert[];
  next_cursor: string | null;
}

export interface AcknowledgeAlertsOutput {
  data: Alert[];
}

export interface ListMailsOutput {
  data: Mail[];
  next_cursor: string | null;
}

export interface ListWebhooksOutput {
  data: Webhook[];
  next_cursor: string | null;
}

export interface ListWebhookDeliveriesOutput {
  data: WebhookDelivery[];
  next_cursor: string | null;
}

export interface SignInOutput {
  session: Session;
  cookies: {
    session: string;
    device: string;
  };
}

export interface ListSessionsOutput {
  data: SessionSummary[];
}

export interface OpenStaffSessionOutput {
  session: Session;
  cookies: {
    session: string;
  };
}

export interface AcceptInvitationOutput {
  session: Session;
  cookies: {
    session: string;
    device: string;
  };
}

/** What goes into every operation and what comes out of it. */
export interface Operations {
  /** Create a token. Needs `keyhouse-tokens:write`. */
  createToken: { input: CreateTokenInput; output: CreatedToken };
  /** List tokens. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  listTokens: { input: ListTokensInput; output: ListTokensOutput };
  /** Read a token. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  readToken: { input: ReadTokenInput; output: Token };
  /** Change or disable a token. Needs `keyhouse-tokens:write`. */
  updateToken: { input: UpdateTokenInput; output: UpdatedToken };
  /** Revoke a token. Needs `keyhouse-tokens:revoke`; without it, it works on what is the caller's own. */
  revokeToken: { input: RevokeTokenInput; output: Revocation };
  /** Revoke many tokens. Needs `keyhouse-tokens:revoke`. */
  revokeTokens: { input: RevokeTokensInput; output: BulkRevocation };
  /** Give a token to another owner. Needs `keyhouse-owners:act-as`. */
  transferToken: { input: TransferTokenInput; output: TransferredToken };
  /** See what revoking a token would end. Needs `keyhouse-tokens:revoke`; without it, it works on what is the caller's own. */
  previewRevocation: { input: PreviewRevocationInput; output: RevocationPreview };
  /** Rotate a token. Needs `keyhouse-tokens:write`; without it, it works on what is the caller's own. */
  rotateToken: { input: RotateTokenInput; output: Rotation };
  /** List who still uses the tokens before this one. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  listPredecessors: { input: ListPredecessorsInput; output: Predecessors };
  /** Read how a token was used. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  readTokenUsage: { input: ReadTokenUsageInput; output: Usage };
  /** Suggest what would be enough for a token. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  suggestTokenGrant: { input: SuggestTokenGrantInput; output: GrantSuggestion };
  /** List tokens that hold more than they use. Needs `keyhouse-tokens:read`. */
  listGrantSuggestions: { input: ListGrantSuggestionsInput; output: ListGrantSuggestionsOutput };
  /** Ask whether a token may do something. Needs `keyhouse-tokens:verify`. */
  verifyTokens: { input: VerifyTokensInput; output: VerifyTokensOutput };
  /** Try what a token may do, without spending. Needs `keyhouse-denials:read`; without it, it works on what is the caller's own. */
  tryToken: { input: TryTokenInput; output: TriedToken };
  /** Find the token that a value belongs to. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  findPastedToken: { input: FindPastedTokenInput; output: Token };
  /** Import tokens of another system. Needs `keyhouse-tokens:write`. */
  importTokens: { input: ImportTokensInput; output: TokenImport };
  /** Claim the successor of a token whose rotation is due. */
  claimToken: { input: ClaimTokenInput; output: Claim };
  /** Read what a new token may be given. Any valid token may call this. */
  readTokenOptions: { input: ReadTokenOptionsInput; output: TokenOptions };
  /** Test the token of this request. Any valid token may call this. */
  testAuthentication: { input: NoInput; output: AuthenticationTest };
  /** List external owners. Needs `keyhouse-owners:read`. */
  listOwners: { input: ListOwnersInput; output: ListOwnersOutput };
  /** Create or change many external owners. Needs `keyhouse-owners:write`. */
  syncOwners: { input: SyncOwnersInput; output: OwnerSync };
  /** Create or change an external owner. Needs `keyhouse-owners:write`. */
  putOwner: { input: PutOwnerInput; output: PutOwner };
  /** Read an external owner. Needs `keyhouse-owners:read`. */
  readOwner: { input: ReadOwnerInput; output: Owner };
  /** Disable or enable an external owner, whatever the provider says of it. Needs `keyhouse-owners:write`. */
  updateOwner: { input: UpdateOwnerInput; output: UpdatedOwner };
  /** Delete an external owner and revoke its tokens. Needs `keyhouse-owners:write`. */
  deleteOwner: { input: DeleteOwnerInput; output: DeletedOwner };
  /** Open the token page for one of your users, or the dashboard for your staff. Needs `keyhouse-owners:act-as` or `keyhouse-users:write`. */
  createPortalSession: { input: CreatePortalSessionInput; output: CreatedPortalSession };
  /** End all portal sessions of somebody. Needs `keyhouse-owners:act-as` or `keyhouse-users:write`. */
  endPortalSessions: { input: EndPortalSessionsInput; output: EndedPortalSessions };
  /** Open a portal session. */
  openPortalSession: { input: OpenPortalSessionInput; output: PortalSession };
  /** End a portal session. Needs `keyhouse-owners:act-as` or `keyhouse-users:write`. */
  endPortalSession: { input: EndPortalSessionInput; output: EndedPortalSessions };
  /** Create a user. Needs `keyhouse-users:write`. */
  createUser: { input: CreateUserInput; output: Owner };
  /** List users. Needs `keyhouse-users:read`. */
  listUsers: { input: ListUsersInput; output: ListUsersOutput };
  /** Read a user. Needs `keyhouse-users:read`. */
  readUser: { input: ReadUserInput; output: User };
  /** Change, disable or enable a user. Needs `keyhouse-users:write`. */
  updateUser: { input: UpdateUserInput; output: UpdatedOwner };
  /** Delete a user and revoke its tokens. Needs `keyhouse-users:write`. */
  deleteUser: { input: DeleteUserInput; output: DeletedOwner };
  /** Remove the second factor of a user. Needs `keyhouse-users:write`. */
  removeSecondFactor: { input: RemoveSecondFactorInput; output: RemovedSecondFactor };
  /** Unlink a user from single sign-on. Needs `keyhouse-users:write`. */
  removeSingleSignOn: { input: RemoveSingleSignOnInput; output: RemovedSingleSignOn };
  /** List where a user is signed in. Needs `keyhouse-users:read`. */
  listUserSessions: { input: ListUserSessionsInput; output: ListUserSessionsOutput };
  /** Sign a user out everywhere. Needs `keyhouse-users:write`. */
  endUserSessions: { input: EndUserSessionsInput; output: EndedUserSessions };
  /** Make a link with which a user sets a new password. Needs `keyhouse-users:write`. */
  createPasswordReset: { input: CreatePasswordResetInput; output: CreatedPasswordReset };
  /** Invite somebody into a workspace. Needs `keyhouse-users:write`. */
  createInvitation: { input: CreateInvitationInput; output: CreatedInvitation };
  /** List open invitations. Needs `keyhouse-users:read`. */
  listInvitations: { input: ListInvitationsInput; output: ListInvitationsOutput };
  /** Withdraw an invitation. Needs `keyhouse-users:write`. */
  deleteInvitation: { input: DeleteInvitationInput; output: WithdrawnInvitation };
  /** Create a service account. Needs `keyhouse-service-accounts:write`. */
  createServiceAccount: { input: CreateServiceAccountInput; output: Owner };
  /** List service accounts. Needs `keyhouse-service-accounts:read`. */
  listServiceAccounts: { input: ListServiceAccountsInput; output: ListServiceAccountsOutput };
  /** Read a service account. Needs `keyhouse-service-accounts:read`. */
  readServiceAccount: { input: ReadServiceAccountInput; output: Owner };
  /** Change, disable or enable a service account. Needs `keyhouse-service-accounts:write`. */
  updateServiceAccount: { input: UpdateServiceAccountInput; output: UpdatedOwner };
  /** Delete a service account and revoke its tokens. Needs `keyhouse-service-accounts:write`. */
  deleteServiceAccount: { input: DeleteServiceAccountInput; output: DeletedOwner };
  /** Create a workspace. Needs `keyhouse-workspaces:write`. */
  createWorkspace: { input: CreateWorkspaceInput; output: Workspace };
  /** List workspaces. Needs `keyhouse-workspaces:read`. */
  listWorkspaces: { input: ListWorkspacesInput; output: ListWorkspacesOutput };
  /** Read a workspace. Needs `keyhouse-workspaces:read`. */
  readWorkspace: { input: ReadWorkspaceInput; output: Workspace };
  /** Change, disable or enable a workspace. Needs `keyhouse-workspaces:write`. */
  updateWorkspace: { input: UpdateWorkspaceInput; output: UpdatedWorkspace };
  /** Create a role. Needs `keyhouse-roles:write`. */
  createRole: { input: CreateRoleInput; output: Role };
  /** List roles. Needs `keyhouse-roles:read`. */
  listRoles: { input: NoInput; output: ListRolesOutput };
  /** Change a role. Needs `keyhouse-roles:write`. */
  updateRole: { input: UpdateRoleInput; output: UpdatedRole };
  /** Delete a role that nobody holds. Needs `keyhouse-roles:write`. */
  deleteRole: { input: DeleteRoleInput; output: DeletedRole };
  /** Observe what a change would refuse, without refusing it. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
  createTrial: { input: CreateTrialInput; output: Trial };
  /** List trials. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
  listTrials: { input: ListTrialsInput; output: ListTrialsOutput };
  /** Read a trial and who would break. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
  readTrial: { input: ReadTrialInput; output: TrialWithFindings };
  /** End a trial without making its change. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
  endTrial: { input: EndTrialInput; output: Trial };
  /** Make the change of a trial. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
  enforceTrial: { input: EnforceTrialInput; output: EnforcedTrial };
  /** See what happened lately and which tokens need a look. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
  readOverview: { input: ReadOverviewInput; output: Overview };
  /** Read the audit log. Needs `keyhouse-audit:read`. */
  listAuditEvents: { input: ListAuditEventsInput; output: ListAuditEventsOutput };
  /** Export all tokens for an access review. Needs `keyhouse-tokens:read`. */
  exportAccessReview: { input: ExportAccessReviewInput; output: AccessReviewExport };
  /** Apply the decisions of an access review. Needs `keyhouse-tokens:revoke`. */
  applyAccessReview: { input: ApplyAccessReviewInput; output: AccessReview };
  /** Export the audit log as JSON lines or CSV. Needs `keyhouse-audit:read`. */
  exportAuditEvents: { input: ExportAuditEventsInput; output: AuditExport };
  /** Erase the clear text about a person from the audit log. Needs `keyhouse-audit:erase`. */
  eraseAuditText: { input: EraseAuditTextInput; output: AuditErasure };
  /** List the signed checkpoints of the audit log. Needs `keyhouse-audit:read`. */
  listAuditCheckpoints: { input: ListAuditCheckpointsInput; output: ListAuditCheckpointsOutput };
  /** Read the public keys of audit checkpoints. Needs `keyhouse-audit:read`. */
  listAuditKeys: { input: NoInput; output: AuditKeys };
  /** List decisions: the access log. Needs `keyhouse-denials:read`. */
  listAccesses: { input: ListAccessesInput; output: ListAccessesOutput };
  /** Export the access log as JSON lines or CSV. Needs `keyhouse-denials:read`. */
  exportAccesses: { input: ExportAccessesInput; output: AccessExport };
  /** List what was refused lately. Needs `keyhouse-denials:read`. */
  listDenials: { input: ListDenialsInput; output: ListDenialsOutput };
  /** Explain why a request was refused. Needs `keyhouse-denials:read`; without it, it works on what is the caller's own. */
  readDenial: { input: ReadDenialInput; output: Explanation };
  /** List alerts about what was unusual. Needs `keyhouse-alerts:read`. */
  listAlerts: { input: ListAlertsInput; output: ListAlertsOutput };
  /** Read an alert. Needs `keyhouse-alerts:read`. */
  readAlert: { input: ReadAlertInput; output: Alert };
  /** Acknowledge an alert. Needs `keyhouse-alerts:write`. */
  acknowledgeAlert: { input: AcknowledgeAlertInput; output: Alert };
  /** Acknowledge alerts. Needs `keyhouse-alerts:write`. */
  acknowledgeAlerts: { input: AcknowledgeAlertsInput; output: AcknowledgeAlertsOutput };
  /** List mails and what became of them. Needs `keyhouse-mail:read`. */
  listMails: { input: ListMailsInput; output: ListMailsOutput };
  /** See which reminders would be mailed now. Needs `keyhouse-mail:read`. */
  previewReminders: { input: NoInput; output: ReminderPreview };
  /** Create a webhook. Needs `keyhouse-webhooks:write`. */
  createWebhook: { input: CreateWebhookInput; output: CreatedWebhook };
  /** List webhooks. Needs `keyhouse-webhooks:read`. */
  listWebhooks: { input: ListWebhooksInput; output: ListWebhooksOutput };
  /** Read a webhook. Needs `keyhouse-webhooks:read`. */
  readWebhook: { input: ReadWebhookInput; output: Webhook };
  /** Change a webhook. Needs `keyhouse-webhooks:write`. */
  updateWebhook: { input: UpdateWebhookInput; output: Webhook };
  /** Delete a webhook. Needs `keyhouse-webhooks:write`. */
  deleteWebhook: { input: DeleteWebhookInput; output: DeletedWebhook };
  /** Give a webhook a new secret. Needs `keyhouse-webhooks:write`. */
  rotateWebhookSecret: { input: RotateWebhookSecretInput; output: RotatedWebhook };
  /** Send a test event. Needs `keyhouse-webhooks:write`. */
  testWebhook: { input: TestWebhookInput; output: WebhookDelivery };
  /** List deliveries of a webhook. Needs `keyhouse-webhooks:read`. */
  listWebhookDeliveries: { input: ListWebhookDeliveriesInput; output: ListWebhookDeliveriesOutput };
  /** Deliver once more. Needs `keyhouse-webhooks:write`. */
  replayWebhookDelivery: { input: ReplayWebhookDeliveryInput; output: WebhookDelivery };
  /** Deliver what happened since a time. Needs `keyhouse-webhooks:write`. */
  replayWebhook: { input: ReplayWebhookInput; output: ReplayedWebhook };
  /** Report tokens that were found where they should not be. */
  reportLeak: { input: ReportLeakInput; output: LeakReported };
  /** Ask with a refused token why it was refused. */
  askWhy: { input: AskWhyInput; output: Why };
  /** Read the profile in force. Needs `keyhouse-profile:read`. */
  readProfile: { input: NoInput; output: ProfileInForce };
  /** Apply a profile. Needs `keyhouse-profile:write`. */
  applyProfile: { input: ApplyProfileInput; output: AppliedProfile };
  /** Become the first administrator. */
  setUp: { input: SetUpInput; output: SetUp };
  /** Sign in with e-mail address and password. */
  signIn: { input: SignInInput; output: SignInOutput };
  /** List your sessions. */
  listSessions: { input: NoInput; output: ListSessionsOutput };
  /** Sign out everywhere. */
  signOutEverywhere: { input: NoInput; output: EndedSessions };
  /** Open the dashboard with the link of a portal session. */
  openStaffSession: { input: OpenStaffSessionInput; output: OpenStaffSessionOutput };
  /** End one of your sessions. */
  endSession: { input: EndSessionInput; output: EndedSessions };
  /** Who am I. */
  readSession: { input: NoInput; output: Session };
  /** Change to another workspace. */
  changeWorkspace: { input: ChangeWorkspaceInput; output: Session };
  /** Sign out. */
  signOut: { input: NoInput; output: EndedSessions };
  /** Accept an invitation. */
  acceptInvitation: { input: AcceptInvitationInput; output: AcceptInvitationOutput };
  /** Ask for a link to set a new password. */
  requestPasswordReset: { input: RequestPasswordResetInput; output: PasswordResetRequested };
  /** Set a new password with a link. */
  resetPassword: { input: ResetPasswordInput; output: PasswordReset };
  /** Change your name. */
  updateOwnName: { input: UpdateOwnNameInput; output: Session };
  /** Change your password. */
  changePassword: { input: ChangePasswordInput; output: ChangedPassword };
  /** Begin a second factor. */
  beginSecondFactor: { input: NoInput; output: BegunSecondFactor };
  /** Confirm the second factor with a first code. */
  confirmSecondFactor: { input: ConfirmSecondFactorInput; output: RecoveryCodes };
  /** Remove your second factor. */
  removeOwnSecondFactor: { input: RemoveOwnSecondFactorInput; output: RemovedSecondFactor };
}

export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{name}` is a field of the input, `{tokens}` the place where the profile puts its tokens. */
  readonly path: string;
  /** Fields of the input that stand in the query. */
  readonly query?: readonly string[];
  /** What the other fields are sent as. `lines`: the values of the field of that name, one JSON text a line. */
  readonly body?: 'json' | 'lines';
  /** With an `Idempotency-Key` it can be repeated without making a second one. */
  readonly takesIdempotencyKey?: true;
  /** A token stands in the answer, under `token`. */
  readonly hasToken?: true;
}

/** Where every operation is asked. */
export const OPERATIONS: Readonly<Record<keyof Operations, OperationRow>> = {
  createToken: { method: 'POST', path: '{tokens}', body: 'json', takesIdempotencyKey: true },
  listTokens: {
    method: 'GET',
    path: '{tokens}',
    query: [
      'limit',
      'cursor',
      'owner_id',
      'owner_external_id',
      'workspace_id',
      'workspace_external_id',
      'lineage_id',
      'environment',
      'search',
      'live',
      'state',
      'unused_for',
      'expires_within',
      'never_expires',
      'owner_ended',
      'sort',
    ],
  },
  readToken: { method: 'GET', path: '{tokens}/{id}' },
  updateToken: { method: 'PATCH', path: '{tokens}/{id}', body: 'json' },
  revokeToken: { method: 'DELETE', path: '{tokens}/{id}', query: ['scope', 'reason'], body: 'json' },
  revokeTokens: { method: 'POST', path: '{tokens}/revoke', body: 'json' },
  transferToken: { method: 'POST', path: '{tokens}/{id}/transfer', body: 'json' },
  previewRevocation: { method: 'GET', path: '{tokens}/{id}/revocation', query: ['scope'] },
  rotateToken: { method: 'POST', path: '{tokens}/{id}/rotate', body: 'json', takesIdempotencyKey: true },
  listPredecessors: { method: 'GET', path: '{tokens}/{id}/predecessors' },
  readTokenUsage: { method: 'GET', path: '{tokens}/{id}/usage', query: ['from', 'to', 'granularity', 'by'] },
  suggestTokenGrant: { method: 'GET', path: '{tokens}/{id}/suggestion', query: ['days'] },
  listGrantSuggestions: {
    method: 'GET',
    path: '/v1/token-suggestions',
    query: ['limit', 'cursor', 'workspace_id', 'days', 'verdict'],
    hasToken: true,
  },
  verifyTokens: { method: 'POST', path: '{tokens}/verify', body: 'json' },
  tryToken: { method: 'POST', path: '{tokens}/try', body: 'json' },
  findPastedToken: { method: 'POST', path: '{tokens}/find', body: 'json' },
  importTokens: {
    method: 'POST',
    path: '{tokens}/import',
    query: ['source', 'recipe', 'prefix', 'alphabet', 'length_min', 'length_max', 'scheme', 'dry_run'],
    body: 'lines',
  },
  claimToken: { method: 'POST', path: '/v1/claims', body: 'json' },
  readTokenOptions: {
    method: 'GET',
    path: '/v1/token-options',
    query: ['owner_id', 'owner_external_id', 'workspace_id', 'workspace_external_id'],
  },
  testAuthentication: { method: 'GET', path: '/v1/auth/test' },
  listOwners: {
    method: 'GET',
    path: '/v1/owners',
    query: ['limit', 'cursor', 'workspace_id', 'workspace_external_id', 'role_id', 'search'],
  },
  syncOwners: { method: 'POST', path: '/v1/owners/sync', query: ['dry_run'], body: 'lines' },
  putOwner: { method: 'PUT', path: '/v1/owners/{external_id}', body: 'json' },
  readOwner: { method: 'GET', path: '/v1/owners/{external_id}' },
  updateOwner: { method: 'PATCH', path: '/v1/owners/{external_id}', body: 'json' },
  deleteOwner: { method: 'DELETE', path: '/v1/owners/{external_id}' },
  createPortalSession: { method: 'POST', path: '/v1/portal-sessions', body: 'json' },
  endPortalSessions: {
    method: 'DELETE',
    path: '/v1/portal-sessions',
    query: ['owner_external_id', 'staff_external_id'],
  },
  openPortalSession: { method: 'POST', path: '/v1/portal-sessions/open', body: 'json' },
  endPortalSession: { method: 'DELETE', path: '/v1/portal-sessions/{id}' },
  createUser: { method: 'POST', path: '/v1/users', body: 'json' },
  listUsers: {
    method: 'GET',
    path: '/v1/users',
    query: ['limit', 'cursor', 'workspace_id', 'workspace_external_id', 'role_id', 'search'],
  },
  readUser: { method: 'GET', path: '/v1/users/{id}' },
  updateUser: { method: 'PATCH', path: '/v1/users/{id}', body: 'json' },
  deleteUser: { method: 'DELETE', path: '/v1/users/{id}' },
  removeSecondFactor: { method: 'DELETE', path: '/v1/users/{id}/second-factor' },
  removeSingleSignOn: { method: 'DELETE', path: '/v1/users/{id}/single-sign-on' },
  listUserSessions: { method: 'GET', path: '/v1/users/{id}/sessions' },
  endUserSessions: { method: 'DELETE', path: '/v1/users/{id}/sessions' },
  createPasswordReset: { method: 'POST', path: '/v1/users/{id}/password-reset' },
  createInvitation: { method: 'POST', path: '/v1/invitations', body: 'json' },
  listInvitations: { method: 'GET', path: '/v1/invitations', query: ['limit', 'cursor'] },
  deleteInvitation: { method: 'DELETE', path: '/v1/invitations/{id}' },
  createServiceAccount: { method: 'POST', path: '/v1/service-accounts', body: 'json' },
  listServiceAccounts: {
    method: 'GET',
    path: '/v1/service-accounts',
    query: ['limit', 'cursor', 'workspace_id', 'workspace_external_id', 'role_id', 'search'],
  },
  readServiceAccount: { method: 'GET', path: '/v1/service-accounts/{id}' },
  updateServiceAccount: { method: 'PATCH', path: '/v1/service-accounts/{id}', body: 'json' },
  deleteServiceAccount: { method: 'DELETE', path: '/v1/service-accounts/{id}' },
  createWorkspace: { method: 'POST', path: '/v1/workspaces', body: 'json' },
  listWorkspaces: { method: 'GET', path: '/v1/workspaces', query: ['limit', 'cursor'] },
  readWorkspace: { method: 'GET', path: '/v1/workspaces/{id}' },
  updateWorkspace: { method: 'PATCH', path: '/v1/workspaces/{id}', body: 'json' },
  createRole: { method: 'POST', path: '/v1/roles', body: 'json' },
  listRoles: { method: 'GET', path: '/v1/roles' },
  updateRole: { method: 'PATCH', path: '/v1/roles/{id}', body: 'json' },
  deleteRole: { method: 'DELETE', path: '/v1/roles/{id}' },
  createTrial: { method: 'POST', path: '/v1/trials', body: 'json' },
  listTrials: { method: 'GET', path: '/v1/trials', query: ['limit', 'cursor'] },
  readTrial: { method: 'GET', path: '/v1/trials/{id}', query: ['limit', 'cursor'] },
  endTrial: { method: 'DELETE', path: '/v1/trials/{id}' },
  enforceTrial: { method: 'POST', path: '/v1/trials/{id}/enforce' },
  readOverview: { method: 'GET', path: '/v1/overview', query: ['period'] },
  listAuditEvents: {
    method: 'GET',
    path: '/v1/audit-events',
    query: ['limit', 'cursor', 'subject_id', 'actor_id', 'action', 'request_id', 'workspace_id', 'from', 'to'],
  },
  exportAccessReview: { method: 'POST', path: '/v1/access-reviews/export', body: 'json' },
  applyAccessReview: {
    method: 'POST',
    path: '/v1/access-reviews',
    query: ['dry_run', 'reviewer', 'file_sha256'],
    body: 'lines',
  },
  exportAuditEvents: { method: 'POST', path: '/v1/audit-exports', body: 'json' },
  eraseAuditText: { method: 'POST', path: '/v1/audit-erasures', body: 'json' },
  listAuditCheckpoints: { method: 'GET', path: '/v1/audit-checkpoints', query: ['limit', 'cursor'] },
  listAuditKeys: { method: 'GET', path: '/v1/audit-keys' },
  listAccesses: {
    method: 'GET',
    path: '/v1/access-log',
    query: ['from', 'to', 'outcome', 'reason', 'token_id', 'owner_id', 'workspace_id', 'ip', 'limit', 'cursor'],
    hasToken: true,
  },
  exportAccesses: { method: 'POST', path: '/v1/access-log-exports', body: 'json' },
  listDenials: {
    method: 'GET',
    path: '/v1/denials',
    query: ['limit', 'cursor', 'reason', 'token_id', 'owner_id', 'workspace_id', 'ip', 'from', 'to'],
    hasToken: true,
  },
  readDenial: { method: 'GET', path: '/v1/denials/{request_id}', hasToken: true },
  listAlerts: {
    method: 'GET',
    path: '/v1/alerts',
    query: ['limit', 'cursor', 'kind', 'state', 'token_id', 'workspace_id', 'since'],
    hasToken: true,
  },
  readAlert: { method: 'GET', path: '/v1/alerts/{id}', hasToken: true },
  acknowledgeAlert: { method: 'POST', path: '/v1/alerts/{id}/acknowledge', body: 'json', hasToken: true },
  acknowledgeAlerts: { method: 'POST', path: '/v1/alerts/acknowledge', body: 'json', hasToken: true },
  listMails: { method: 'GET', path: '/v1/mails', query: ['limit', 'cursor', 'state'] },
  previewReminders: { method: 'GET', path: '/v1/reminders' },
  createWebhook: { method: 'POST', path: '/v1/webhooks', body: 'json' },
  listWebhooks: { method: 'GET', path: '/v1/webhooks', query: ['limit', 'cursor', 'workspace_id'] },
  readWebhook: { method: 'GET', path: '/v1/webhooks/{id}' },
  updateWebhook: { method: 'PATCH', path: '/v1/webhooks/{id}', body: 'json' },
  deleteWebhook: { method: 'DELETE', path: '/v1/webhooks/{id}' },
  rotateWebhookSecret: { method: 'POST', path: '/v1/webhooks/{id}/rotate-secret', body: 'json' },
  testWebhook: { method: 'POST', path: '/v1/webhooks/{id}/test' },
  listWebhookDeliveries: {
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    query: ['limit', 'cursor', 'state', 'event_type'],
  },
  replayWebhookDelivery: { method: 'POST', path: '/v1/webhooks/{id}/deliveries/{delivery_id}/replay' },
  replayWebhook: { method: 'POST', path: '/v1/webhooks/{id}/replay', body: 'json' },
  reportLeak: { method: 'POST', path: '/v1/leaks', body: 'json' },
  askWhy: { method: 'POST', path: '/v1/why', body: 'json' },
  readProfile: { method: 'GET', path: '/v1/profile' },
  applyProfile: { method: 'PUT', path: '/v1/profile', query: ['dry_run', 'allow_narrowing'], body: 'json' },
  setUp: { method: 'POST', path: '/v1/setup', body: 'json', hasToken: true },
  signIn: { method: 'POST', path: '/v1/sessions', body: 'json' },
  listSessions: { method: 'GET', path: '/v1/sessions' },
  signOutEverywhere: { method: 'DELETE', path: '/v1/sessions' },
  openStaffSession: { method: 'POST', path: '/v1/sessions/open', body: 'json' },
  endSession: { method: 'DELETE', path: '/v1/sessions/{id}' },
  readSession: { method: 'GET', path: '/v1/session' },
  changeWorkspace: { method: 'PATCH', path: '/v1/session', body: 'json' },
  signOut: { method: 'DELETE', path: '/v1/session' },
  acceptInvitation: { method: 'POST', path: '/v1/invitations/accept', body: 'json' },
  requestPasswordReset: { method: 'POST', path: '/v1/password-resets', body: 'json' },
  resetPassword: { method: 'POST', path: '/v1/password-resets/accept', body: 'json' },
  updateOwnName: { method: 'PATCH', path: '/v1/session/user', body: 'json' },
  changePassword: { method: 'POST', path: '/v1/session/password', body: 'json' },
  beginSecondFactor: { method: 'POST', path: '/v1/session/second-factor' },
  confirmSecondFactor: { method: 'PUT', path: '/v1/session/second-factor', body: 'json' },
  removeOwnSecondFactor: { method: 'DELETE', path: '/v1/session/second-factor', body: 'json' },
};
