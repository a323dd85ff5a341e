import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentClass } from './agent-class.ts';
import { countedNetwork } from './client-network.ts';
import type { Grant, Level } from './grant.ts';
import { type Privileges, sufficientGrant } from './least-privilege.ts';
import { compilePermissions, covers, listEffective, type PermissionSet } from './permission.ts';
import { useTerms } from './use-term.ts';

const CATALOGUE = ['a', 'b', 'c'].flatMap((resource) =>
  ['read', 'write', 'run'].map((action) => `${resource}:${action}`),
);
const LEVELS: ReadonlyMap<Level, PermissionSet> = new Map([
  ['read', compilePermissions(['a:read', 'b:read'])],
  ['write', compilePermissions(['a:read', 'b:read', 'a:write', 'b:write'])],
  ['admin', compilePermissions(['a:*', 'b:*', 'c:*'])],
]);

interface Asked {
  readonly allOf: readonly string[];
  readonly anyOf: readonly string[];
}

function privileges(grant: Grant, owner: PermissionSet, catalogue: readonly string[] | null = CATALOGUE): Privileges {
  const granted = setOf(grant);
  return {
    grant,
    levels: LEVELS,
    effective: listEffective(granted ?? 'inherit', owner, catalogue),
    may: (permission) => covers(owner, permission) && (granted === null || covers(granted, permission)),
  };
}

function setOf(grant: Grant): PermissionSet | null {
  if (grant.mode === 'inherit') return null;
  return grant.mode === 'level' ? (LEVELS.get(grant.level) as PermissionSet) : compilePermissions(grant.permissions);
}

function isAllowed({ allOf, anyOf }: Asked, may: Privileges['may']): boolean {
  return allOf.every(may) && (anyOf.length === 0 || anyOf.some(may));
}

const permission = fc.constantFrom(...CATALOGUE);
const entry = fc.oneof(permission, fc.constantFrom('a:*', 'b:*', 'keyhouse-tokens:read'));
const grant: fc.Arbitrary<Grant> = fc.oneof(
  fc.record({
    mode: fc.constant('permissions' as const),
    permissions: fc.uniqueArray(entry, { minLength: 1, maxLength: 7 }),
  }),
  fc.record({ mode: fc.constant('level' as const), level: fc.constantFrom<Level>('read', 'write', 'admin') }),
  fc.constant({ mode: 'inherit' as const }),
);
const asked: fc.Arbitrary<Asked> = fc.record({
  allOf: fc.uniqueArray(permission, { maxLength: 2 }),
  anyOf: fc.uniqueArray(permission, { maxLength: 3 }),
});

describe('the grant that suffices', () => {
  it('allows every request that was allowed, allows nothing new, and keeps what it holds over Keyhouse', () => {
    fc.assert(
      fc.property(
        grant,
        fc.uniqueArray(entry),
        fc.array(asked, { maxLength: 12 }),
        fc.boolean(),
        (held, owned, requests, isOpen) => {
          const owner = compilePermissions(owned, owned.length % 2 === 0);
          const before = privileges(held, owner, isOpen ? null : CATALOGUE);
          const allowed = requests.filter((request) => isAllowed(request, before.may));
          const smaller = sufficientGrant(
            before,
            allowed.flatMap(({ allOf, anyOf }) => useTerms(allOf, anyOf)),
          );
          if (smaller === null) return;
          expect(smaller.mode).toBe(held.mode);
          const after = privileges(smaller, owner);
          for (const request of allowed) expect(isAllowed(request, after.may)).toBe(true);
          for (const one of CATALOGUE) expect(!after.may(one) || before.may(one)).toBe(true);
          expect(CATALOGUE.filter(after.may).length).toBeLessThanOrEqual(CATALOGUE.filter(before.may).length);
          expect(after.may('keyhouse-tokens:read')).toBe(before.may('keyhouse-tokens:read'));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  const everything = compilePermissions([], true);
  const sufficient = (held: Grant, ...terms: string[]) => sufficientGrant(privileges(held, everything), terms);

  it('names what was used, of alternatives what is needed anyway, and the lowest level that does', () => {
    const held: Grant = { mode: 'permissions', permissions: ['a:*', 'b:read', 'c:run'] };
    expect(sufficient(held, 'a:read', 'a:read|b:read')).toEqual({ mode: 'permissions', permissions: ['a:read'] });
    expect(sufficient(held, 'a:read|b:read', 'a:write|b:read')).toEqual({
      mode: 'permissions',
      permissions: ['b:read'],
    });
    expect(sufficient({ mode: 'level', level: 'admin' }, 'a:read', 'b:write')).toEqual({
      mode: 'level',
      level: 'write',
    });
    expect(sufficient({ mode: 'level', level: 'admin' }, 'c:run')).toBeNull();
  });

  it('suggests nothing for inherit, for what is all used, and for what was not used at all', () => {
    expect(sufficient({ mode: 'inherit' }, 'a:read')).toBeNull();
    expect(sufficient({ mode: 'permissions', permissions: ['a:read'] }, 'a:read', 'none')).toBeNull();
    expect(sufficient({ mode: 'permissions', permissions: ['a:*'] }, 'a:read', 'a:write', 'a:run')).toBeNull();
    expect(sufficient({ mode: 'permissions', permissions: ['a:read'] }, 'none')).toBeNull();
    expect(sufficient({ mode: 'level', level: 'admin' }, 'none')).toBeNull();
  });
});

describe('what uses are told apart by', () => {
  it('is a network and never an address, and one of few kinds of clients', () => {
    expect(countedNetwork('203.0.113.77')).toBe('203.0.113.0/24');
    expect(countedNetwork('255.1.2.3')).toBe('255.1.2.0/24');
    expect(countedNetwork('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    const agents = [
      'Mozilla/5.0 (X11)',
      'curl/8.5.0',
      'python-requests/2.31',
      'undici',
      'Go-http-client/2.0',
      'okhttp/4.9',
    ];
    expect(agents.map(agentClass)).toEqual(['browser', 'curl', 'python', 'node', 'go', 'java']);
    expect([agentClass(null), agentClass('=cmd|x'), agentClass('')]).toEqual(['other', 'other', 'other']);
  });
});
