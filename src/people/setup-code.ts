import { timingSafeEqual } from 'node:crypto';
import type { Engine } from '../manage/index.ts';
import type { SetupCode, Transaction } from '../ports/index.ts';
import { generateToken, readShape, type TokenFormat } from '../token/index.ts';
import { digestSecret } from './one-time-secret.ts';

export const SETUP_CODE_LIFETIME_MS = 30 * 60_000;

/** A wrong code brings the end of the right one so much nearer: ten guesses and it is over. */
const GUESS_COSTS_MS = SETUP_CODE_LIFETIME_MS / 10;

/** What a code that was sent in amounts to. */
export type SetupVerdict = 'right' | 'wrong' | 'set_up';

/** Whether set-up is over: somebody has become the first administrator, or users exist already. */
export function hasAdmin(engine: Pick<Engine, 'store'>): Promise<boolean> {
  return engine.store.transact(({ people }) => people.hasUsers());
}

/**
 * A new code with which one person becomes the first administrator, good for 30 minutes; earlier ones end. Whoever calls
 * this prints the code where only the operator sees it: what is stored is a digest.
 */
export async function issueSetupCode(
  engine: Pick<Engine, 'store' | 'clock' | 'random' | 'authenticator'>,
): Promise<string> {
  const format = engine.authenticator.profile.profile.token;
  const code = generateToken(format, 'setup', format.environments[0] ?? null, engine.random);
  const expiresAt = engine.clock.now() + SETUP_CODE_LIFETIME_MS;
  await engine.store.transact(({ people }) => people.putSetupCode({ codeDigest: digestSecret(code), expiresAt }));
  return code;
}

/** Whether the text can be a set-up code at all: anything else is refused without a look at the store. */
export function isSetupCodeShape(code: string, format: TokenFormat): boolean {
  const shape = readShape(code, format);
  return shape.is === 'ours' && shape.kind === 'setup';
}

/** Judges a code with its row locked, so that of many set-ups at once only the first finds it. A wrong one is charged. */
export async function judgeSetupCode(
  { people }: Pick<Transaction, 'people'>,
  code: string,
  now: number,
): Promise<SetupVerdict> {
  const stored = await people.lockSetupCode();
  if (await people.hasUsers()) return 'set_up';
  if (stored === null) return 'wrong';
  if (stored.expiresAt > now && isCode(stored, code)) return 'right';
  const left: SetupCode = { ...stored, expiresAt: stored.expiresAt - GUESS_COSTS_MS };
  if (left.expiresAt > now) await people.putSetupCode(left);
  else await people.deleteSetupCode();
  return 'wrong';
}

function isCode({ codeDigest }: SetupCode, code: string): boolean {
  return timingSafeEqual(Buffer.from(codeDigest, 'hex'), Buffer.from(digestSecret(code), 'hex'));
}
