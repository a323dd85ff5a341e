import { z } from 'zod';
import { defineOperation } from '../manage/index.ts';
import { signedIn } from './session.ts';
import { describeSession, describeStaff, type SessionWire, sessionSchema } from './session-wire.ts';

/** Who is signed in, where, and what they may do there. */
export const readSession = defineOperation<Record<string, never>, SessionWire>({
  id: 'readSession',
  summary: 'Who am I',
  access: { session: true, orStaff: true },
  effect: 'reads',
  input: z.strictObject({}),
  output: sessionSchema,
  run: async (engine, caller) =>
    caller.staff === undefined ? describeSession(engine, signedIn(caller)) : describeStaff(caller),
});
