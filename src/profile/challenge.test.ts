import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DENIAL_REASONS } from '../policy/index.ts';
import { describable } from './challenge.ts';
import { deployerp, keyhouse, renderDenial } from './index.ts';

/** Reads a challenge by the grammar of RFC 9110 §11.2: names may not repeat, quoted strings hold no quote or backslash. */
function readChallenge(header: string): Map<string, string> {
  expect(header).toMatch(/^Bearer /);
  const attributes = new Map<string, string>();
  let rest = header.slice('Bearer '.length);
  while (rest !== '') {
    const parts = /^([a-z_]+)="([\x20-\x21\x23-\x5b\x5d-\x7e]*)"(?:, |$)/.exec(rest);
    if (parts === null) throw new Error(`not an attribute: ${rest}`);
    const [all, name = '', value = ''] = parts;
    expect(attributes.has(name), `${name} stands twice`).toBe(false);
    attributes.set(name, value);
    rest = rest.slice(all.length);
  }
  return attributes;
}

describe('WWW-Authenticate', () => {
  it('keeps to the grammar of RFC 6750 whatever help, missing permissions and reason are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DENIAL_REASONS),
        fc.option(fc.string({ unit: 'grapheme' })),
        fc.array(fc.constantFrom('servers:read', 'servers:write', 'instances:*')),
        fc.constantFrom(keyhouse, deployerp),
        (reason, help, missing, profile) => {
          const { status, headers } = renderDenial(profile, { reason, help, missing, requestId: 'r' });
          const header = headers['WWW-Authenticate'];
          if (status === 429 || status === 503) {
            expect(header).toBeUndefined();
            return;
          }
          const attributes = readChallenge(header ?? '');
          expect(attributes.get('realm')).toBe(profile.errors.realm);
          expect(attributes.has('scope')).toBe(reason === 'insufficient_permissions' && missing.length > 0);
        },
      ),
    );
  });

  it('gives a wrong address no error code: asking for more permissions would not help', () => {
    for (const reason of ['ip_restricted', 'ambiguous_path', 'no_matching_rule'] as const) {
      const { headers } = renderDenial(keyhouse, { reason, requestId: 'r' });
      expect(readChallenge(headers['WWW-Authenticate'] ?? '').has('error')).toBe(false);
    }
  });
});

describe('error_description', () => {
  it.each([
    ['plain text', 'This token has expired.', 'This token has expired.'],
    ['quotes and backslashes', 'Say "Bearer" once \\ only', "Say 'Bearer' once / only"],
    ['typographic marks', '“Bearer” – it’s twice…', "'Bearer' - it's twice..."],
    ['a space that does not break', 'API\u00a0key', 'API key'],
    ['accents', 'Clé déjà utilisée, ß', 'Cle deja utilisee, ss'],
  ])('keeps %s readable', (_title, sentence, expected) => {
    expect(describable(sentence)).toBe(expected);
  });

  it.each([
    ['another script', '鍵が無効です'],
    ['a line break', 'a\r\nX-Evil: 1'],
    ['nothing', ''],
  ])('is given up for %s', (_title, sentence) => {
    expect(describable(sentence)).toBeNull();
  });

  it('falls back to our sentence when the help cannot be written in ASCII', () => {
    const { headers } = renderDenial(deployerp, { reason: 'invalid_token', help: '鍵', requestId: 'r' });
    expect(headers['WWW-Authenticate']).toContain('error_description="This token is not valid."');
  });
});
