import { compilePermissions, type PermissionSet, parseIpAllowlist, unionPermissions } from '../policy/index.ts';
import type { RoleRecord, TrialRecord, TrialTerms } from '../ports/index.ts';
import { grantedPermissions } from './build-facts.ts';
import type { GrantFacts, MembershipFacts, TokenFacts } from './facts.ts';
import { compileStoredProfile, type ProfileInForce } from './profile-in-force.ts';

/** A trial, prepared for judging. */
export interface CompiledTrial {
  readonly id: string;
  /** The one workspace it concerns; null where there are several, or all. */
  readonly workspaceId: string | null;
  readonly endsAt: number;
  /** The facts as they would be; null where the trial does not concern them. */
  readonly alter: (facts: TokenFacts) => TokenFacts | null;
  /** What would be in force; null where the profile stays as it is. */
  readonly profile: ProfileInForce | null;
}

/**
 * @param roles all there are.
 * @throws {Error} a stored profile that this build cannot read.
 */
export function compileTrial(
  { id, workspaceId, endsAt, subject, before, after }: TrialRecord,
  inForce: ProfileInForce,
  roles: readonly RoleRecord[],
): CompiledTrial {
  const common = { id, workspaceId, endsAt, profile: null };
  switch (after.kind) {
    case 'token':
      return { ...common, alter: alteredToken(subject.id, before, after, inForce) };
    case 'owner':
      return { ...common, alter: alteredOwner(subject.id, before, after, roles) };
    case 'role':
      return { ...common, alter: alteredRole(subject.id, after.permissions, roles) };
    case 'profile': {
      const { imports = [] } = inForce.profile.token;
      const profile = compileStoredProfile({ ...after, name: '', digest: '', appliedAt: 0, imports });
      return { ...common, profile, alter: alteredByProfile(profile) };
    }
  }
}

type Alter = CompiledTrial['alter'];
type Terms<Kind> = Extract<TrialTerms, { kind: Kind }>;

/** Only what the trial changes: what changes otherwise meanwhile goes on counting. */
function alteredToken(id: string, before: TrialTerms, after: Terms<'token'>, inForce: ProfileInForce): Alter {
  const was = before as Terms<'token'>;
  const differs = (field: 'grant' | 'ipAllowlist' | 'expiresAt' | 'limits') =>
    JSON.stringify(was[field]) !== JSON.stringify(after[field]);
  const { grant, ipAllowlist, expiresAt, limits } = after;
  const changed: Partial<TokenFacts> = {
    ...(differs('grant') && {
      grant: { grant, permissions: grantedPermissions(grant, inForce.levels), known: inForce.known },
    }),
    ...(differs('ipAllowlist') && { ipAllowlist: ipAllowlist === null ? null : allowlistOf(ipAllowlist) }),
    ...(differs('expiresAt') && { expiresAt }),
    ...(differs('limits') && { limits: { setting: limits, windows: inForce.windowsOf(limits) } }),
  };
  return (facts) => (facts.id === id ? { ...facts, ...changed } : null);
}

function alteredOwner(id: string, before: TrialTerms, after: Terms<'owner'>, roles: readonly RoleRecord[]): Alter {
  const was = before as Terms<'owner'>;
  const termsIn = ({ memberships }: Terms<'owner'>, workspaceId: string) =>
    memberships.find((one) => one.workspaceId === workspaceId) ?? null;
  const altered = remember((membership) => {
    const terms = termsIn(after, membership.workspace.id);
    if (terms === null) return { ...membership, permissions: null };
    const directly = compilePermissions(terms.permissions);
    return { ...membership, directly, ...withRoles(directly, terms.roleIds, roles) };
  });
  return (facts) => {
    const { owner, workspace } = facts.membership;
    if (owner.id !== id) return null;
    const [one, other] = [termsIn(was, workspace.id), termsIn(after, workspace.id)];
    return JSON.stringify(one) === JSON.stringify(other) ? null : { ...facts, membership: altered(facts.membership) };
  };
}

function alteredRole(id: string, permissions: readonly string[], roles: readonly RoleRecord[]): Alter {
  const asProposed = roles.map((role) => (role.id === id ? { ...role, permissions } : role));
  const altered = remember((membership) => ({
    ...membership,
    ...withRoles(membership.directly, membership.roleIds, asProposed),
  }));
  return (facts) =>
    facts.membership.roleIds.includes(id) && facts.membership.permissions !== null
      ? { ...facts, membership: altered(facts.membership) }
      : null;
}

function withRoles(directly: PermissionSet, roleIds: readonly string[], roles: readonly RoleRecord[]) {
  const held = roles.filter((role) => roleIds.includes(role.id));
  const given = held.map((role) => compilePermissions(role.permissions, role.everything));
  return { roleIds, permissions: unionPermissions([directly, ...given]) };
}

function alteredByProfile(profile: ProfileInForce): Alter {
  const grants = new WeakMap<GrantFacts, GrantFacts>();
  const regrant = (facts: GrantFacts): GrantFacts => {
    const known = grants.get(facts);
    if (known !== undefined) return known;
    const { grant } = facts;
    const made = { grant, permissions: grantedPermissions(grant, profile.levels), known: profile.known };
    grants.set(facts, made);
    return made;
  };
  return (facts) => {
    const { setting } = facts.limits;
    return { ...facts, grant: regrant(facts.grant), limits: { setting, windows: profile.windowsOf(setting) } };
  };
}

function remember(alter: (membership: MembershipFacts) => MembershipFacts) {
  const made = new WeakMap<MembershipFacts, MembershipFacts>();
  return (membership: MembershipFacts): MembershipFacts => {
    const known = made.get(membership);
    if (known !== undefined) return known;
    const altered = alter(membership);
    made.set(membership, altered);
    return altered;
  };
}

function allowlistOf(entries: readonly string[]) {
  const parsed = parseIpAllowlist(entries, { allowAny: true });
  if (!parsed.ok) throw new Error('a stored address list does not parse');
  return parsed.list;
}
