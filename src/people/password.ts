import { hash, verify } from '@node-rs/argon2';
import { Rejection } from '../manage/index.ts';
import { FIRST_GUESSES } from './first-guesses.ts';
import { Turnstile } from './turnstile.ts';

/** Code points, after normalisation. */
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 256;

/** argon2id with 19 MiB, two passes, one lane; the library's salt has 16 bytes. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Of this process: each hash takes 19 MiB and a thread that the file system and the name resolver need too. */
const turnstile = new Turnstile(2, 32);

/**
 * What is wrong with a password, in one sentence; null when it may be used. No composition rules: length and not being
 * the first guess are what counts.
 * @param about what the person is known by, such as the e-mail address.
 */
export function checkPassword(password: string, about: readonly string[] = []): string | null {
  const text = password.normalize('NFC');
  const length = [...text].length;
  if (length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters.`;
  if (length > PASSWORD_MAX) return `Use at most ${PASSWORD_MAX} characters.`;
  if (!text.isWellFormed()) return 'This contains half of a character.';
  const folded = text.toLowerCase();
  if (FIRST_GUESSES.has(folded) || isMonotonous(folded)) return 'This is among the first that would be guessed.';
  const known = about.flatMap((one) => [one.toLowerCase(), one.toLowerCase().split('@')[0] as string]);
  return known.includes(folded) ? 'This is what you are known by, not a secret.' : null;
}

/**
 * The argon2id string of a password.
 * @throws {Rejection} `busy` when too many wait already.
 */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFC'), COST));
}

/**
 * Whether the password is the one behind the argon2id string.
 * @throws {Rejection} `busy` when too many wait already.
 */
export function verifyPassword(hashed: string, password: string): Promise<boolean> {
  return inTurn(() => verify(hashed, password.normalize('NFC')));
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = await turnstile.pass(work);
  if (turn === null)
    throw new Rejection('busy', 'Too many passwords are being checked at once. Try again in a moment.');
  return turn.done;
}

/** One or two characters over and over. */
function isMonotonous(text: string): boolean {
  return new Set(text).size <= 2;
}
