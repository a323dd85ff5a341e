import { z } from 'zod';
import { defineOperation } from '../manage/index.ts';
import { isOpen, sessionSummary, sessionSummarySchema, signedIn } from './session.ts';

const outputSchema = z.object({ data: z.array(sessionSummarySchema) });

/** Where one is signed in. */
export const listSessions = defineOperation<Record<string, never>, z.infer<typeof outputSchema>>({
  id: 'listSessions',
  summary: 'List your sessions',
  access: { session: true },
  effect: 'reads',
  input: z.strictObject({}),
  output: outputSchema,
  run: async (engine, caller) => {
    const { owner, session: current } = signedIn(caller);
    const now = engine.clock.now();
    const sessions = await engine.store.people.listSessions(owner.id);
    return { data: sessions.filter((one) => isOpen(one, now)).map((one) => sessionSummary(one, current.id)) };
  },
});
