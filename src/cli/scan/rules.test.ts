import { describe, expect, it } from 'vitest';
import { presets } from '../../profile/index.ts';
import { generateToken, KIND_MARKERS, type Kind, systemRandom } from '../../token/index.ts';
import { RULES_FORMATS, rulesText } from './index.ts';

/** What RE2, Hyperscan and JavaScript read alike: no look-around, no back reference, no lazy or possessive repetition. */
const COMMON = /^(?:[A-Za-z0-9_|]|\\[Az]|\(\?:|[()]|\[\^?[0-9A-Za-z-]+\]|\{\d+\}|\?(?![?+])|\$|\^)+$/;

describe.each(Object.values(presets))('rules for other scanners, of the profile $name', (profile) => {
  const { token } = profile;
  const gitleaks = rulesText('gitleaks', [profile]);
  const github = rulesText('github', [profile]);
  const regex = /^regex = '''(.+)'''$/m.exec(gitleaks)?.[1] ?? '';
  const field = (name: string) => new RegExp(`^${name}: +(.+)$`, 'm').exec(github)?.[1] ?? '';
  // What GitHub makes of the three fields.
  const pattern = `(?:${field('Before secret')})(${field('Secret format')})(?:${field('After secret')})`;
  const inScript = (text: string) => new RegExp(text.replace('\\A', '^').replace('\\z', '$'));
  const values = (Object.keys(KIND_MARKERS) as Kind[]).map((kind) =>
    generateToken(token, kind, token.environments[0] ?? null, systemRandom),
  );

  it('are written in what their engines read alike', () => {
    for (const text of [regex, pattern]) expect(text).toMatch(COMMON);
    const keywords = JSON.parse(/^keywords = (.+)$/m.exec(gitleaks)?.[1] ?? '') as string[];
    for (const value of values) expect(keywords.some((keyword) => value.includes(keyword))).toBe(true);
  });

  it('meet every value, and none that is glued to a letter or cut short', () => {
    for (const text of [regex, pattern]) {
      for (const value of values) {
        expect(inScript(text).exec(`key = "${value}"`)?.[1]).toBe(value);
        expect(inScript(text).exec(value)?.[1]).toBe(value);
        for (const other of [`x${value}`, `${value}x`, value.slice(0, -1)]) {
          expect(inScript(text).test(other)).toBe(false);
        }
      }
    }
  });
});

it('are written for every profile that is looked for', () => {
  for (const format of RULES_FORMATS) {
    for (const { token } of Object.values(presets)) {
      expect(rulesText(format, Object.values(presets))).toContain(`${token.prefix}(?:`);
    }
  }
});
