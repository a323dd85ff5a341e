import { describe, expect, it } from 'vitest';
import type { Token, TokenOptions } from '../../dashboard/src/api/operations.ts';
import {
  beginDraft,
  bodyOf,
  gapsOf,
  mayGive,
  readWish,
  unmetOf,
} from '../../dashboard/src/pages/tokens/create/draft.ts';

const OWNER = { id: 'own_1', kind: 'user', external_id: null, name: 'Ada', email: null } as const;

const OPTIONS: TokenOptions = {
  owner: OWNER,
  workspace: { id: 'wsp_1', external_id: null, name: 'Example Ltd' },
  is_self: true,
  may_create: true,
  self_service: true,
  grants: ['permissions'],
  default_grant: null,
  catalogue: 'closed',
  any_permission: false,
  environments: [
    { environment: 'live', grantable: true },
    { environment: 'test', grantable: true },
  ],
  permissions: ['servers:read', 'servers:write'].map((permission) => ({
    permission,
    resource: 'servers',
    description: null,
    operations: [],
    grantable: permission === 'servers:read',
  })),
  wildcards: [{ permission: 'servers:*', resource: 'servers', grantable: false }],
  management: [],
  levels: [],
  inherit: null,
  templates: [],
  tiers: [{ tier: 'standard', label: 'Standard', use_case: null, windows: 'unlimited', grantable: true }],
  default_tier: 'standard',
  expiry: { lifetime: null, lifetime_max: null, latest: null },
  ip_allowlist: { caller_ip: null, within: null },
  rotation: { grace_period: '7d', self_rotate: true },
  one_per_owner: false,
  replaces: [],
};

const LEVELS: TokenOptions['levels'] = [
  { level: 'read', description: '', permissions: [], gives: ['orders:read'], grantable: true },
  { level: 'write', description: '', permissions: [], gives: ['orders:read', 'orders:write'], grantable: true },
  { level: 'admin', description: '', permissions: [], gives: ['orders:read', 'orders:write'], grantable: false },
];

const begin = (options: TokenOptions, address: Readonly<Record<string, unknown>>, like: Partial<Token> | null = null) =>
  beginDraft(options, readWish(address), like as Token | null);

describe('the form for a new token', () => {
  it('takes its fields from the address, whatever stands in it', () => {
    const draft = begin(OPTIONS, { name: 2027, permissions: 'servers:read,servers:read, ', environment: 'test' });
    expect(draft).toMatchObject({ name: '2027', permissions: ['servers:read'], environment: 'test' });
    expect(begin(OPTIONS, { name: { a: 1 }, permissions: ['x'], environment: 'moon' })).toMatchObject({
      name: '',
      permissions: [],
      environment: 'live',
    });
    expect(readWish({ name: 'x'.repeat(1_000) }).name).toHaveLength(100);
  });

  it('begins like the token that was refused, and can do what it lacked', () => {
    const like: Partial<Token> = {
      name: 'ci',
      description: 'nightly',
      environment: 'test',
      grant: { permissions: ['servers:read'] },
      ip_allowlist: ['203.0.113.7/32'],
      limits: { tier: 'gone', windows: 'unlimited' },
    };
    expect(begin(OPTIONS, { permissions: 'servers:write' }, like)).toMatchObject({
      name: 'ci',
      purpose: 'nightly',
      environment: 'test',
      permissions: ['servers:read', 'servers:write'],
      addresses: [{ text: '203.0.113.7/32' }],
      tier: 'standard',
    });
  });

  it('keeps back what cannot be given, and tells what there is no permission for', () => {
    const wish = readWish({ permissions: 'servers:read,servers:write,nothing:here' });
    const draft = beginDraft(OPTIONS, wish, null);
    expect(unmetOf(wish, draft, OPTIONS)).toEqual(['servers:write', 'nothing:here']);
    expect(gapsOf(draft, OPTIONS).name).toBe('Say what will use it, so that you know it again.');
    expect(gapsOf({ ...draft, permissions: ['servers:write'] }, OPTIONS).permissions).toContain('servers:write');
    expect(gapsOf({ ...draft, name: 'ci', permissions: ['servers:read'] }, OPTIONS)).toEqual({});
  });

  it('chooses the least level that gives what was missing, and none that may not be given', () => {
    const options: TokenOptions = { ...OPTIONS, grants: ['level'], levels: LEVELS };
    expect(begin(options, { permissions: 'orders:read' }).level).toBe('read');
    expect(begin(options, { permissions: 'orders:write' }).level).toBe('write');
    expect(begin(options, { permissions: 'orders:delete' }).level).toBe(null);
    expect(
      begin(
        options,
        { permissions: 'orders:write' },
        { grant: { level: 'read' }, limits: { tier: null, windows: 'unlimited' } },
      ).level,
    ).toBe('write');
    expect(begin(options, {}).level).toBe(null);
    expect(gapsOf(begin(options, { name: 'ci' }), options)).toEqual({ level: 'Choose one.' });
  });

  it('lets, in an open catalogue, name what its owner may do, and what manages Keyhouse only where it is offered', () => {
    const open: TokenOptions = {
      ...OPTIONS,
      catalogue: 'open',
      permissions: [],
      wildcards: [{ permission: 'servers:*', resource: 'servers', grantable: true }],
      management: [{ permission: 'keyhouse-tokens:read', description: null }],
    };
    const verdicts = (options: TokenOptions) =>
      ['servers:reboot', 'backups:read', 'keyhouse-tokens:read', 'keyhouse-tokens:write'].map((entry) =>
        mayGive(options, entry),
      );
    expect(verdicts(open)).toEqual([true, false, true, false]);
    expect(verdicts({ ...open, any_permission: true })).toEqual([true, true, true, false]);
  });

  it('sends what was chosen and leaves out what is usual', () => {
    const draft = { ...begin(OPTIONS, { name: 'ci', permissions: 'servers:read' }), purpose: ' ' };
    expect(bodyOf(draft, OPTIONS)).toEqual({ name: 'ci', environment: 'live', permissions: ['servers:read'] });
    const addresses = ['', ' 203.0.113.7 '].map((text, key) => ({ key, text }));
    expect(
      bodyOf({ ...draft, addresses, expiry: '30d', grace: '0s', selfRotate: false }, { ...OPTIONS, is_self: false }),
    ).toMatchObject({
      ip_allowlist: ['203.0.113.7'],
      expires_in: '30d',
      grace_period: '0s',
      self_rotate: false,
      owner: { id: 'own_1' },
      workspace: { id: 'wsp_1' },
    });
  });
});
