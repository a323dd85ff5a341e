import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContainmentFacts, type Excess, findExcess, type GrantedPower, isAtLeastAsTight } from './containment.ts';
import { allowsAddress, parseIpAllowlist } from './ip-allowlist.ts';
import { compilePermissions, covers, isReserved } from './permission.ts';
import type { Window } from './window.ts';

const owner = compilePermissions(['servers:*', 'backups:read', 'keyhouse-tokens:read']);
const facts: ContainmentFacts = { owner, catalogue: null };
const parent: GrantedPower = {
  permissions: compilePermissions(['servers:*', 'backups:read']),
  ipAllowlist: ['203.0.113.0/24'],
  expiresAt: 5000,
  windows: [
    { name: 'hour', limit: 1000, seconds: 3600 },
    { name: 'minute', limit: 100, seconds: 60 },
  ],
  workspaceId: 'wsp_1',
  environment: 'live',
};

function exceeded(child: Partial<GrantedPower>, of: Partial<GrantedPower> = {}): Excess['dimension'][] {
  return findExcess({ ...parent, ...child }, { ...parent, ...of }, facts).map(({ dimension }) => dimension);
}

/** Most requests that windows let through in any `seconds` in a row, by playing a greedy client second by second. */
function mostIn(seconds: number, windows: readonly Window[]): number {
  const accepted: number[] = [];
  const until = 4 * Math.max(seconds, ...windows.map((window) => window.seconds));
  for (let now = 0; now < until; now++) {
    const room = windows.map(({ limit, seconds: length }) => limit - accepted.filter((at) => at > now - length).length);
    for (let left = Math.min(...room); left > 0; left--) accepted.push(now);
  }
  return Math.max(0, ...accepted.map((from) => accepted.filter((at) => at >= from && at < from + seconds).length));
}

describe('containment', () => {
  it('row 25: a power contains itself', () => expect(exceeded({})).toEqual([]));

  it.each<[Excess['dimension'], Partial<GrantedPower>]>([
    ['permissions', { permissions: compilePermissions(['servers:*', 'backups:write']) }],
    ['permissions', { permissions: compilePermissions(['backups:*']) }],
    ['permissions', { permissions: compilePermissions(['servers:read'], true) }],
    ['permissions', { permissions: compilePermissions(['keyhouse-tokens:read']) }],
    ['permissions', { permissions: 'inherit-of-owner' }],
    ['ip_allowlist', { ipAllowlist: null }],
    ['ip_allowlist', { ipAllowlist: ['203.0.113.1', '203.0.114.1'] }],
    ['expires_at', { expiresAt: null }],
    ['expires_at', { expiresAt: 5001 }],
    ['limits', { windows: 'unlimited' }],
    ['limits', { windows: [{ name: 'hour', limit: 1000, seconds: 3600 }] }],
    ['limits', { windows: [{ name: 'minute', limit: 100, seconds: 60 }] }],
    ['workspace', { workspaceId: 'wsp_2' }],
    ['environment', { environment: 'test' }],
    ['environment', { environment: null }],
  ])('row 25: reports %s and nothing else for %j', (dimension, child) => expect(exceeded(child)).toEqual([dimension]));

  it('row 25: reports every dimension at once, each with a sentence', () => {
    const excess = findExcess(
      {
        permissions: compilePermissions(['vpn:read', 'servers:read']),
        ipAllowlist: null,
        expiresAt: null,
        windows: 'unlimited',
        workspaceId: 'wsp_2',
        environment: 'test',
      },
      parent,
      facts,
    );
    expect(excess.map(({ dimension }) => dimension)).toEqual([
      'permissions',
      'ip_allowlist',
      'expires_at',
      'limits',
      'workspace',
      'environment',
    ]);
    for (const { detail } of excess) expect(detail).toMatch(/^[A-Z].*\.$/);
    expect(excess[0]?.detail).toContain('vpn:read');
    expect(excess[0]?.detail).not.toContain('servers:read');
  });

  it('row 25: under a parent that inherits, a child holds what the owner holds outside the reserved resources', () => {
    const inherits: Partial<GrantedPower> = { permissions: 'inherit-of-owner' };
    expect(exceeded(inherits, inherits)).toEqual([]);
    expect(exceeded({ permissions: compilePermissions(['servers:*', 'backups:read']) }, inherits)).toEqual([]);
    expect(exceeded({ permissions: compilePermissions(['backups:write']) }, inherits)).toEqual(['permissions']);
    expect(exceeded({ permissions: compilePermissions(['keyhouse-tokens:read']) }, inherits)).toEqual(['permissions']);
  });

  it('row 25: what a parent does not restrict, a child may restrict', () => {
    const free: Partial<GrantedPower> = { ipAllowlist: null, expiresAt: null, windows: 'unlimited', environment: null };
    expect(exceeded({}, free)).toEqual([]);
    expect(exceeded(free, free)).toEqual([]);
  });

  it('row 25: a window is as tight as another exactly when a greedy client cannot tell the other is there', () => {
    const window = fc.record({
      name: fc.constant('w'),
      limit: fc.integer({ min: 1, max: 8 }),
      seconds: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(window, window, (child, bound) => {
        expect(isAtLeastAsTight(child, bound)).toBe(mostIn(bound.seconds, [child]) <= bound.limit);
      }),
      { numRuns: 1_000 },
    );
  });

  it('row 25: whatever a contained child accepts, its parent accepts', () => {
    const entry = fc.constantFrom(
      'servers:*',
      'servers:read',
      'backups:read',
      'backups:*',
      'keyhouse-tokens:read',
      'a:b',
    );
    const permissions = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(fc.array(entry, { maxLength: 4 }), fc.boolean()) },
      { weight: 1, arbitrary: fc.constant('inherit-of-owner' as const) },
    );
    const address = fc.constantFrom(
      '10.0.0.0/30',
      '10.0.0.0/31',
      '10.0.0.2',
      '10.0.0.3',
      '2001:db8::/127',
      '2001:db8::1',
    );
    const window = fc.record({
      name: fc.constant('w'),
      limit: fc.integer({ min: 1, max: 6 }),
      seconds: fc.integer({ min: 1, max: 6 }),
    });
    const power = fc
      .record({
        permissions,
        ipAllowlist: fc.option(fc.array(address, { minLength: 1, maxLength: 3 })),
        expiresAt: fc.option(fc.nat(3)),
        windows: fc.oneof(fc.array(window, { minLength: 1, maxLength: 2 }), fc.constant('unlimited' as const)),
        workspaceId: fc.constantFrom('wsp_1', 'wsp_1', 'wsp_2'),
        environment: fc.constantFrom('live' as const, 'live' as const, null),
      })
      .map((written): GrantedPower => {
        const asked = written.permissions;
        return { ...written, permissions: asked === 'inherit-of-owner' ? asked : compilePermissions(...asked) };
      });
    const needs = [
      'servers:read',
      'servers:write',
      'backups:read',
      'backups:write',
      'keyhouse-tokens:read',
      'a:b',
      'z:z',
    ];
    const clients = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3', '2001:db8::', '2001:db8::1', '192.0.2.1', null];

    const permits = (of: GrantedPower, holder: ContainmentFacts['owner'], need: string): boolean =>
      covers(holder, need) &&
      (of.permissions === 'inherit-of-owner' ? !isReserved(need) : covers(of.permissions, need));
    const admits = (of: GrantedPower, client: string | null): boolean => {
      if (of.ipAllowlist === null) return true;
      const parsed = parseIpAllowlist(of.ipAllowlist);
      return parsed.ok && allowsAddress(parsed.list, client);
    };

    let contained = 0;
    fc.assert(
      fc.property(power, power, fc.array(entry), fc.array(entry), (child, above, owned, ownedLater) => {
        const holder = compilePermissions(owned);
        if (findExcess(child, above, { owner: holder, catalogue: null }).length > 0) return;
        contained++;
        for (const ownedThen of [holder, compilePermissions([...owned, ...ownedLater])]) {
          for (const need of needs) {
            if (permits(child, ownedThen, need)) expect(permits(above, ownedThen, need)).toBe(true);
          }
        }
        for (const client of clients) if (admits(child, client)) expect(admits(above, client)).toBe(true);
        expect(above.expiresAt ?? Infinity).toBeGreaterThanOrEqual(child.expiresAt ?? Infinity);
        expect(child.workspaceId).toBe(above.workspaceId);
        expect([null, child.environment]).toContain(above.environment);
        if (above.windows === 'unlimited') return;
        for (const bound of above.windows) {
          expect(mostIn(bound.seconds, child.windows as readonly Window[])).toBeLessThanOrEqual(bound.limit);
        }
      }),
      { numRuns: 20_000 },
    );
    expect(contained).toBeGreaterThan(100);
  });
});
