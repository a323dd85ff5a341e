import { type Caller, type Engine, invalidInput } from '../manage/index.ts';
import type { OwnerRecord } from '../ports/index.ts';
import { knownDevice } from './known-device.ts';
import { verifyPassword } from './password.ts';
import { guardOf } from './sign-in-guard.ts';

/**
 * Somebody signed in says once more who they are. It is counted like a sign-in: a borrowed session must not be a way to
 * guess the password.
 * @returns the hash it was checked against: whoever goes on to change something sees that it is the same still.
 * @throws {Rejection} `invalid_input` at `path` for the wrong one, `rate_limited`.
 */
export async function requirePassword(
  engine: Engine,
  { circumstances: { ip, browser } }: Caller,
  user: OwnerRecord,
  password: string,
  path: string,
): Promise<string> {
  const device = knownDevice(engine, browser?.device ?? null, user.id);
  const admission = guardOf(engine).admit({ account: user.email ?? user.id, ip, device });
  const hash = await engine.store.people.readPasswordHash(user.id);
  if (hash === null) {
    admission.withdrawn();
    throw invalidInput(path, 'You have no password here.');
  }
  const isRight = await verifyPassword(hash, password).catch((error: unknown) => {
    admission.withdrawn();
    throw error;
  });
  if (!isRight) throw invalidInput(path, 'This is not your password.');
  admission.succeeded();
  return hash;
}
