import { describe, expect, it } from 'vitest';
import type { RouteRule } from '../policy/index.ts';
import { deployerp, describeChange, keyhouse, type Profile, parseProfile } from './index.ts';

function rule(line: string, more: Partial<RouteRule> = {}): RouteRule {
  const [methods = '', path = '', ...permissions] = line.split(' ');
  const named = methods === '*' ? '*' : methods.split(',');
  return { methods: named, path, permissions, environment: 'live', cost: 1, ...more };
}

const withRoutes = (profile: Profile, ...routes: readonly RouteRule[]): Profile => ({ ...profile, routes });

function problems(profile: Profile): readonly string[] {
  const parsed = parseProfile(profile);
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('route rules of a profile', () => {
  it('may leave out what is usual', () => {
    const routes = [{ methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'] }];
    const parsed = parseProfile({ ...keyhouse, routes });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.profile.routes).toEqual([rule('GET /v1/servers servers:read')]);
  });

  it.each([
    ['a path that no request can have', rule('GET /v1/../x'), '$.routes[0].path'],
    ['a method in lower case', rule('get /v1'), '$.routes[0].methods[0]'],
    ['no method', rule('GET /v1', { methods: [] }), '$.routes[0].methods'],
    ['a permission that the catalogue has not', rule('GET /v1 planets:read'), '$.routes[0].permissions[0]'],
    ['a wildcard', rule('GET /v1 servers:*'), '$.routes[0].permissions[0]'],
    ['a cost that is none', rule('GET /v1', { cost: -1 }), '$.routes[0].cost'],
  ])('are refused with %s', (_what, wrong, place) => {
    expect(problems(withRoutes(deployerp, wrong))).toEqual([expect.stringContaining(`${place}: `)]);
  });

  it('guard nothing with permissions of Keyhouse itself', () => {
    expect(problems(withRoutes(keyhouse, rule('GET /v1 keyhouse-tokens:read')))).toHaveLength(1);
  });

  it('serve an environment that tokens have', () => {
    const live: Profile = { ...keyhouse, token: { ...keyhouse.token, environments: ['live'] } };
    expect(problems(withRoutes(live, rule('GET /v1 a:b', { environment: 'test' })))).toEqual([
      '$.routes[0].environment: There are no "test" tokens here.',
    ]);
    const none: Profile = { ...keyhouse, token: { ...keyhouse.token, environments: [] } };
    expect(problems(withRoutes(none, rule('GET /v1 a:b')))).toEqual([]);
  });

  it('row 41: are refused in conflict, naming both', () => {
    const [problem] = problems(withRoutes(keyhouse, rule('GET /a/{x}/c p:read'), rule('GET,POST /a/b/{y} p:write')));
    expect(problem).toContain('$.routes[1]: ');
    expect(problem).toContain('$.routes[0] (GET /a/{x}/c)');
  });
});

describe('a change of route rules', () => {
  const change = (before: readonly RouteRule[], after: readonly RouteRule[]) =>
    describeChange(withRoutes(keyhouse, ...before), withRoutes(keyhouse, ...after));

  it.each([
    ['a rule that is gone', [rule('GET /a p:read')], []],
    ['a method that is gone', [rule('GET,POST /a p:read')], [rule('GET /a p:read')]],
    ['another permission', [rule('GET /a p:read')], [rule('GET /a p:write')]],
    ['one more permission', [rule('GET /a p:read')], [rule('GET /a p:read p:write')]],
    ['another environment', [rule('GET /a p:read')], [rule('GET /a p:read', { environment: 'test' })]],
    ['a higher cost', [rule('GET /a p:read')], [rule('GET /a p:read', { cost: 2 })]],
    [
      'a stricter rule within another',
      [rule('GET /a/** p:read')],
      [rule('GET /a/** p:read'), rule('GET /a/{x} p:write')],
    ],
  ])('narrows with %s', (_what, before, after) => {
    const { lines, narrowing } = change(before, after);
    expect(narrowing).toHaveLength(1);
    expect(lines).toEqual(narrowing);
  });

  it.each([
    ['a first rule', [], [rule('GET /a p:read')]],
    ['a rule beside others', [rule('GET /a p:read')], [rule('GET /a p:read'), rule('GET /b p:write')]],
    ['fewer permissions', [rule('GET /a p:read p:write')], [rule('GET /a p:read')]],
    ['a lower cost', [rule('GET /a p:read', { cost: 2 })], [rule('GET /a p:read')]],
    ['a laxer rule within another', [rule('GET /a/** p:read')], [rule('GET /a/** p:read'), rule('GET /a/{x}')]],
  ])('only tells of %s', (_what, before, after) => {
    const { lines, narrowing } = change(before, after);
    expect([lines.length, narrowing]).toEqual([1, []]);
  });

  it('is none where rules are grouped, ordered or named differently', () => {
    const before = [rule('GET,POST /a/{x} p:read'), rule('GET /b p:read')];
    const after = [rule('GET /b p:read'), rule('POST /a/{y}/ p:read'), rule('GET /a/{z} p:read')];
    expect(change(before, after)).toEqual({ lines: [], narrowing: [] });
  });
});
