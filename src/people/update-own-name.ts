import { z } from 'zod';
import { defineOperation, draftOwner, nameSchema, Rejection } from '../manage/index.ts';
import { signedIn } from './session.ts';
import { describeSession, type SessionWire, sessionSchema } from './session-wire.ts';

const inputSchema = z.strictObject({ name: nameSchema.nullable() });

/** Says how one is called. The address one signs in with is changed by whoever looks after users. */
export const updateOwnName = defineOperation<z.infer<typeof inputSchema>, SessionWire, z.input<typeof inputSchema>>({
  id: 'updateOwnName',
  summary: 'Change your name',
  access: { session: true },
  effect: 'changes',
  input: inputSchema,
  output: sessionSchema,
  run: async (engine, caller, { name }) => {
    const { owner, session } = signedIn(caller);
    await engine.changes.commit(async (transaction) => {
      const user = await transaction.owners.lockOwner({ id: owner.id });
      if (user === null || user.deletedAt !== null) throw new Rejection('authentication_required');
      // A name is one's own in every workspace, whichever one works in at the moment.
      const everywhere = { ...caller, reach: 'installation' as const };
      const wish = { kind: 'user' as const, externalId: null, name, memberships: null };
      return draftOwner(engine, everywhere, transaction, user, wish);
    });
    const row = await engine.store.sessions.find(session.digest);
    if (row === null) throw new Rejection('authentication_required');
    return describeSession(engine, row);
  },
});
