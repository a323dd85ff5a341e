import { describe, expect, it } from 'vitest';
import { parseProfile } from './index.ts';
import { SIXTH_COMPANY } from './sixth-company.fixture.ts';

type Json = Record<string, unknown>;

/** The sixth company's file with other sections. */
function fileWith(sections: Json): Json {
  return { ...(JSON.parse(SIXTH_COMPANY) as Json), ...sections };
}

function problemsWith(sections: Json): Record<string, string> {
  const parsed = parseProfile(fileWith(sections));
  return parsed.ok ? {} : Object.fromEntries(parsed.problems.map(({ path, message }) => [path, message]));
}

describe('what has to fit together', () => {
  const catalogue = [
    { permission: 'a:read', description: 'x', operations: [] },
    { permission: 'a:write', description: 'x', operations: [] },
  ];

  it('rows 22, 23: permissions of the catalogue are concrete, lower-case and not ours', () => {
    for (const permission of ['a:*', '*', 'A:read', 'a', 'a:b:c', 'keyhouse-tokens:write', 'а:read', ' a:read']) {
      const entries = [{ permission, description: 'x', operations: [] }];
      expect(Object.keys(problemsWith({ catalogue: entries, levels: [], grants: ['inherit'] }))).toContain(
        '$.catalogue[0].permission',
      );
    }
  });

  it('a permission stands in the catalogue once, even when another entry is wrong', () => {
    const problems = problemsWith({ catalogue: [...catalogue, catalogue[0], { permission: 7 }], levels: [] });
    expect(problems['$.catalogue[2].permission']).toBe('"a:read" is listed twice.');
    expect(problems['$.catalogue[3].permission']).toBeDefined();
  });

  it('levels name permissions of the catalogue, in order, each covering the one before', () => {
    const level = (name: string, permissions: string[]) => ({ level: name, description: 'x', permissions });
    expect(
      problemsWith({
        catalogue,
        levels: [level('write', ['a:read', 'b:*']), level('read', ['a:write']), level('admin', ['*', 'keyhouse-x:y'])],
      }),
    ).toMatchObject({
      '$.levels[0].permissions[1]': '"b:*" is not in the catalogue.',
      '$.levels[2].permissions[0]': 'A bare * does not exist; name each resource, as in servers:*.',
      '$.levels[2].permissions[1]': expect.stringContaining('one by one'),
    });
    expect(
      problemsWith({ catalogue, levels: [level('write', ['a:read', 'b:*']), level('read', ['a:write'])] }),
    ).toEqual({
      '$.levels[0].permissions[1]': '"b:*" is not in the catalogue.',
      '$.levels[1].level': 'Levels are listed once each, in the order read, write, admin.',
      '$.levels[1].permissions': 'A level allows everything the one before it allows; "read" lacks a:read, b:*.',
    });
    expect(
      problemsWith({ catalogue, levels: [level('read', ['a:read', 'a:write']), level('admin', ['a:*'])] }),
    ).toEqual({});
    expect(
      problemsWith({ catalogue, levels: [level('read', ['a:*']), level('admin', ['a:read', 'a:write'])] }),
    ).toEqual({});
  });

  it('a way of asking needs what it asks for', () => {
    expect(problemsWith({ levels: [], grants: ['level', 'permissions'] })).toEqual({
      '$.grants[0]': 'There are no levels to ask for; list them in "levels".',
      '$.defaultGrant': 'The default must be one of "grants"; add "inherit" there, or write null.',
    });
  });

  it('row 52: durations have the one form, and the usual life fits the longest', () => {
    for (const lifetime of ['0d', '-1d', '1mo', '1e3d', '90 d', '99999d', '3651d', 90]) {
      expect(Object.keys(problemsWith({ expiry: { lifetime, lifetimeMax: null } }))).toEqual(['$.expiry.lifetime']);
    }
    for (const expiry of [
      { lifetime: null, lifetimeMax: '1d' },
      { lifetime: '25h', lifetimeMax: '1d' },
    ]) {
      expect(Object.keys(problemsWith({ expiry }))).toEqual(['$.expiry.lifetime']);
    }
    expect(problemsWith({ expiry: { lifetime: '24h', lifetimeMax: '1d' } })).toEqual({});
  });

  it('with one token per owner there is no grace', () => {
    expect(Object.keys(problemsWith({ rotation: { gracePeriod: '7d' } }))).toEqual(['$.rotation.gracePeriod']);
    expect(problemsWith({ rotation: { gracePeriod: '7d' }, onePerOwner: false })).toEqual({});
  });

  it('reminders come one after another, and a period can be kept', () => {
    const rotation = (fields: object) =>
      problemsWith({ rotation: { gracePeriod: '1d', ...fields }, onePerOwner: false });
    expect(rotation({ period: '1m', reminders: ['1d', '2d'] })).toEqual({});
    expect(Object.keys(rotation({ period: '30s' }))).toEqual(['$.rotation.period']);
    expect(Object.keys(rotation({ reminders: ['7d', '7d'] }))).toEqual(['$.rotation.reminders[1]']);
    expect(Object.keys(rotation({ reminders: ['7d'] }))).toEqual(['$.rotation.reminders']);
  });

  it('row 53: windows can be enforced as written, and are listed longest first', () => {
    const tiers = (windows: unknown) => ({ limits: { tiers: { one: { label: 'x', windows } }, defaultTier: 'one' } });
    const window = (name: string, limit: unknown, seconds: number) => ({ name, limit, seconds });
    for (const limit of [0, -1, 1.5, '100', 2 ** 53, null]) {
      expect(Object.keys(problemsWith(tiers([window('h', limit, 3600)]))).length).toBeGreaterThan(0);
    }
    for (const windows of [
      [],
      'none',
      [window('minute', 10, 60), window('hour', 100, 3600)],
      [window('hour', 10, 3600), window('minute', 100, 60)],
    ]) {
      expect(Object.keys(problemsWith(tiers(windows)))).toEqual(['$.limits.tiers.one.windows']);
    }
    expect(problemsWith(tiers('unlimited'))).toEqual({});
  });

  it('the token path is free', () => {
    for (const tokens of [
      '/v1',
      '/v1/owners',
      '/v1/users/tokens',
      '/v1/profile',
      '/oauth/token',
      '/healthz',
      '/V1/x',
      'v1',
      '/',
    ]) {
      expect(Object.keys(problemsWith({ paths: { tokens } }))).toEqual(['$.paths.tokens']);
    }
    for (const tokens of ['/v1/user-tokens', '/api/keys', '/keys']) {
      expect(problemsWith({ paths: { tokens } })).toEqual({});
    }
  });

  it('names of fields do not clash', () => {
    expect(
      problemsWith({
        fieldNames: { ip_allowlist: 'ips', name: 'ips', description: 'environment', nothing: 'x', id: 'key' },
        fieldAliases: { ips: 'tier', name: 'description', other: 'value', 'bad name': 'tier' },
      }),
    ).toMatchObject({
      "$.fieldAliases['bad name']": expect.stringContaining('About the key itself'),
    });
    expect(
      problemsWith({
        fieldNames: { ip_allowlist: 'ips', name: 'ips', description: 'environment', nothing: 'x', id: 'key' },
        fieldAliases: { ips: 'tier', name: 'description', other: 'value' },
      }),
    ).toEqual({
      '$.fieldNames.name': '"ip_allowlist" is already called "ips".',
      '$.fieldNames.description': '"environment" already means something else in a token.',
      '$.fieldNames.nothing': 'There is no field of this name that can be renamed.',
      '$.fieldNames.id': 'There is no field of this name that can be renamed.',
      '$.fieldAliases.ips': 'This is already the name of "name".',
      '$.fieldAliases.name': 'This name already means something in a token.',
      '$.fieldAliases.other': 'There is no field "value" that can have another name.',
    });
  });

  it('statuses mean what HTTP says, and every denial is worded', () => {
    const errors = structuredClone(fileWith({}).errors) as { body: Json; denials: Record<string, Json> };
    Object.assign(errors.denials.invalid_token ?? {}, { status: 404, message: 'x {nope} [y' });
    Object.assign(errors.denials.rate_limited ?? {}, { message: 'x {message}' });
    delete errors.denials.ip_restricted;
    errors.body = { a: '$nope', b: 'x {nix}' };
    expect(problemsWith({ errors })).toMatchObject({
      '$.errors.body.a': expect.stringContaining('$nope is not a word'),
      '$.errors.body.b': expect.stringContaining('{nix} is not a word'),
      '$.errors.denials.invalid_token.status': 'This must be 401, not 404.',
      '$.errors.denials.invalid_token.message': expect.stringContaining('never ends'),
      '$.errors.denials.ip_restricted': 'This is missing; it must be an object.',
      '$.errors.denials.rate_limited.message': expect.stringContaining('{message} is not a word that can stand here'),
    });
  });

  it('ids look like nothing else', () => {
    for (const idPrefix of ['lin', 'req', 'lagerhaus']) {
      const token = { ...(fileWith({}).token as Json), idPrefix };
      expect(Object.keys(problemsWith({ token }))).toEqual(['$.token.idPrefix']);
    }
  });

  it('the request that samples make has a path of the API, and a file goes with POST alone', () => {
    const upload = { field: 'file', fileName: 'my-plan.zip' };
    const sample = (sampleRequest: Json | null) => problemsWith({ guide: { sampleRequest } });
    for (const path of ['/v1/servers', '/api/orders/', '/installCollection']) {
      expect(sample({ method: 'GET', path })).toEqual({});
      expect(sample({ method: 'POST', path, upload })).toEqual({});
    }
    expect(sample(null)).toEqual({});
    expect(sample({ method: 'GET', path: '/plans', upload })).toEqual({
      '$.guide.sampleRequest.method': 'A file is sent with POST.',
    });
    for (const path of ['', '/', 'v1/servers', '/v1/{id}', '/v1?x=1', '/v1//x', '/v1/a b', "/v1/'", '/$(id)']) {
      expect(Object.keys(sample({ method: 'GET', path })), path).toEqual(['$.guide.sampleRequest.path']);
    }
    for (const fileName of ['', '../up.zip', 'a/b.zip', '-f', 'a"b', 'a b']) {
      const problems = sample({ method: 'POST', path: '/plans', upload: { ...upload, fileName } });
      expect(Object.keys(problems), fileName).toEqual(['$.guide.sampleRequest.upload.fileName']);
    }
    const deleting = sample({ method: 'DELETE', path: '/plans' });
    expect(Object.keys(deleting)).toEqual(['$.guide.sampleRequest.method']);
  });

  it('templates name permissions of the catalogue', () => {
    const template = { name: 'A', tokenName: 'a', description: 'x', permissions: ['pallets:read', 'pallets:burn'] };
    expect(problemsWith({ templates: [template, template] })).toEqual({
      '$.templates[1].name': '"A" is listed twice.',
      '$.templates[0].permissions[1]': '"pallets:burn" is not in the catalogue.',
      '$.templates[1].permissions[1]': '"pallets:burn" is not in the catalogue.',
    });
  });
});
