import { describe, expect, it } from 'vitest';
import { canonicalProfile, deployerp, keyhouse, parseProfile } from './index.ts';
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

describe('reading a profile', () => {
  it('takes a complete file and a value of the type', () => {
    expect(parseProfile(fileWith({})).ok).toBe(true);
    expect(parseProfile(deployerp)).toEqual({ ok: true, profile: deployerp });
  });

  it('says everything that is wrong at once, each with its place', () => {
    const file = fileWith({
      name: 'Lager Haus',
      company: { name: ' x', slug: 'UP', supportUrl: 'javascript:alert(1)', accentColour: 'red', colour: 1 },
      token: { prefix: 'a_b', environments: ['live', 'live'], idPrefix: 'own', samples: [] },
      levels: [{ level: 'root', description: 'x', permissions: [] }],
      limits: {
        tiers: { 'Not A Name': { label: 'x', windows: [{ name: 'hour', limit: 0, seconds: 3600 }] } },
        defaultTier: 'standard',
      },
      tokensPerWorkspaceMax: 1.5,
      paths: { tokens: '/v1/users/' },
      nonsense: true,
    });
    const parsed = parseProfile(file);
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.path)).toEqual([
      '$.name',
      '$.company.name',
      '$.company.slug',
      '$.company.supportUrl',
      '$.company.supportEmail',
      '$.company.logoUrl',
      '$.company.accentColour',
      '$.company.apiBaseUrl',
      '$.company.colour',
      '$.token.prefix',
      '$.token.environments[1]',
      '$.levels[0].level',
      '$.levels[0].permissions',
      "$.limits.tiers['Not A Name'].windows",
      "$.limits.tiers['Not A Name']",
      '$.limits.defaultTier',
      '$.tokensPerWorkspaceMax',
      '$.paths.tokens',
      '$.nonsense',
      '$.token.idPrefix',
    ]);
  });

  it('says what came instead, in a few words', () => {
    expect(problemsWith({ onePerOwner: 'yes', catalogue: 'closed', levels: [], grants: [], name: 7 })).toEqual({
      '$.name': 'This must be a text, not 7.',
      '$.catalogue': 'This must be "open" or a list, not "closed".',
      '$.grants': 'This must have at least 1 entry.',
      '$.defaultGrant': 'The default must be one of "grants"; add "inherit" there, or write null.',
      '$.onePerOwner': 'This must be true or false, not "yes".',
    });
  });

  it('looks into the one of two forms that was meant', () => {
    expect(
      problemsWith({ catalogue: [], levels: [], grants: ['inherit'], cors: { origins: ['https://a.example/'] } }),
    ).toEqual({
      '$.catalogue': 'This must have at least 1 entry.',
      '$.cors.origins[0]': expect.stringContaining('a scheme and a host'),
    });
  });

  it('names a section that is missing', () => {
    const { words: _, ...file } = fileWith({});
    const parsed = parseProfile(file);
    expect(parsed).toEqual({
      ok: false,
      problems: [{ path: '$.words', message: 'This is missing; it must be an object.' }],
    });
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'keyhouse'],
    ['nothing', undefined],
  ])('refuses %s', (_title, value) => {
    expect(parseProfile(value)).toMatchObject({ ok: false, problems: [{ path: '$' }] });
  });

  it('refuses what is not data: functions, classes, cycles, numbers that JSON lacks', () => {
    const cycle: Json = {};
    cycle.again = cycle;
    for (const value of [() => 1, new Date(0), cycle, Number.NaN, Symbol('x')]) {
      const parsed = parseProfile(fileWith({ errors: { body: { x: value } } }));
      expect(parsed).toMatchObject({ ok: false, problems: [{ path: expect.stringContaining('$.errors.body.x') }] });
    }
  });

  it('row 54: refuses __proto__ and touches no prototype', () => {
    const parsed = parseProfile(JSON.parse('{"company": {"__proto__": {"name": "x"}}}'));
    expect(parsed).toEqual({
      ok: false,
      problems: [{ path: '$.company', message: 'A key cannot be called "__proto__".' }],
    });
  });

  it('row 55: refuses control, bidirectional and invisible characters in texts that are shown', () => {
    for (const name of ['a\u0000b', 'a\u202eb', 'a\u200bb', 'a\u2028b', 'a\nb']) {
      const company = { ...(fileWith({}).company as Json), name };
      expect(problemsWith({ company })).toEqual({
        '$.company.name': 'This text has control or invisible characters in it.',
      });
    }
  });

  it('reads a profile from before there was self service, a sign-in and a sample request', () => {
    const stored: Json = JSON.parse(JSON.stringify(keyhouse));
    const { signInUrl: _, ...company } = stored.company as Json;
    const { selfService: _selfService, guide: _guide, ...rest } = stored;
    expect(parseProfile({ ...rest, company })).toEqual({ ok: true, profile: keyhouse });
    const sampleRequest = { method: 'GET', path: '/pallets' };
    const parsed = parseProfile(fileWith({ guide: { sampleRequest } }));
    expect(parsed.ok && parsed.profile.guide.sampleRequest).toEqual({ ...sampleRequest, upload: null });
  });

  it('refuses an address to sign in at that is none', () => {
    for (const signInUrl of ['portal.example', 'javascript:alert(1)', 'https://portal.example/', '']) {
      const company = { ...(fileWith({}).company as Json), signInUrl };
      expect(Object.keys(problemsWith({ company })), signInUrl).toEqual(['$.company.signInUrl']);
    }
  });

  it('comes back frozen and apart from what was handed in', () => {
    const file = fileWith({});
    const parsed = parseProfile(file);
    if (!parsed.ok) throw new Error('not ok');
    (file.errors as { body: Json }).body.text = 'changed';
    expect(parsed.profile.errors.body).toMatchObject({ text: '$message' });
    expect(Object.isFrozen(parsed.profile.errors.denials.invalid_token)).toBe(true);
  });
});

describe('canonical text', () => {
  it('is the same however the sections and their keys are ordered', () => {
    const reversed = Object.fromEntries(Object.entries(deployerp).reverse());
    const company = Object.fromEntries(Object.entries(deployerp.company).reverse());
    const parsed = parseProfile({ ...reversed, company });
    if (!parsed.ok) throw new Error('not ok');
    expect(canonicalProfile(parsed.profile)).toBe(canonicalProfile(deployerp));
  });

  it('keeps the order that people see: of body members and tiers', () => {
    const text = canonicalProfile(keyhouse);
    expect(text.indexOf('"high-volume"')).toBeLessThan(text.indexOf('"limited"'));
    expect(text).toContain('"body":{"type":"{docs_url}/{code}","title":"$title","status":"$status","code":"$code"');
  });

  it('reads back as the same profile', () => {
    const parsed = parseProfile(JSON.parse(canonicalProfile(deployerp)));
    expect(parsed).toEqual({ ok: true, profile: deployerp });
  });

  it('refuses what is not a profile', () => {
    expect(() => canonicalProfile({ ...deployerp, name: 'No' })).toThrow(TypeError);
  });
});
