import { describe, expect, it } from 'vitest';
import { KEY_ANNOUNCED_MS, publishedKeys, signingKey } from './identity-key.ts';

const AT = Date.UTC(2026, 0, 1);
const keys = [
  { kid: 'a', signsFrom: AT },
  { kid: 'b', signsFrom: AT + KEY_ANNOUNCED_MS },
];
const published = (now: number) => publishedKeys(keys, now).map(({ kid }) => kid);

describe('the keys of signed identities', () => {
  it('are published before they sign, and after that as long as what they signed holds and clocks are slow', () => {
    expect([signingKey(keys, AT)?.kid, published(AT)]).toEqual(['a', ['a', 'b']]);
    const taken = AT + KEY_ANNOUNCED_MS;
    expect(signingKey(keys, taken - 1)?.kid).toBe('a');
    expect([signingKey(keys, taken)?.kid, published(taken)]).toEqual(['b', ['a', 'b']]);
    expect(published(taken + 89_999)).toEqual(['a', 'b']);
    expect(published(taken + 90_000)).toEqual(['b']);
  });

  it('sign also after the clock was set back, and not at all where there are none', () => {
    expect(signingKey(keys, AT - 1)?.kid).toBe('a');
    expect(signingKey([], AT)).toBeNull();
    expect(publishedKeys([], AT)).toEqual([]);
  });
});
