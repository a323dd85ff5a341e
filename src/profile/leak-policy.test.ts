import { describe, expect, it } from 'vitest';
import { describeChange, keyhouse, leakPolicyOf, parseProfile } from './index.ts';

describe('what a profile says of leaked tokens', () => {
  it('is to revoke them where it says nothing', () => {
    expect(leakPolicyOf(keyhouse)).toBe('revoke');
    expect(leakPolicyOf({ leaks: { onReport: 'alert' } })).toBe('alert');
  });

  it('is told when it changes, and refuses no request', () => {
    const parsed = parseProfile({ name: 'acme', extends: 'keyhouse', leaks: { onReport: 'alert' } });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { lines, narrowing } = describeChange(keyhouse, parsed.profile);
    expect(lines).toContain('A token whose value somebody reports as leaked goes on working; people are told of it.');
    expect(narrowing).toEqual([]);
    expect(describeChange(parsed.profile, keyhouse).lines).toContain(
      'A token whose value somebody reports as leaked is revoked at once.',
    );
  });

  it('is one of two words', () => {
    expect(parseProfile({ name: 'acme', extends: 'keyhouse', leaks: { onReport: 'ignore' } })).toMatchObject({
      ok: false,
    });
  });
});
