import { Secret, TOTP } from 'otpauth';
import type { Engine } from '../manage/index.ts';
import type { SecondFactorRecord, Transaction } from '../ports/index.ts';
import { digestToken, openUnderPepper, sealUnderPepper } from '../token/index.ts';

/** RFC 6238 as every authenticator app knows it. */
const SETTINGS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SECRET_BYTES = 20;
/** A code of the step before or after is taken too: clocks differ. */
const WINDOW_STEPS = 1;

const RECOVERY_CODES = 10;
const RECOVERY_LENGTH = 10;
/** Without what looks like something else; 32 of them, so that five bits are one. */
const RECOVERY_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

type Sealing = Pick<Engine, 'pepper' | 'random'>;

/** A new secret for an authenticator, and the address from which the app reads it. */
export function newSecondFactor(
  engine: Sealing,
  labels: { readonly issuer: string; readonly account: string },
): { readonly secret: string; readonly uri: string; readonly sealedSecret: string } {
  const secret = new Secret({ buffer: new Uint8Array(engine.random.bytes(SECRET_BYTES)).buffer });
  const uri = new TOTP({ ...SETTINGS, issuer: labels.issuer, label: labels.account, secret }).toString();
  const sealedSecret = sealUnderPepper(secret.base32, 'second factor', engine.pepper(), engine.random);
  return { secret: secret.base32, uri, sealedSecret };
}

/** The time step of a code that is right and newer than any taken before; null otherwise. */
export function stepOf(
  engine: Pick<Engine, 'pepper'>,
  { sealedSecret, lastStep }: SecondFactorRecord,
  code: string,
  now: number,
): number | null {
  const secret = openUnderPepper(sealedSecret, 'second factor', engine.pepper());
  const token = code.replace(/\s/g, '');
  if (secret === null || !/^\d{6}$/.test(token)) return null;
  const delta = TOTP.validate({
    ...SETTINGS,
    token,
    secret: Secret.fromBase32(secret),
    timestamp: now,
    window: WINDOW_STEPS,
  });
  if (delta === null) return null;
  const step = Math.floor(now / (SETTINGS.period * 1_000)) + delta;
  return step > lastStep ? step : null;
}

/**
 * Takes a code of the authenticator or a recovery code, each once: in the transaction that holds the factor's row.
 * @returns whether it was right.
 */
export async function takeCode(
  engine: Pick<Engine, 'pepper'>,
  { secondFactors }: Transaction,
  factor: SecondFactorRecord,
  code: string,
  now: number,
): Promise<boolean> {
  const step = stepOf(engine, factor, code, now);
  if (step !== null) {
    await secondFactors.put({ ...factor, lastStep: step });
    return true;
  }
  const recovery = code.toLowerCase().replace(/[\s-]/g, '');
  if (recovery.length !== RECOVERY_LENGTH) return false;
  for (const pepper of engine.pepper().versions.values()) {
    if (await secondFactors.takeRecoveryCode(factor.ownerId, digestRecovery(recovery, pepper))) return true;
  }
  return false;
}

/** Ten codes for when the authenticator is lost, and what is stored of them. */
export function newRecoveryCodes(engine: Sealing): { readonly codes: string[]; readonly digests: string[] } {
  const { current, versions } = engine.pepper();
  const bare = Array.from({ length: RECOVERY_CODES }, () =>
    [...engine.random.bytes(RECOVERY_LENGTH)].map((byte) => RECOVERY_ALPHABET.charAt(byte & 31)).join(''),
  );
  return {
    codes: bare.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`),
    digests: bare.map((code) => digestRecovery(code, versions.get(current) as Uint8Array)),
  };
}

/** Fifty bits can be tried out: only who has the pepper can check a guess. */
function digestRecovery(code: string, pepper: Uint8Array): string {
  return digestToken(`recovery code ${code}`, pepper);
}
