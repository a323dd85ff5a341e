import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Engine } from '../manage/index.ts';

const ID_BYTES = 16;

/** What a browser keeps of a successful sign-in, to be known again: it lets nobody in, it only keeps strangers' guesses apart. */
export function issueDevice(engine: Pick<Engine, 'pepper' | 'random'>, ownerId: string): string {
  const { current, versions } = engine.pepper();
  const id = Buffer.from(engine.random.bytes(ID_BYTES)).toString('base64url');
  return `${id}.${sign(versions.get(current) as Uint8Array, id, ownerId).toString('base64url')}`;
}

/** The device's id when this account has signed in there before; null otherwise. */
export function knownDevice(engine: Pick<Engine, 'pepper'>, device: string | null, ownerId: string): string | null {
  const [id, mac, more] = (device ?? '').split('.');
  if (id === undefined || mac === undefined || more !== undefined) return null;
  const given = Buffer.from(mac, 'base64url');
  const isOurs = [...engine.pepper().versions.values()].some((pepper) => {
    const expected = sign(pepper, id, ownerId);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isOurs ? id : null;
}

function sign(pepper: Uint8Array, id: string, ownerId: string): Buffer {
  const key = createHmac('sha256', pepper).update('keyhouse device').digest();
  return createHmac('sha256', key).update(`${id} ${ownerId}`).digest();
}
