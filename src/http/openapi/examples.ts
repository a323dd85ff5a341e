import type { Level } from '../../policy/index.ts';
import type { Profile } from '../../profile/index.ts';

const OWNER = { external_id: 'user-42' };
const WORKSPACE = { external_id: 'org-7', name: 'Example Ltd' };

/** What a token asks for, in the first way that this profile has. */
export function exampleGrant(profile: Profile): {
  readonly permissions?: readonly string[];
  readonly level?: Level | undefined;
  readonly inherit?: true;
} {
  if (profile.grants.includes('permissions')) return { permissions: examplePermissions(profile) };
  return profile.grants.includes('level') ? { level: profile.levels[0]?.level } : { inherit: true };
}

function examplePermissions({ templates: [template], catalogue }: Profile): readonly string[] {
  if (template !== undefined) return template.permissions;
  return catalogue === 'open' ? ['servers:read'] : catalogue.slice(0, 1).map((entry) => entry.permission);
}

/** A body for every operation that takes one, with permissions this profile knows. */
export function requestExamples(profile: Profile): Readonly<Record<string, unknown>> {
  const permissions = examplePermissions(profile);
  const name = profile.templates[0]?.tokenName ?? 'ci';
  const grant = exampleGrant(profile);
  const account = { workspace: { external_id: WORKSPACE.external_id }, permissions };
  return {
    createToken: { name, ...grant, expires_in: '90d', owner: OWNER },
    updateToken: { name, description: 'nightly deploys' },
    rotateToken: { grace_period: '1h' },
    verifyTokens: {
      token: profile.token.samples[0] ?? `${profile.token.prefix}_live_…`,
      all_of: permissions.filter((permission) => !permission.endsWith('*')).slice(0, 1),
      ip: '203.0.113.9',
    },
    introspectToken: { token: profile.token.samples[0] ?? `${profile.token.prefix}_live_…` },
    putOwner: { name: 'Ada', email: 'ada@example.com', workspace: WORKSPACE, permissions },
    syncOwners: `${JSON.stringify({ ...OWNER, workspace: WORKSPACE, permissions })}\n`,
    createUser: { email: 'ada@example.com', name: 'Ada', ...account },
    updateUser: { name: 'Ada Example' },
    createServiceAccount: { name: 'deployments', ...account },
    updateServiceAccount: { disabled: true },
    createWorkspace: WORKSPACE,
    updateWorkspace: { name: 'Example Limited' },
    createRole: { name: 'operator', permissions },
    updateRole: { permissions },
    setUp: {
      code: `${profile.token.prefix}su_live_…`,
      email: 'ada@example.com',
      password: 'four words of your own',
      workspace: 'Example Ltd',
    },
  };
}
