import { z } from 'zod';
import type { ProfileInForce } from '../authenticate/index.ts';
import {
  checkExpiry,
  checkWindows,
  type Grant,
  isGrantEntry,
  isReserved,
  type LimitSetting,
  parseDuration,
  parseInstant,
  parseIpAllowlist,
} from '../policy/index.ts';
import { knowsPermission } from '../profile/index.ts';
import { ALL_MANAGEMENT, MANAGEMENT_PERMISSIONS } from './management-permissions.ts';
import { type InputProblem, invalidInput, Rejection } from './rejection.ts';
import { rotationSettingsSchema } from './rotation-input.ts';
import {
  descriptionSchema,
  durationSchema,
  levelSchema,
  metadataSchema,
  nameSchema,
  permissionListSchema,
  windowSchema,
} from './schemas.ts';

/** Fields of a token that can be set at creation and changed later. */
export const settingsSchema = {
  name: nameSchema,
  description: descriptionSchema.nullable().optional(),
  permissions: permissionListSchema.optional(),
  level: levelSchema.optional(),
  inherit: z.literal(true).optional(),
  ip_allowlist: z.array(z.string().max(128)).nullable().optional(),
  expires_at: z.string().max(64).nullable().optional(),
  expires_in: durationSchema.optional(),
  tier: z.string().max(64).optional(),
  limits: z.union([z.array(windowSchema), z.literal('unlimited')]).optional(),
  ...rotationSettingsSchema,
  metadata: metadataSchema.optional(),
};

interface GrantInput {
  readonly permissions?: readonly string[] | undefined;
  readonly level?: 'read' | 'write' | 'admin' | undefined;
  readonly inherit?: true | undefined;
}

/**
 * The grant that was asked for, each entry known to the profile; null when none was named.
 * @throws {Rejection} `invalid_input` (several ways at once, a way the profile does not have), `unknown_permission`.
 */
export function readGrant(input: GrantInput, { profile }: ProfileInForce): Grant | null {
  const ways = (['permissions', 'level', 'inherit'] as const).filter((way) => input[way] !== undefined);
  if (ways.length > 1)
    throw invalidInput(ways[1] as string, `Name one of permissions, level and inherit, not ${ways.length}.`);
  const [way] = ways;
  if (way === undefined) return null;
  const grant = grantOf(input);
  if (!profile.grants.includes(way) && !isManagementGrant(grant)) {
    throw invalidInput(way, otherWay(profile.grants));
  }
  if (grant.mode === 'permissions') checkKnown(grant.permissions, profile);
  return grant;
}

function otherWay(grants: readonly string[]): string {
  const given = `Here a grant is given by ${grants.join(' or ')}.`;
  return grants.join() === 'inherit' ? `${given} A token may do what its owner may do.` : given;
}

function grantOf({ level, permissions }: GrantInput): Grant {
  if (level !== undefined) return { mode: 'level', level };
  return permissions === undefined
    ? { mode: 'inherit' }
    : { mode: 'permissions', permissions: [...new Set(permissions)] };
}

/**
 * Whether it manages Keyhouse and does nothing with the API behind it. Such a token can be made in every profile, and it
 * is not the one that a one-per-owner profile counts.
 */
export function isManagementGrant(grant: Grant): boolean {
  return grant.mode === 'permissions' && grant.permissions.length > 0 && grant.permissions.every(isReserved);
}

/** @throws {Rejection} `unknown_permission`, listing every one that does not exist. */
export function checkKnown(
  permissions: readonly string[],
  profile: ProfileInForce['profile'],
  at = 'permissions',
): void {
  const problems: InputProblem[] = [];
  permissions.forEach((entry, index) => {
    const path = `${at}.${index}`;
    if (!isGrantEntry(entry)) {
      problems.push({ path, message: 'Not of the form resource:action or resource:*, in lower case.' });
    } else if (isReserved(entry) ? !isManagementEntry(entry) : !knowsPermission(profile, entry)) {
      problems.push({ path, message: `There is no permission ${entry}.` });
    }
  });
  if (problems.length > 0) throw new Rejection('unknown_permission', problems[0]?.message, { problems });
}

function isManagementEntry(entry: string): boolean {
  return entry in MANAGEMENT_PERMISSIONS || ALL_MANAGEMENT.includes(entry);
}

/** @throws {Rejection} `invalid_ip`, with the index of each entry that is wrong. */
export function readAllowlist(entries: readonly string[] | null | undefined): readonly string[] | null {
  if (entries === null || entries === undefined) return null;
  const parsed = parseIpAllowlist(entries);
  if (parsed.ok) return parsed.list.entries;
  const problems = parsed.errors.map(({ index, message }) => ({
    path: index < 0 ? 'ip_allowlist' : `ip_allowlist.${index}`,
    message: `This ${message}.`,
  }));
  throw new Rejection('invalid_ip', problems[0]?.message, { problems });
}

export interface Expiry {
  readonly expiresAt: number | null;
  /** Asked for, rather than the profile's lifetime. */
  readonly explicit: boolean;
}

/**
 * When the token ends: what was asked for, else the profile's lifetime.
 * @throws {Rejection} `invalid_expires_at`.
 */
export function readExpiry(
  input: { readonly expires_at?: string | null | undefined; readonly expires_in?: string | undefined },
  { profile }: ProfileInForce,
  now: number,
): Expiry {
  if (input.expires_at != null && input.expires_in !== undefined) {
    throw invalidInput('expires_in', 'Give either expires_at or expires_in.');
  }
  const lifetimeMs = profile.expiry.lifetime === null ? null : parseDuration(profile.expiry.lifetime);
  if (input.expires_at == null && input.expires_in === undefined) {
    return { expiresAt: lifetimeMs === null ? null : now + lifetimeMs, explicit: false };
  }
  const path = input.expires_at != null ? 'expires_at' : 'expires_in';
  const expiresAt =
    input.expires_at != null ? parseInstant(input.expires_at) : now + (parseDuration(input.expires_in as string) ?? 0);
  if (expiresAt === null)
    throw invalidExpiry(path, 'Not a date and time with an offset, such as 2027-01-31T00:00:00Z.');
  const verdict = checkExpiry(expiresAt, now);
  if (verdict === 'too_soon') throw invalidExpiry(path, 'The expiry must be at least a minute from now.');
  if (verdict === 'too_far') throw invalidExpiry(path, 'The expiry must not be later than the year 9999.');
  const maxMs = profile.expiry.lifetimeMax === null ? null : parseDuration(profile.expiry.lifetimeMax);
  if (maxMs !== null && expiresAt > now + maxMs)
    throw invalidExpiry(path, `Tokens live at most ${profile.expiry.lifetimeMax} here.`);
  return { expiresAt, explicit: true };
}

function invalidExpiry(path: 'expires_at' | 'expires_in', message: string): Rejection {
  return new Rejection('invalid_expires_at', message, { problems: [{ path, message }] });
}

/**
 * The limits that were asked for; null when none were.
 * @throws {Rejection} `invalid_input`.
 */
export function readLimits(
  input: {
    readonly tier?: string | undefined;
    readonly limits?: z.infer<typeof windowSchema>[] | 'unlimited' | undefined;
  },
  { profile }: ProfileInForce,
): LimitSetting | null {
  if (input.tier !== undefined && input.limits !== undefined)
    throw invalidInput('limits', 'Give either tier or limits.');
  if (input.tier !== undefined) {
    if (!Object.hasOwn(profile.limits.tiers, input.tier)) {
      throw invalidInput('tier', `Tiers here: ${Object.keys(profile.limits.tiers).join(', ')}.`);
    }
    return { by: 'tier', tier: input.tier };
  }
  if (input.limits === undefined) return null;
  if (input.limits === 'unlimited') return { by: 'unlimited' };
  const [problem] = checkWindows(input.limits);
  if (problem !== undefined) throw invalidInput('limits', problem);
  return { by: 'windows', windows: input.limits };
}
