import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRoutePath, findRouteConflicts, type RouteRule, RouteTable } from './route-rule.ts';

function rule(line: string): RouteRule {
  const [methods = '', path = ''] = line.split(' ');
  return {
    methods: methods === '*' ? '*' : methods.split(','),
    path,
    permissions: [],
    environment: 'live',
    cost: 1,
  };
}

const lineOf = ({ methods, path }: RouteRule) => `${methods === '*' ? '*' : methods.join()} ${path}`;
const segments = (path: string) => path.split('/').filter((segment) => segment !== '');

function found(lines: readonly string[], request: string): string | null {
  const [method = '', path = ''] = request.split(' ');
  const match = new RouteTable(lines.map(rule)).find(method, segments(path));
  return match === null ? null : lineOf(match);
}

describe('the rule of a request', () => {
  const API = [
    'GET /v1/servers',
    'POST /v1/servers',
    'GET,PATCH /v1/servers/{id}',
    'GET /v1/servers/latest',
    '* /v1/servers/{id}/console/**',
    'DELETE /v1/**',
    'GET /',
  ];

  it.each([
    ['GET /', 'GET /'],
    ['GET /v1/servers', 'GET /v1/servers'],
    ['POST /v1/servers', 'POST /v1/servers'],
    ['GET /v1/servers/7', 'GET,PATCH /v1/servers/{id}'],
    ['GET /v1/servers/latest', 'GET /v1/servers/latest'],
    ['PATCH /v1/servers/latest', 'GET,PATCH /v1/servers/{id}'],
    ['PURGE /v1/servers/7/console', '* /v1/servers/{id}/console/**'],
    ['GET /v1/servers/7/console/a/b/c', '* /v1/servers/{id}/console/**'],
    ['DELETE /v1/servers/7', 'DELETE /v1/**'],
    ['DELETE /v1', 'DELETE /v1/**'],
    ['DELETE /v1/servers/7/console/a', '* /v1/servers/{id}/console/**'],
  ])('%s is under %s', (request, expected) => {
    expect(found(API, request)).toBe(expected);
  });

  it.each([
    'GET /v2',
    'PUT /v1/servers',
    'GET /v1/Servers',
    'GET /v1/servers/7/disks',
    'get /v1/servers',
    ' /v1/servers',
  ])('row 28: nothing is under no rule by accident: %s', (request) => {
    expect(found(API, request)).toBe(null);
  });

  it('row 40: HEAD needs what GET needs, unless it has a rule of its own', () => {
    expect(found(API, 'HEAD /v1/servers/7')).toBe('GET,PATCH /v1/servers/{id}');
    expect(found(['* /a', 'GET /a'], 'HEAD /a')).toBe('GET /a');
    expect(found(['HEAD /a', 'GET /a'], 'HEAD /a')).toBe('HEAD /a');
    expect(found(['POST /a'], 'HEAD /a')).toBe(null);
  });

  it.each([
    ['GET /v1/servers/latest', '/v1/servers/latest', false],
    ['GET /v1/servers/Latest', '/v1/servers/Latest', true],
    ['GET /V1/servers/latest', '/V1/servers/latest', false],
    ['GET /v1/servers/latest', '/v1/servers/%6Catest', true],
    ['PATCH /v1/servers/latest', '/v1/servers/%6Catest', false],
    ['GET /v1/servers/a-b', '/v1/servers/a%2Db', false],
  ])('row 39: whether %s, written %s, is under another rule for somebody: %s', (request, written, expected) => {
    const [method = '', path = ''] = request.split(' ');
    const table = new RouteTable(API.map(rule));
    const isFound = table.find(method, segments(path)) !== null;
    expect(isFound && table.isReadOtherwise(method, segments(path), segments(written))).toBe(expected);
  });

  it('row 39: keeps apart what is written in two cases on purpose', () => {
    const table = new RouteTable(['GET /a/{id}', 'GET /a/Key', 'GET /a/key'].map(rule));
    for (const name of ['Key', 'key']) expect(table.isReadOtherwise('GET', ['a', name], ['a', name])).toBe(false);
    expect(table.isReadOtherwise('GET', ['a', 'KEY'], ['a', 'KEY'])).toBe(true);
  });

  it('a named method goes before any, on the same path', () => {
    expect(found(['* /a/{x}', 'GET /a/{y}'], 'GET /a/1')).toBe('GET /a/{y}');
    expect(found(['* /a/{x}', 'GET /a/{y}'], 'PUT /a/1')).toBe('* /a/{x}');
  });

  it('a rule never fits segments that are named like parts of an object', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) expect(found(['GET /a'], `GET /${name}`)).toBe(null);
  });
});

describe('rules in conflict', () => {
  it.each([
    ['GET /a', 'GET /a'],
    ['GET /a', 'GET /a/'],
    ['GET /a/{x}', 'POST,GET /a/{y}'],
    ['* /a', '* /a'],
    ['GET /a/**', 'GET /a/**'],
    ['GET /a/{x}/c', 'GET /a/b/{y}'],
    ['GET /a/{x}/c', 'HEAD /a/b/{y}'],
    ['* /a/{x}/c', 'POST /a/b/{y}'],
    ['GET /{x}/b', 'GET /a/**'],
  ])('row 41: %s and %s', (a, b) => {
    expect(findRouteConflicts([rule('GET /other'), rule(a), rule(b)])).toEqual([{ first: 1, second: 2 }]);
    expect(findRouteConflicts([rule(b), rule(a)])).toEqual([{ first: 0, second: 1 }]);
  });

  it.each([
    ['GET /a', 'POST /a'],
    ['GET /a', '* /a'],
    ['GET /a', 'HEAD /a'],
    ['GET /a/b', 'GET /a/{x}'],
    ['GET /a/{x}', 'GET /a/**'],
    ['GET /a', 'GET /a/**'],
    ['GET /a/b/c', 'GET /{x}/{y}/{z}'],
    ['GET /a/{x}/c', 'GET /a/b/d'],
    ['GET /a/{x}', 'GET /a/{x}/{y}'],
    ['POST /a/{x}/c', 'GET /a/b/{y}'],
  ])('row 41: not %s and %s', (a, b) => {
    expect(findRouteConflicts([rule(a), rule(b)])).toEqual([]);
    expect(findRouteConflicts([rule(b), rule(a)])).toEqual([]);
  });

  it('row 41: without one, every request has one most specific rule, whatever the order of the list', () => {
    const segment = fc.constantFrom('a', 'b', '{x}');
    const path = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
      .map(([parts, isOpen]) => `/${[...parts, ...(isOpen ? ['**'] : [])].join('/')}`);
    const methods = fc.constantFrom('GET', 'POST', 'GET,POST', '*');
    const lines = fc.uniqueArray(
      fc.tuple(methods, path).map((parts) => parts.join(' ')),
      { maxLength: 6 },
    );
    const request = fc.tuple(
      fc.constantFrom('GET', 'POST', 'PUT'),
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(lines, request, (list, [method, parts]) => {
        const rules = list.map(rule);
        fc.pre(findRouteConflicts(rules).length === 0);
        const fitting = rules.filter((one) => fits(one, method, parts));
        const best = fitting.filter((one) => fitting.every((other) => !isNarrower(other, one)));
        expect(best.length).toBeLessThanOrEqual(1);
        expect(new RouteTable(rules).find(method, parts)).toBe(best[0] ?? null);
        expect(new RouteTable(rules.toReversed()).find(method, parts)).toBe(best[0] ?? null);
      }),
      { numRuns: 3_000 },
    );
  });
});

/** By looking, without a tree. */
function fits({ methods, path }: RouteRule, method: string, parts: readonly string[]): boolean {
  if (methods !== '*' && !methods.includes(method)) return false;
  const pattern = segments(path).map((part) => (part === '**' ? '(?:/.*)?' : `/${part === '{x}' ? '[^/]+' : part}`));
  return new RegExp(`^${pattern.join('')}$`).test(parts.map((part) => `/${part}`).join(''));
}

/** Whether every path of the first is one of the second's, tried with all short paths; on the same paths, the method. */
function isNarrower(a: RouteRule, b: RouteRule): boolean {
  const paths = [[]] as string[][];
  for (let depth = 0; depth < 4; depth += 1) {
    paths.push(
      ...paths.filter((one) => one.length === depth).flatMap((one) => ['a', 'b', 'c'].map((part) => [...one, part])),
    );
  }
  const only = (one: RouteRule) =>
    paths.filter((parts) => fits({ ...one, methods: '*' }, 'GET', parts)).map((p) => p.join('/'));
  const [inA, inB] = [new Set(only(a)), new Set(only(b))];
  if (![...inA].every((path) => inB.has(path))) return false;
  return inA.size < inB.size || (a !== b && a.methods !== '*' && b.methods === '*');
}

describe('a path pattern', () => {
  it.each(['/', '/v1', '/v1/', '/v1/{id}/x', '/v1/**', '/**', '/caf%C3%A9', '/a.b~c', "/it's"])('may be %s', (path) => {
    expect(checkRoutePath(path)).toBe(null);
  });

  it.each([
    '',
    'v1',
    '/v1//x',
    '/v1/../x',
    '/v1/**/x',
    '/v1/{id',
    '/v1/{}',
    '/v1/x{id}',
    '/v1/*',
    '/v1/a*',
    '/v1/%2',
    '/a b',
    '/é',
  ])('may not be %j', (path) => {
    expect(checkRoutePath(path)).not.toBe(null);
  });
});
