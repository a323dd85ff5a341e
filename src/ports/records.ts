import type { Grant, LimitSetting } from '../policy/index.ts';
import type { Environment, ImportedForm, Kind } from '../token/index.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A JSON object of the provider's own, at most 4 KiB when serialised. */
export type Metadata = Readonly<Record<string, unknown>>;

/**
 * Who did something. `operator` is the person at the machine (CLI, private socket), `host` the application that embeds
 * Keyhouse; neither has an id. `external` carries the provider's own id in `id`.
 */
export interface ActorRef {
  readonly kind: 'user' | 'service_account' | 'external' | 'token' | 'operator' | 'host' | 'system';
  readonly id: string | null;
}

export interface RotationSetting {
  readonly autoRotate: boolean;
  /** As written, e.g. `90d`; null when there is none. */
  readonly rotationPeriod: string | null;
  /** As written, e.g. `7d`; null follows the profile. */
  readonly gracePeriod: string | null;
  readonly notificationEmail: string | null;
  /** Whether the bearer may rotate this token with the token itself. */
  readonly selfRotate: boolean;
  /** Whether the old token of a rotation ends as soon as its successor is used, grace or not. Absent: not. */
  readonly endOldOnFirstUse?: boolean;
  /** What becomes of it when nobody claims its successor. Absent: what the profile says. */
  readonly onUnclaimed?: 'keep' | 'end';
}

/** A token as stored. Its value is not among the fields: only the keyed digest and the masked hint are. */
export interface TokenRecord {
  readonly id: string;
  readonly lineageId: string;
  readonly kind: Kind;
  /** The token this one was derived from (OAuth access tokens, attenuated children); null for ordinary tokens. */
  readonly parentId: string | null;
  readonly clientId: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly hint: string;
  /** null where the profile has no environments. */
  readonly environment: Environment | null;
  /** base64url of the keyed digest; unique. */
  readonly digest: string;
  /** `kh1` for our own tokens; imports name their recipe and where they come from: `sanctum:laravel`. */
  readonly digestScheme: string;
  readonly pepperVersion: number;
  readonly ownerId: string;
  readonly workspaceId: string;
  readonly grant: Grant;
  /** Canonical entries; null means no restriction. Never empty. */
  readonly ipAllowlist: readonly string[] | null;
  readonly expiresAt: Instant | null;
  /** True when the expiry was asked for and is inherited by successors; false when it is the profile's lifetime. */
  readonly expiryExplicit: boolean;
  readonly limits: LimitSetting;
  readonly rotation: RotationSetting;
  readonly metadata: Metadata;
  readonly createdAt: Instant;
  readonly createdBy: ActorRef;
  readonly disabledAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly revokedReason: string | null;
  /** Set together when a successor takes over: until `graceEndsAt` both work. */
  readonly supersededAt: Instant | null;
  readonly supersededBy: string | null;
  readonly graceEndsAt: Instant | null;
  readonly supersedes: string | null;
  /** First accepted use; kept only for successors whose value is still sealed for a repeat. */
  readonly firstUsedAt: Instant | null;
  /** `<owner>/<workspace>` while this is the one live token of a one-per-owner profile, else null; unique. */
  readonly soleKey: string | null;
}

export type OwnerKind = 'user' | 'service_account' | 'external';

/** Whom tokens belong to. Two disables are kept apart: ours and the provider's own (`PUT /v1/owners`). */
export interface OwnerRecord {
  readonly id: string;
  readonly kind: OwnerKind;
  /** The provider's own id; unique among external owners, null for users and service accounts. */
  readonly externalId: string | null;
  readonly name: string | null;
  /** Lower-case; unique among users. */
  readonly email: string | null;
  readonly disabledAt: Instant | null;
  readonly disabledByProviderAt: Instant | null;
  readonly deletedAt: Instant | null;
  readonly metadata: Metadata;
  readonly createdAt: Instant;
}

/** What one owner may do in one workspace: permissions given directly plus those of the roles. */
export interface MembershipRecord {
  readonly ownerId: string;
  readonly workspaceId: string;
  readonly permissions: readonly string[];
  readonly roleIds: readonly string[];
  readonly createdAt: Instant;
}

export interface WorkspaceRecord {
  readonly id: string;
  /** The provider's own id, unique when present. */
  readonly externalId: string | null;
  readonly name: string;
  /** The provider's own workspace, made at set-up: management permissions held there reach the whole installation. */
  readonly isHome: boolean;
  readonly disabledAt: Instant | null;
  readonly metadata: Metadata;
  readonly createdAt: Instant;
}

export interface RoleRecord {
  readonly id: string;
  /** Unique; `admin` is built in. */
  readonly name: string;
  readonly permissions: readonly string[];
  /** Every permission outside `keyhouse-`, whatever the catalogue says later. */
  readonly everything: boolean;
  readonly builtIn: boolean;
  readonly createdAt: Instant;
}

/** One version of a profile; the newest is in force. */
export interface ProfileVersion {
  readonly version: number;
  readonly name: string;
  /** SHA-256 hex of the canonical JSON. */
  readonly digest: string;
  readonly document: string;
  readonly appliedAt: Instant;
  /** What tokens of other systems look like that work too: every version has those of the one before it. Absent: none. */
  readonly imports?: readonly ImportedForm[];
}

/** What a change altered; `id` is the id of that thing, `*` for the profile. Token changes name the lineage. */
export interface Subject {
  readonly kind:
    | 'lineage'
    | 'owner'
    | 'membership'
    | 'role'
    | 'workspace'
    | 'client'
    | 'profile'
    | 'route_rules'
    | 'trial'
    | 'session'
    | 'invitation'
    | 'webhook'
    | 'alert';
  readonly id: string;
}

export interface ChangeLogEntry extends Subject {
  readonly seq: number;
}

/**
 * One row of the hash chain. Personal fields are not here: `commitments` holds salted SHA-256 commitments to them, the
 * salts and clear text live in an erasable side table and come back in `personal` where they still exist.
 */
export interface AuditEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly action: string;
  readonly actor: ActorRef;
  readonly onBehalfOf: ActorRef | null;
  readonly subject: Subject | null;
  readonly workspaceId: string | null;
  readonly requestId: string | null;
  /** Non-personal facts: what was before and what is after. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly commitments: Readonly<Record<string, string>>;
  readonly personal: Readonly<Record<string, string>>;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a caller says happened; the log adds sequence, commitments and hashes. */
export interface AuditDraft {
  readonly at: Instant;
  readonly action: string;
  readonly actor: ActorRef;
  readonly onBehalfOf: ActorRef | null;
  readonly subject: Subject | null;
  readonly workspaceId: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** Clear text of personal fields (addresses, e-mail, names, free-text reasons); stored erasable. */
  readonly personal: Readonly<Record<string, string>>;
}

export interface IdempotencyRecord {
  /** SHA-256 hex over caller, operation and the caller's key. */
  readonly keyDigest: string;
  /** SHA-256 hex of the request body. */
  readonly bodyDigest: string;
  readonly tokenId: string;
  readonly expiresAt: Instant;
}

/** A successor's value sealed under a key derived from the value it replaced (design §7); erased on first use or revocation. */
export interface SealedValue {
  readonly tokenId: string;
  readonly predecessorId: string;
  /** base64url; opens only with the predecessor's value. */
  readonly sealed: string;
  readonly expiresAt: Instant;
}

export interface SetupCode {
  /** SHA-256 hex of the code. */
  readonly codeDigest: string;
  readonly expiresAt: Instant;
}
