import { describe, expect, it } from 'vitest';
import { checkPassword, hashPassword, verifyPassword } from './password.ts';

describe('a password', () => {
  it('has 10 to 256 characters, counted as people count them', () => {
    expect(checkPassword('too short')).toMatch(/at least 10/);
    expect(checkPassword('just right')).toBeNull();
    expect(checkPassword('🔑'.repeat(4) + '🚪'.repeat(5))).toMatch(/at least 10/);
    expect(checkPassword(`${'🔑'.repeat(8)}🚪🏠`)).toBeNull();
    expect(checkPassword('ab🔑'.repeat(86))).toMatch(/at most 256/);
    expect(checkPassword('ab🔑'.repeat(85))).toBeNull();
  });

  it('is none of the first guesses, and not what the person is known by', () => {
    for (const guess of ['password123', 'PassWord123', 'qwertyuiop', '1234567890', 'aaaaaaaaaaaa', 'abababababab']) {
      expect(checkPassword(guess), guess).toMatch(/guessed/);
    }
    const known = ['grace.hopper@provider.example', 'Grace Hopper'];
    expect(checkPassword('Grace.Hopper', known)).toMatch(/known by/);
    expect(checkPassword('grace.hopper@provider.example', known)).toMatch(/known by/);
    expect(checkPassword('grace hopper', known)).toMatch(/known by/);
    expect(checkPassword('grace hopper likes ships', known)).toBeNull();
  });

  it('is kept as an argon2id string with 19 MiB, two passes and a salt of its own', async () => {
    const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await verifyPassword(one as string, 'correct horse')).toBe(true);
    expect(await verifyPassword(one as string, 'correct Horse')).toBe(false);
  });

  it('is the same password whichever way its characters are composed', async () => {
    const composed = 'caf\u00e9 au lait, please';
    const decomposed = 'cafe\u0301 au lait, please';
    expect(await verifyPassword(await hashPassword(composed), decomposed)).toBe(true);
    expect(checkPassword('\ud800 half a character')).toMatch(/half/);
  });

  it('row 100a: so many at once are turned away rather than taking the memory of the process', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 60 }, () => verifyPassword('$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g', 'x')),
    );
    const turnedAway = attempts.filter(
      (attempt) => attempt.status === 'rejected' && (attempt.reason as { code?: string }).code === 'busy',
    );
    expect(turnedAway).toHaveLength(60 - 2 - 32);
  });
});
