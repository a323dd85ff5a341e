import { describe, expect, it } from 'vitest';
import { keyhouse, parseProfile } from './index.ts';

describe('extends', () => {
  it('takes what a short file leaves out from a preset', () => {
    const parsed = parseProfile({
      extends: 'keyhouse',
      name: 'shorty',
      company: { name: 'Shorty', slug: 'shorty' },
      token: { prefix: 'sho' },
      errors: { denials: { invalid_request: { status: 401 } } },
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(parsed.profile).toEqual({
      ...keyhouse,
      name: 'shorty',
      company: { ...keyhouse.company, name: 'Shorty', slug: 'shorty' },
      token: { ...keyhouse.token, prefix: 'sho' },
      errors: {
        ...keyhouse.errors,
        denials: {
          ...keyhouse.errors.denials,
          invalid_request: { ...keyhouse.errors.denials.invalid_request, status: 401 },
        },
      },
    });
  });

  it('takes tiers, names, lists and the error body whole from the file', () => {
    const tiers = { only: { label: 'Only', windows: 'unlimited' } };
    const parsed = parseProfile({
      extends: 'deployerp',
      name: 'other',
      limits: { tiers, defaultTier: 'only' },
      fieldNames: {},
      errors: { body: { message: '$message' } },
      templates: [],
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(Object.keys(parsed.profile.limits.tiers)).toEqual(['only']);
    expect(parsed.profile.fieldNames).toEqual({});
    expect(parsed.profile.errors.body).toEqual({ message: '$message' });
    expect(parsed.profile.templates).toEqual([]);
  });

  it('needs a name of its own and a preset that exists', () => {
    expect(parseProfile({ extends: 'keyhouse' })).toMatchObject({ ok: false, problems: [{ path: '$.name' }] });
    for (const name of ['nobody', 'constructor', '__proto__', 7, null]) {
      expect(parseProfile({ extends: name, name: 'x' })).toEqual({
        ok: false,
        problems: [
          {
            path: '$.extends',
            message: 'There is no such preset; there is keyhouse, installer, deployerp, hosting, collections, coolset.',
          },
        ],
      });
    }
  });

  it('may rename a field that the preset takes under that name already', () => {
    const file = { extends: 'keyhouse', name: 'x', fieldNames: { ip_allowlist: 'ip_whitelist' } };
    expect(parseProfile(file).ok).toBe(true);
  });
});
