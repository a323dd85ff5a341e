import { describe, expect, it } from 'vitest';
import { deployerp, describeChange, keyhouse, type Profile, parseProfile, presets } from './index.ts';

const catalogueOf = (profile: Profile) => (profile.catalogue === 'open' ? [] : profile.catalogue);

/** deployerp with levels, which it does not have itself. */
const levelled: Profile = {
  ...deployerp,
  grants: ['permissions', 'level'],
  levels: [
    { level: 'read', description: 'Look', permissions: ['servers:read'] },
    { level: 'write', description: 'Work', permissions: ['servers:read', 'servers:write'] },
  ],
};

describe('describing a change of profile', () => {
  it.each(Object.entries(presets))('finds no difference between %s and itself', (_name, profile) => {
    const again = parseProfile(JSON.parse(JSON.stringify(profile)));
    expect(describeChange(profile, again.ok ? again.profile : profile)).toEqual({ lines: [], narrowing: [] });
  });

  it.each(Object.entries({ ...presets, levelled }))(
    'has a line for every single value of %s that changes',
    (_name, profile) => {
      for (const [path, changed] of everyChange(profile)) {
        expect(describeChange(profile, changed).lines.length, path).toBeGreaterThan(0);
        expect(describeChange(changed, profile).lines.length, `${path}, back`).toBeGreaterThan(0);
      }
    },
  );

  it('lists every narrowing among its lines', () => {
    const { lines, narrowing } = describeChange(keyhouse, deployerp);
    expect(narrowing.length).toBeGreaterThan(0);
    for (const line of narrowing) expect(lines).toContain(line);
  });

  type Case = readonly [title: string, before: Profile, after: Profile, narrowing: readonly string[]];
  const narrower: readonly Case[] = [
    [
      'a permission cut from the catalogue',
      deployerp,
      {
        ...deployerp,
        catalogue: catalogueOf(deployerp).filter((entry) => entry.permission !== 'servers:delete'),
      },
      ['servers:delete is cut: tokens and roles that hold it lose it at once.'],
    ],
    [
      'an open catalogue closed',
      keyhouse,
      { ...keyhouse, catalogue: deployerp.catalogue },
      ['The catalogue is closed now: of what tokens and roles hold, only its 11 permissions still grant anything.'],
    ],
    [
      'a level that allows less',
      levelled,
      {
        ...levelled,
        levels: [
          { level: 'read', description: 'Look', permissions: ['servers:read'] },
          { level: 'write', description: 'Work', permissions: ['servers:read'] },
        ],
      },
      ['The level "write" no longer allows servers:write: tokens that hold it lose that at once.'],
    ],
    [
      'a level that is gone',
      levelled,
      { ...levelled, levels: levelled.levels.slice(0, 1) },
      ['The level "write" is gone: tokens that hold it may do nothing.'],
    ],
    [
      'a way of asking taken away, which existing tokens keep',
      levelled,
      { ...levelled, grants: ['permissions'] },
      ['New tokens can no longer ask for "level"; tokens that have it keep it.'],
    ],
    [
      'a default grant taken away',
      { ...keyhouse, defaultGrant: 'inherit' },
      keyhouse,
      ['A new token must say what it asks for.'],
    ],
    [
      'a shorter longest life',
      { ...keyhouse, expiry: { lifetime: '30d', lifetimeMax: '365d' } },
      { ...keyhouse, expiry: { lifetime: '30d', lifetimeMax: '90d' } },
      ['New tokens may ask for at most 90d instead of 365d.'],
    ],
    [
      'a first longest life',
      { ...keyhouse, expiry: { lifetime: '30d', lifetimeMax: null } },
      { ...keyhouse, expiry: { lifetime: '30d', lifetimeMax: '90d' } },
      ['New tokens may ask for at most 90d instead of for ever.'],
    ],
    [
      'a lower tier',
      keyhouse,
      withTier(keyhouse, 'limited', 99),
      ['The tier "limited" is 99 in 3600 s ("hour") instead of 100 in 3600 s ("hour") and 10 in 60 s ("minute").'],
    ],
    [
      'a tier that is gone',
      keyhouse,
      { ...keyhouse, limits: { ...keyhouse.limits, tiers: without(keyhouse.limits.tiers, 'high-volume') } },
      [
        'The tier "high-volume" is gone: its tokens get "standard", 1000 in 3600 s ("hour") and 100 in 60 s ("minute").',
      ],
    ],
    [
      'a default tier that admits less, which tokens of tiers cut earlier get',
      keyhouse,
      { ...keyhouse, limits: { ...keyhouse.limits, defaultTier: 'limited' } },
      ['Tokens of tiers that were cut earlier get "limited" too, which admits less.'],
    ],
    [
      'one token per owner',
      { ...keyhouse, rotation: { gracePeriod: '0s' } },
      { ...keyhouse, rotation: { gracePeriod: '0s' }, onePerOwner: true },
      ['An owner has one token: making or rotating one ends the previous one at once.'],
    ],
    [
      'self service taken away',
      keyhouse,
      { ...keyhouse, selfService: false },
      ['Owners no longer make tokens for themselves: that and rotating them for somebody needs keyhouse-tokens:write.'],
    ],
    [
      'a quota',
      keyhouse,
      { ...keyhouse, tokensPerWorkspaceMax: 50 },
      ['A workspace can have 50 tokens instead of any number; existing ones stay.'],
    ],
    [
      'another prefix',
      keyhouse,
      { ...keyhouse, token: { ...keyhouse.token, prefix: 'kx' } },
      ['Tokens begin with "kx" instead of "kh": every token issued so far is refused.'],
    ],
    [
      'an environment that is gone',
      keyhouse,
      { ...keyhouse, token: { ...keyhouse.token, environments: ['live'] } },
      ['The environment "test" is gone: its tokens are refused.'],
    ],
    [
      'environments where there were none',
      { ...keyhouse, token: { ...keyhouse.token, environments: [] } },
      keyhouse,
      ['Tokens now carry their environment: every token issued so far is refused.'],
    ],
    [
      'another path',
      keyhouse,
      { ...keyhouse, paths: { tokens: '/v1/api-keys' } },
      ['Token operations are at /v1/api-keys instead of /v1/tokens.'],
    ],
    [
      'a field name that is no longer taken',
      deployerp,
      { ...deployerp, fieldNames: {} },
      ['Requests can no longer say "ip_whitelist" for ip_allowlist.'],
    ],
    [
      'an origin taken away',
      { ...keyhouse, cors: { origins: ['https://a.example', 'https://b.example'] } },
      { ...keyhouse, cors: { origins: ['https://b.example'] } },
      ['Web pages of https://a.example may no longer call the API.'],
    ],
    [
      'all origins but a few taken away',
      { ...keyhouse, cors: { origins: '*' } },
      { ...keyhouse, cors: { origins: ['https://b.example'] } },
      ['Only web pages of https://b.example may call the API, instead of all.'],
    ],
  ];

  it.each(narrower)('is narrower: %s', (_title, before, after, narrowing) => {
    expect(describeChange(before, after).narrowing).toEqual(narrowing);
  });

  const notNarrower: readonly (readonly [title: string, before: Profile, after: Profile, line: string | RegExp])[] = [
    [
      'a new permission, which wildcards reach at once',
      deployerp,
      {
        ...deployerp,
        catalogue: [...catalogueOf(deployerp), { permission: 'teams:delete', description: 'x', operations: [] }],
      },
      'teams:delete is new. Tokens that hold teams:* may do it at once.',
    ],
    ['a closed catalogue opened', deployerp, { ...deployerp, catalogue: 'open' }, /^The catalogue is open now/],
    [
      'a level that allows more',
      levelled,
      {
        ...levelled,
        levels: [
          { level: 'read', description: 'Look', permissions: ['servers:read'] },
          { level: 'write', description: 'Work', permissions: ['servers:*'] },
        ],
      },
      'The level "write" also allows servers:*: tokens that hold it may do that at once.',
    ],
    [
      'the same level written as a wildcard',
      { ...levelled, levels: [{ level: 'read', description: 'x', permissions: ['backups:*'] }] },
      { ...levelled, levels: [{ level: 'read', description: 'x', permissions: ['backups:read', 'backups:write'] }] },
      'The level "read" is written differently and allows the same.',
    ],
    [
      'a shorter default life, because a token carries its own end',
      keyhouse,
      { ...keyhouse, expiry: { lifetime: '30d', lifetimeMax: null } },
      'New tokens that ask for no expiry live 30d instead of for ever; existing ones keep theirs.',
    ],
    [
      'a shorter grace period, because rotations under way carry theirs',
      keyhouse,
      { ...keyhouse, rotation: { gracePeriod: '1h' } },
      /^A rotation that names no grace period lets the old token work for 1h instead of 7d/,
    ],
    [
      'another usual period, because tokens carry theirs',
      keyhouse,
      { ...keyhouse, rotation: { gracePeriod: '7d', period: '30d' } },
      'Tokens that are made to rotate by themselves do so every 30d instead of 90d; existing ones keep theirs.',
    ],
    [
      'an end for tokens whose successor nobody claims, because it comes after three warnings',
      keyhouse,
      { ...keyhouse, rotation: { gracePeriod: '7d', onUnclaimed: 'end' } },
      'A token that names nothing else ends when nobody claims its successor after the last reminder.',
    ],
    [
      'a default tier that admits more',
      keyhouse,
      { ...keyhouse, limits: { ...keyhouse.limits, defaultTier: 'high-volume' } },
      'New tokens that ask for no tier get "high-volume" instead of "standard".',
    ],
    [
      'another id prefix',
      keyhouse,
      { ...keyhouse, token: { ...keyhouse.token, idPrefix: 'key' } },
      'New token ids begin with "key_" instead of "tok_"; existing ids stay.',
    ],
    [
      'self service',
      { ...keyhouse, selfService: false },
      keyhouse,
      'Owners make tokens for themselves, and those rotate themselves.',
    ],
    [
      'another address to sign in at',
      keyhouse,
      { ...keyhouse, company: { ...keyhouse.company, signInUrl: 'https://portal.example' } },
      '$.company.signInUrl is "https://portal.example" instead of null.',
    ],
    [
      'another request that samples make',
      deployerp,
      { ...deployerp, guide: { sampleRequest: { method: 'GET', path: '/v1/teams', upload: null } } },
      '$.guide.sampleRequest.path is "/v1/teams" instead of "/v1/servers".',
    ],
    [
      'a first request that samples make',
      keyhouse,
      { ...keyhouse, guide: deployerp.guide },
      /^\$\.guide\.sampleRequest is \{"method":"GET",.* instead of null\.$/,
    ],
    [
      'other words for a denial',
      keyhouse,
      {
        ...keyhouse,
        errors: {
          ...keyhouse.errors,
          denials: {
            ...keyhouse.errors.denials,
            token_expired: { ...keyhouse.errors.denials.token_expired, message: 'Too old.' },
          },
        },
      },
      /^\$\.errors\.denials\.token_expired\.message is "Too old\."/,
    ],
    [
      'an alias that becomes the outward name',
      keyhouse,
      { ...keyhouse, fieldNames: { ip_allowlist: 'ip_whitelist' }, fieldAliases: { rotation_enabled: 'auto_rotate' } },
      'Answers say "ip_whitelist" instead of "ip_allowlist".',
    ],
  ];

  it.each(notNarrower)('is not narrower: %s', (_title, before, after, line) => {
    const { lines, narrowing } = describeChange(before, after);
    expect(narrowing).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(typeof line === 'string' ? exactly(line) : line)]);
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function withTier(profile: Profile, name: string, limit: number): Profile {
  const tier = { label: 'Limited', useCase: 'Trying things out', windows: [{ name: 'hour', limit, seconds: 3_600 }] };
  return { ...profile, limits: { ...profile.limits, tiers: { ...profile.limits.tiers, [name]: tier } } };
}

/** The profile with each of its values changed, one at a time; not all of these are profiles, which does not matter here. */
function* everyChange(profile: Profile): Generator<[path: string, changed: Profile]> {
  for (const path of leaves(profile, [])) {
    const changed = structuredClone(profile) as unknown as Record<string, unknown>;
    let holder: Record<string, unknown> = changed;
    for (const step of path.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
    const last = path.at(-1) as string;
    holder[last] = other(holder[last]);
    yield [path.join('.'), changed as unknown as Profile];
  }
}

function other(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (value === 'unlimited') return [{ name: 'hour', limit: 1, seconds: 3_600 }];
  if (value === 'standard') return 'limited';
  if (value === '*') return ['https://b.example'];
  if (typeof value !== 'string') return '1d';
  return /^\d+[dh]$/.test(value) ? '3h' : `${value}x`;
}

function leaves(value: unknown, path: string[]): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}
