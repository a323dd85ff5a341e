import { describe, expect, it } from 'vitest';
import { keyhouse, knowsPermission, parseProfile, windowsOf } from '../index.ts';

describe('the neutral profile', () => {
  it('is a valid profile', () => {
    expect(parseProfile(keyhouse)).toEqual({ ok: true, profile: keyhouse });
  });

  it('has tokens kh_live_ and kh_test_, and ids tok_', () => {
    expect(keyhouse.token).toMatchObject({ prefix: 'kh', environments: ['live', 'test'], idPrefix: 'tok' });
  });

  it('takes any well-formed permission and none of its own management', () => {
    expect(knowsPermission(keyhouse, 'anything:at-all')).toBe(true);
    expect(knowsPermission(keyhouse, 'anything:*')).toBe(true);
    for (const entry of ['*', 'a:', 'A:b', 'keyhouse-tokens:write', 'keyhouse-owners:*']) {
      expect(knowsPermission(keyhouse, entry)).toBe(false);
    }
  });

  it('D8: has the four tiers, and limits a token nobody thought about', () => {
    expect(Object.keys(keyhouse.limits.tiers)).toEqual(['standard', 'high-volume', 'limited', 'unlimited']);
    expect(windowsOf(keyhouse, { by: 'tier', tier: keyhouse.limits.defaultTier })).toEqual([
      { name: 'hour', limit: 1_000, seconds: 3_600 },
      { name: 'minute', limit: 100, seconds: 60 },
    ]);
  });

  it('takes the names other companies use for two of its fields', () => {
    expect(keyhouse.fieldAliases).toEqual({ ip_whitelist: 'ip_allowlist', rotation_enabled: 'auto_rotate' });
  });
});
