import { describe, expect, it } from 'vitest';
import { DENIAL_REASONS } from '../policy/index.ts';
import {
  checkProfile,
  collections,
  coolset,
  deployerp,
  hosting,
  installer,
  keyhouse,
  type Profile,
  presets,
} from '../profile/index.ts';
import { SIXTH_COMPANY } from '../profile/sixth-company.fixture.ts';
import type { Block } from './document.ts';
import { type GuideOptions, guideOf, type Offer, renderMarkdown } from './index.ts';

const sixthCompany = checkProfile(SIXTH_COMPANY).profile as Profile;
const EVERY_PROFILE: readonly Profile[] = [...Object.values(presets), sixthCompany];

const optionsFor = ({ company }: Profile): GuideOptions => ({
  apiUrl: company.apiBaseUrl ?? 'http://127.0.0.1:8000',
});
const textOf = (profile: Profile, options: Partial<GuideOptions> = {}) =>
  renderMarkdown(guideOf(profile, { ...optionsFor(profile), ...options }));
const sectionOf = (text: string, title: RegExp) =>
  text.split(/^<a id="[\w-]+"><\/a>\n\n(?=## )/m).find((section) => title.test(section.split('\n')[0] ?? '')) ?? '';
const blocksOf = (profile: Profile): readonly Block[] =>
  guideOf(profile, optionsFor(profile)).sections.flatMap(({ blocks }) => blocks);

describe.each(EVERY_PROFILE.map((profile) => [profile.name, profile] as const))('the guide of %s', (_name, profile) => {
  const text = textOf(profile);

  it('says where tokens are made, in every way there is to go', () => {
    const getting = sectionOf(text, /Get your/);
    for (const path of profile.words.menuPaths) expect(getting).toContain(`**${path.join(' → ')}**`);
    expect(getting).toContain(`**${profile.words.createButton}**`);
    if (profile.company.signInUrl !== null) expect(getting).toContain(profile.company.signInUrl);
    for (const { name } of profile.grants.includes('permissions') ? profile.templates : []) {
      expect(getting).toContain(`**${name}**`);
    }
  });

  it('lists what can be allowed, with every operation', () => {
    const permissions = sectionOf(text, /^## Permissions/);
    for (const { permission, operations } of profile.catalogue === 'open' ? [] : profile.catalogue) {
      expect(permissions).toContain(`\`${permission}\``);
      for (const operation of operations) expect(permissions).toContain(`\`${operation}\``);
    }
    for (const { level } of profile.grants.includes('level') ? profile.levels : []) {
      expect(permissions).toContain(`| **${level}** |`);
    }
    expect(/`\w[\w-]*:\*` stands for/.test(permissions)).toBe(profile.grants.includes('permissions'));
  });

  it('lists every tier with every window', () => {
    const limits = sectionOf(text, /^## Limits/);
    for (const { label, windows } of Object.values(profile.limits.tiers)) {
      expect(limits).toContain(`| **${label}** |`);
      for (const { limit } of windows === 'unlimited' ? [] : windows) {
        expect(limits).toContain(`${limit.toLocaleString('en-US')} in any `);
      }
    }
  });

  it('has a heading with the code of every refusal as its anchor, and no anchor twice', () => {
    const ids = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
    for (const reason of DENIAL_REASONS) expect(ids).toContain(profile.errors.denials[reason].code);
    expect(new Set(ids).size).toBe(ids.length);
    const headings = blocksOf(profile).filter((block) => block.is === 'heading');
    for (const reason of DENIAL_REASONS) {
      expect(headings.some(({ id }) => id.startsWith(profile.errors.denials[reason].code))).toBe(true);
    }
  });

  it('leads no link to a place that is not there', () => {
    const ids = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
    const targets = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) expect(ids).toContain(target);
  });

  it('says nothing of Keyhouse itself, unless that is the company', () => {
    if (profile.company.name !== 'Keyhouse') expect(text).not.toMatch(/keyhouse/i);
  });
});

describe('the guide of a company', () => {
  it('whose tokens are made by administrators says so, and offers no rotation', () => {
    const text = textOf(collections);
    expect(text).toContain('An administrator makes it for you.');
    expect(text).not.toContain('/rotate');
    expect(text).toContain('A user has one bearer token at a time.');
    expect(text).toContain('A bearer token works for 365 days.');
  });

  it('says where tokens for trying things out work', () => {
    expect(textOf(coolset)).toContain('https://developers.coolset.com/sandbox');
    const alone = { ...coolset, company: { ...coolset.company, testApiBaseUrl: null } };
    expect(textOf(alone)).toContain('Each is refused where the other is expected.');
    expect(textOf(alone)).not.toContain('sandbox');
  });

  it('whose tokens can rotate names its own path and its own grace', () => {
    const text = textOf(deployerp);
    expect(text).toContain('-X POST https://api.deployerp.com/v1/api-keys/current/rotate');
    expect(text).toContain('goes on working for 7 days');
    expect(textOf({ ...deployerp, rotation: { gracePeriod: '0s' } })).toContain('The old one ends at that moment.');
    expect(textOf({ ...deployerp, fieldNames: { grace_period: 'overlap' } })).toContain('{"overlap":"1h"}');
  });

  it('whose answers carry no code names none', () => {
    expect(textOf(hosting)).toContain('refused with 409 `already_rotated`.');
    for (const profile of [installer, coolset]) expect(textOf(profile)).not.toContain('`already_rotated`');
    expect(textOf(coolset)).toContain('refused with 409.');
  });

  it('whose tokens inherit says whose permissions count, and asks for no choice', () => {
    expect(textOf(installer)).toContain('There is nothing to select');
    expect(textOf(installer)).not.toContain('Select the');
    expect(textOf(coolset)).toContain('Choose the lowest [level](#permissions)');
    expect(textOf(keyhouse)).toContain('no others, or let it do whatever you may do yourself.');
  });

  it('that says how to reach its support names both ways, and one that does not has no such part', () => {
    const { company } = hosting;
    expect(sectionOf(textOf(hosting), /Get help/)).toContain(`(mailto:${company.supportEmail})`);
    expect(textOf(deployerp)).not.toContain('Get help');
  });

  it('speaks of live and test only where there are environments', () => {
    expect(textOf(deployerp)).toContain('`dep_test_`');
    expect(textOf(installer)).toContain('`inst_` followed by 32 letters and digits');
    expect(textOf(installer)).not.toContain('do not mix');
  });

  it('reads the token from a variable that is named after the company', () => {
    const variable = (profile: Profile) => /environment variable `(\w+)`/.exec(textOf(profile))?.[1];
    expect([deployerp, installer, hosting, collections].map(variable)).toEqual([
      'DEPLOYERP_API_KEY',
      'INSTALLER_API_TOKEN',
      'EXAMPLE_API_TOKEN',
      'YOURSITE_BEARER_TOKEN',
    ]);
    const named = (slug: string, token: string): Profile => ({
      ...keyhouse,
      company: { ...keyhouse.company, slug },
      words: { ...keyhouse.words, token },
    });
    expect(variable(named('4-you', 'Schlüssel'))).toBe('_4_YOU_SCHLUSSEL');
    expect(variable(named('example', '令牌'))).toBe('EXAMPLE_API_TOKEN');
  });

  it('does not say what is not served beside it', () => {
    const bare = textOf(deployerp, { offers: new Set<Offer>() });
    for (const missing of ['/v1/auth/test', '/rotate', '-X DELETE', '](reference)', '](openapi.json)']) {
      expect(bare).not.toContain(missing);
    }
    expect(bare).toContain('Make a second API key with the same permissions.');
    expect(textOf(keyhouse, { offers: new Set<Offer>() })).not.toContain('```js');
  });

  it('whose token endpoints lie below a prefix prints them there, and its own API beside it', () => {
    const text = textOf(deployerp, { prefix: '/auth' });
    expect(text).toContain('https://api.deployerp.com/auth/v1/api-keys/current/rotate');
    expect(text).toContain('https://api.deployerp.com/v1/servers');
  });

  it('that limits nobody says that, and no more', () => {
    const free: Profile = {
      ...deployerp,
      limits: { tiers: { free: { label: 'Free', useCase: null, windows: 'unlimited' } }, defaultTier: 'free' },
    };
    expect(sectionOf(textOf(free), /^## Limits/)).toBe('## Limits\n\nRequests are not limited.\n\n');
    expect(textOf(free)).toContain('"rate_limit": null');
  });

  it('that says one code for two refusals explains both, the first at the code', () => {
    const text = textOf(sixthCompany);
    expect(text.indexOf('<a id="102"></a>')).toBeGreaterThan(0);
    expect(text.indexOf('<a id="102-2"></a>')).toBeGreaterThan(text.indexOf('<a id="102"></a>'));
  });
});
