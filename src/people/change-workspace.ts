import { z } from 'zod';
import { defineOperation, idSchema, Rejection } from '../manage/index.ts';
import { sessionDraft, signedIn, workplaces } from './session.ts';
import { describeSession, type SessionWire, sessionSchema } from './session-wire.ts';

const inputSchema = z.strictObject({ workspace_id: idSchema });

/** Goes on working in another workspace of one's own. */
export const changeWorkspace = defineOperation<z.infer<typeof inputSchema>, SessionWire>({
  id: 'changeWorkspace',
  summary: 'Change to another workspace',
  access: { session: true },
  effect: 'changes',
  input: inputSchema,
  output: sessionSchema,
  run: async (engine, caller, { workspace_id: workspaceId }) => {
    const { session, owner } = signedIn(caller);
    await engine.changes.commit(async (transaction) => {
      const places = await workplaces(transaction.owners, owner.id);
      if (!places.some(({ workspace }) => workspace.id === workspaceId)) throw new Rejection('not_found');
      await transaction.sessions.moveTo(session.id, workspaceId);
      return sessionDraft(caller, engine.clock.now(), null, {
        action: 'session.moved',
        ids: session.workspaceId === workspaceId ? [] : [session.id],
        ownerId: owner.id,
        workspaceId,
        tightening: false,
      });
    });
    const row = await engine.store.sessions.find(session.digest);
    if (row === null) throw new Rejection('authentication_required');
    return describeSession(engine, row);
  },
});
