/** Owners and tokens such as a company has after a while, for pictures and for trying the dashboard out by hand. */

interface House {
  readonly api: string;
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
}

interface Reference {
  /** Where the tokens are under the profile in force, and what may be asked for there. */
  readonly tokensPath: string;
  readonly grants: readonly string[];
  readonly permissions: readonly string[];
  readonly onePerOwner: boolean;
}

const OWNERS = [
  { id: 'user-17', name: 'Grace Hopper', email: 'grace@example.com', workspace: 'Harbour Logistics' },
  { id: 'user-42', name: 'Ada Lovelace', email: 'ada.l@example.com', workspace: 'Harbour Logistics' },
  { id: 'user-58', name: 'Alan Turing', email: 'alan@example.com', workspace: 'Northwind Studio' },
  { id: 'user-61', name: 'Mary Jackson', email: 'mary@example.com', workspace: 'Northwind Studio' },
  { id: 'build-farm', name: 'Build farm', email: null, workspace: 'Harbour Logistics' },
] as const;

/** Colleagues of the administrator. */
const PEOPLE = [
  { name: 'Dorothy Vaughan', role: 'admin', disabled: false },
  { name: 'Annie Easley', role: 'support', disabled: false },
  { name: 'Edsger Dijkstra', role: 'member', disabled: true },
] as const;

/** `wants` is how many permissions of the catalogue it is given. */
const TOKENS = [
  { name: 'nightly deploys', owner: 'build-farm', wants: 3, used: 7, expiresIn: '90d' },
  { name: 'monitoring', owner: 'user-17', wants: 1, used: 12, expiresIn: null },
  { name: 'billing export', owner: 'user-42', wants: 1, used: 1, expiresIn: '20d' },
  { name: 'staging smoke tests', owner: 'user-42', wants: 2, used: 4, expiresIn: '365d' },
  { name: 'data warehouse sync', owner: 'user-58', wants: 4, used: 3, expiresIn: '180d' },
  { name: 'status page', owner: 'user-61', wants: 1, used: 0, expiresIn: null },
  { name: 'incident bot', owner: 'user-61', wants: 2, used: 2, expiresIn: null },
  { name: 'laptop of Alan', owner: 'user-58', wants: 2, used: 0, expiresIn: '7d' },
] as const;

/** The one that has a successor, and works for a while beside it. */
const ROTATED = 'monitoring';

const WEBHOOKS = [
  ['audit', 'Keeps what happened for seven years', null],
  ['on-call', 'For the team on call', ['token.revoked', 'owner.disabled']],
] as const;

/** Puts them into an installation through its API, and uses some of the tokens. */
export async function addSampleRows(house: House): Promise<void> {
  const reference = await readReference(house);
  for (const owner of OWNERS) {
    await house.call('PUT', `/v1/owners/${owner.id}`, {
      memberships: [
        {
          workspace: { external_id: owner.workspace.toLowerCase().replace(' ', '-'), name: owner.workspace },
          permissions: reference.permissions,
        },
      ],
      name: owner.name,
      ...(owner.email !== null && { email: owner.email }),
    });
  }
  await addPeople(house);
  const owners = new Set<string>();
  for (const token of TOKENS) {
    if (reference.onePerOwner && owners.has(token.owner)) continue;
    owners.add(token.owner);
    const made = await house.call<{ id: string; value: string }>('POST', reference.tokensPath, {
      name: token.name,
      ...grantOf(reference, token.wants),
      ...(token.expiresIn !== null && { expires_in: token.expiresIn }),
      owner: { external_id: token.owner },
    });
    if (token.name === ROTATED && !reference.onePerOwner) {
      await house.call('POST', `${reference.tokensPath}/${made.id}/rotate`, { grace_period: '7d' });
    }
    for (let use = 0; use < token.used; use++) {
      await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${made.value}` } });
    }
    for (let refusal = 0; refusal < token.used % 5; refusal++) {
      await fetch(`${house.api}/v1/roles`, { headers: { Authorization: `Bearer ${made.value}` } });
    }
  }
  for (const header of ['Bearer', 'Bearer $TOKEN', 'Basic YWRhOg==']) {
    await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: header } });
  }
  await fetch(`${house.api}/v1/auth/test`);
  // Last, so that nothing happens that they would be told.
  for (const [path, about, types] of WEBHOOKS) {
    const webhook = { url: `https://hooks.example.com/${path}`, description: about, event_types: types };
    await house.call('POST', '/v1/webhooks', webhook);
  }
}

async function addPeople(house: House): Promise<void> {
  const { data } = await house.call<{ data: { id: string; home: boolean }[] }>('GET', '/v1/workspaces');
  const workspace = { id: data.find(({ home }) => home)?.id };
  for (const { name, role, disabled } of PEOPLE) {
    const email = `${name.toLowerCase().replace(' ', '.')}@example.com`;
    await house.call('POST', '/v1/users', { email, name, workspace, roles: [role], disabled });
  }
  await house.call('POST', '/v1/service-accounts', { name: 'nightly backups', workspace, roles: ['member'] });
  await house.call('POST', '/v1/invitations', { email: 'hedy@example.com', roles: ['support'] });
}

function grantOf({ grants, permissions }: Reference, wants: number) {
  if (grants.includes('permissions')) return { permissions: permissions.slice(0, wants) };
  if (grants.includes('level')) return { level: wants > 2 ? 'write' : 'read' };
  return { inherit: true };
}

async function readReference(house: House): Promise<Reference> {
  const { profile } = await house.call<{
    profile: {
      paths: { tokens: string };
      grants: string[];
      catalogue: 'open' | { permission: string }[];
      onePerOwner: boolean;
    };
  }>('GET', '/v1/profile');
  const { paths, grants, catalogue, onePerOwner } = profile;
  const permissions =
    catalogue === 'open'
      ? ['servers:read', 'deployments:write', 'deployments:read', 'invoices:read', 'reports:read']
      : catalogue.map(({ permission }) => permission).slice(0, 6);
  return { tokensPath: paths.tokens, grants, permissions, onePerOwner };
}
