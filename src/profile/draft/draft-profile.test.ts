import { describe, expect, it } from 'vitest';
import { checkProfile, keyhouse, type Profile, parseProfile, presets, renderDenial } from '../index.ts';
import { draftApi } from './draft-api.ts';
import { type Answers, draftProfile, nameOfCompany, profileText, suggestPrefixes, tokensPathFor } from './index.ts';

/** What somebody answers who takes what the preset has. */
function answersTo(preset: Profile, own: Partial<Answers> = {}): Answers {
  return {
    company: 'Acme Cloud',
    name: 'acme-cloud',
    supportUrl: 'https://help.example.com',
    supportEmail: null,
    signInUrl: null,
    apiBaseUrl: null,
    environments: preset.token.environments,
    prefix: 'acme',
    grants: preset.grants,
    lifetime: preset.expiry.lifetime,
    onePerOwner: preset.onePerOwner,
    selfService: preset.selfService,
    tokenWord: preset.words.token,
    tokensPath: preset.paths.tokens,
    ...own,
  };
}

const API = draftApi({
  openapi: '3.1.0',
  info: { title: 'Acme' },
  'x-rate-limit': { gold: '9000/hour', standard: '90/hour' },
  paths: {
    '/servers': { get: { tags: ['Servers'] }, post: { tags: ['Servers'] } },
    '/servers/{id}': { delete: { security: [{ bearer: ['servers:delete'] }] } },
  },
  security: [{ bearer: [] }],
});
const api = API.ok ? API.api : null;

describe('a draft', () => {
  it.each(Object.entries(presets))(
    'that takes everything from %s says who the company is, and little else',
    (name, preset) => {
      const { file } = draftProfile({ name, preset }, answersTo(preset), null);
      expect(file).toMatchObject({
        name: 'acme-cloud',
        extends: name,
        company: { name: 'Acme Cloud', slug: 'acme-cloud' },
      });
      for (const section of ['catalogue', 'levels', 'limits', 'words', 'paths', 'expiry', 'rotation', 'grants']) {
        expect(file, section).not.toHaveProperty(section);
      }
      const { profile, problems } = checkProfile(profileText(file));
      expect(problems).toEqual([]);
      expect(profile).toMatchObject({ catalogue: preset.catalogue, limits: preset.limits, words: preset.words });
    },
  );

  it.each(Object.entries(presets))('of %s keeps nothing that belongs to the preset’s own company', (name, preset) => {
    const { file } = draftProfile({ name, preset }, answersTo(preset), api);
    const read = checkProfile(profileText(file)).profile;
    if (name === 'keyhouse') return;
    const { company, token, errors, guide } = preset;
    const text = JSON.stringify(read);
    for (const theirs of [company.name, company.signInUrl, company.supportUrl, company.supportEmail, errors.docsUrl]) {
      if (theirs !== null) expect(text.includes(JSON.stringify(theirs).slice(1, -1)), theirs).toBe(false);
    }
    for (const sample of token.samples) {
      if (sample.startsWith(`${token.prefix}_`)) expect(text).not.toContain(sample);
    }
    expect(read?.guide.sampleRequest).toEqual({ method: 'GET', path: '/servers', upload: null });
    expect(read?.guide).not.toEqual(guide);
    expect(read?.catalogue).toEqual(api?.catalogue);
  });

  const ANSWERS: readonly [string, string, Partial<Answers>][] = [
    [
      'with everything changed',
      'keyhouse',
      {
        environments: [],
        lifetime: '30d',
        onePerOwner: true,
        selfService: false,
        grants: ['inherit'],
        tokenWord: 'API key',
        tokensPath: '/v1/api-keys',
        signInUrl: 'https://app.example.com',
        supportEmail: 'help@example.com',
      },
    ],
    ['with a longer life than the preset allows', 'collections', { lifetime: '3650d' }],
    ['with a life that never ends', 'collections', { lifetime: null }],
    ['with more than one token for each owner', 'collections', { onePerOwner: false }],
    ['without levels in a preset that has them', 'coolset', { grants: ['permissions'] }],
    ['with a name that HTTP cannot carry', 'keyhouse', { company: 'Größe "GmbH"', name: 'groesse' }],
  ];
  it.each(ANSWERS)('%s has no problems', (_what, name, own) => {
    const preset = presets[name] ?? keyhouse;
    for (const origin of [null, api]) {
      const { file } = draftProfile({ name, preset }, answersTo(preset, own), origin);
      expect(checkProfile(profileText(file)).problems).toEqual([]);
    }
  });

  it('takes permissions, rules, tiers and the request of the samples from the document', () => {
    const { file } = draftProfile({ name: 'keyhouse', preset: keyhouse }, answersTo(keyhouse), api);
    expect(file).toMatchObject({
      routes: [
        { methods: ['GET'], path: '/servers', permissions: ['servers:read'] },
        { methods: ['POST'], path: '/servers', permissions: ['servers:write'] },
        { methods: ['DELETE'], path: '/servers/{id}', permissions: ['servers:delete'] },
      ],
      limits: { tiers: { gold: {}, standard: {} } },
      guide: { sampleRequest: { path: '/servers' } },
    });
    expect(Object.keys(file)).toEqual([
      'name',
      'extends',
      'company',
      'token',
      'catalogue',
      'routes',
      'limits',
      'errors',
      'guide',
    ]);
  });

  it('makes levels of the permissions, each with what the one before has', () => {
    const own = { grants: ['level', 'inherit'] } as const;
    const { file, notes } = draftProfile({ name: 'keyhouse', preset: keyhouse }, answersTo(keyhouse, own), api);
    expect(file.levels).toEqual([
      { level: 'read', description: 'View', permissions: ['servers:read'] },
      { level: 'write', description: 'View and change', permissions: ['servers:read', 'servers:write'] },
      { level: 'admin', description: 'Everything', permissions: ['servers:*'] },
    ]);
    expect(notes.map(({ sentence }) => sentence)).toContain('The levels are made of the permissions by their actions.');
  });

  it('answers without links to pages that the company does not have', () => {
    const { file } = draftProfile({ name: 'keyhouse', preset: keyhouse }, answersTo(keyhouse), null);
    const parsed = parseProfile(file);
    if (!parsed.ok) throw new Error('not a profile');
    const denial = {
      reason: 'invalid_token',
      missing: [],
      retryAfterSeconds: null,
      help: null,
      requestId: 'req_1',
    } as const;
    expect(JSON.stringify(renderDenial(parsed.profile, denial))).not.toMatch(/null|undefined|https?:/);
  });

  it('names tokens as the company does, everywhere', () => {
    const own = { tokenWord: 'API key', tokensPath: tokensPathFor(keyhouse, 'API key') };
    const { file } = draftProfile({ name: 'keyhouse', preset: keyhouse }, answersTo(keyhouse, own), null);
    expect(file).toMatchObject({
      paths: { tokens: '/v1/api-keys' },
      words: {
        token: 'API key',
        tokens: 'API keys',
        menuPaths: [['Settings', 'API Keys']],
        createButton: 'Create API key',
      },
    });
    expect(
      ['token', 'API token', 'Schlüssel', 'pass', 'key to the city', '鍵'].map((word) => tokensPathFor(keyhouse, word)),
    ).toEqual(['/v1/tokens', '/v1/tokens', '/v1/schlussels', '/v1/passes', '/v1/key-to-the-cities', '/v1/s']);
  });
});

describe('what is suggested', () => {
  it('names a profile after its company', () => {
    expect(['Acme Cloud', 'Größe GmbH', '株式会社', '', '4711'].map(nameOfCompany)).toEqual([
      'acme-cloud',
      'grosse-gmbh',
      'company',
      'company',
      'n4711',
    ]);
  });

  it('never has a prefix that is somebody else’s, or that another of our ids has', () => {
    expect(suggestPrefixes('acme-cloud', ['live', 'test'])).toEqual(['acme', 'acmecloud', 'acmekey']);
    expect(suggestPrefixes('sk', [])).toEqual(['skkey', 'skapi', 'apikey']);
    expect(suggestPrefixes('github', [])).not.toContain('github');
    expect(suggestPrefixes('tok', [])).not.toContain('tok');
    expect(suggestPrefixes('', [])).not.toEqual([]);
    expect(suggestPrefixes('a-very-long-name-of-a-company', [])[0]).toMatch(/^[a-z][a-z0-9]{2,11}$/);
  });
});

describe('the text of a profile', () => {
  it('has what fits on a line on one, and reads as what it was', () => {
    const value = { a: { b: 1, c: [] }, d: ['x'.repeat(60), 'y'.repeat(60)], e: {}, f: null, g: '"\\\n' };
    const text = profileText(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toBe(`{
  "a": { "b": 1, "c": [] },
  "d": [
    "${'x'.repeat(60)}",
    "${'y'.repeat(60)}"
  ],
  "e": {},
  "f": null,
  "g": "\\"\\\\\\n"
}
`);
  });
});
