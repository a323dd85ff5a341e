import { z } from 'zod';
import { type Caller, defineOperation, Rejection } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import { FolderRefused, rotateIdentityKey } from '../stores/data-folder/index.ts';
import type { OpenedEngine } from './open-engine.ts';

const input = z.strictObject({
  compromised: z
    .boolean()
    .optional()
    .describe('Somebody else knows the keys: the new one signs at once, no other is published'),
});
const output = z
  .object({ kid: z.string(), signs_from: z.string(), published: z.array(z.string()) })
  .meta({ id: 'IdentityKeyRotation' });

/** Adds a key for signed identities. The file is what every process reads, so the change is in the file and its record here. */
export function rotateIdentityKeyOf({ engine, store }: OpenedEngine) {
  return defineOperation<z.infer<typeof input>, z.infer<typeof output>>({
    id: 'rotateIdentityKey',
    summary: 'Add a key that identities are signed with',
    access: { local: true },
    effect: 'changes',
    input,
    output,
    run: async (_engine, caller, { compromised = false }) => {
      const keys = rotate(store.secretsDir, engine, compromised);
      const made = keys.at(-1) as (typeof keys)[number];
      await engine.changes.commit(async () => ({
        value: null,
        subjects: [],
        tightening: false,
        audit: rotationEvent(caller, engine.clock.now(), made.kid, compromised),
      }));
      return { kid: made.kid, signs_from: formatInstant(made.signsFrom), published: keys.map(({ kid }) => kid) };
    },
  });
}

function rotate(secretsDir: string, { clock, random }: OpenedEngine['engine'], compromised: boolean) {
  try {
    return rotateIdentityKey(secretsDir, clock.now(), random, compromised);
  } catch (error) {
    if (error instanceof FolderRefused) throw new Rejection('conflict', error.message);
    throw error;
  }
}

function rotationEvent({ actor, circumstances }: Caller, at: number, kid: string, compromised: boolean) {
  return {
    at,
    action: 'identity_key.rotated',
    actor,
    onBehalfOf: null,
    subject: null,
    workspaceId: null,
    requestId: circumstances.requestId,
    details: { kid, compromised },
    personal: {},
  };
}
