import { z } from 'zod';
import {
  auditDraft,
  defineOperation,
  findOwner,
  guaranteeSchema,
  guaranteeWire,
  idSchema,
  lockActingToken,
  noteLook,
  reaches,
} from '../manage/index.ts';
import { isOpen, sessionSummary, sessionSummarySchema } from './session.ts';

const inputSchema = z.strictObject({ id: idSchema });
type Input = z.infer<typeof inputSchema>;

const listedSchema = z.object({
  data: z.array(sessionSummarySchema.omit({ current: true }).extend({ workspace_id: z.string() })),
});

/** Where a user is signed in, in the workspaces that the caller reaches. */
export const listUserSessions = defineOperation<Input, z.infer<typeof listedSchema>>({
  id: 'listUserSessions',
  summary: 'List where a user is signed in',
  access: { needs: 'keyhouse-users:read' },
  effect: 'reads',
  input: inputSchema,
  output: listedSchema,
  run: async (engine, caller, { id }) => {
    const user = await findOwner(engine, caller, 'user', { id });
    if (caller.self?.ownerId !== user.id) {
      const subject = { kind: 'owner' as const, id: user.id };
      await noteLook(engine, caller, { action: 'user_sessions.read', subject, details: { user_id: user.id } });
    }
    const now = engine.clock.now();
    const sessions = await engine.store.people.listSessions(user.id);
    const open = sessions.filter((one) => isOpen(one, now) && reaches(caller, one.workspaceId));
    return {
      data: open.map((one) => {
        const { current: _, ...summary } = sessionSummary(one, '');
        return { ...summary, workspace_id: one.workspaceId };
      }),
    };
  },
});

const endedSchema = z
  .object({ ended_ids: z.array(z.string()), guarantee: guaranteeSchema })
  .meta({ id: 'EndedUserSessions' });

/** Signs a user out of every browser, in the workspaces that the caller reaches. The user can sign in again. */
export const endUserSessions = defineOperation<Input, z.infer<typeof endedSchema>>({
  id: 'endUserSessions',
  summary: 'Sign a user out everywhere',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: inputSchema,
  output: endedSchema,
  run: async (engine, caller, { id }) => {
    const user = await findOwner(engine, caller, 'user', { id });
    const now = engine.clock.now();
    const { value: ids, guarantee } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      await transaction.owners.lockOwner({ id: user.id });
      const sessions = await transaction.sessions.list(user.id);
      const ids: string[] = [];
      for (const one of sessions.filter(({ workspaceId }) => reaches(caller, workspaceId))) {
        ids.push(...(await transaction.sessions.end(user.id, { id: one.id })));
      }
      return {
        value: ids,
        subjects: ids.map((sessionId) => ({ kind: 'session' as const, id: sessionId })),
        unchanged: ids.length === 0,
        tightening: true,
        audit: auditDraft(caller, now, {
          action: 'session.ended',
          subject: { kind: 'owner', id: user.id },
          workspaceId: caller.reach === 'installation' ? null : caller.reach.workspaceId,
          details: { user_id: user.id, session_ids: ids },
        }),
      };
    });
    if (guarantee === null) throw new Error('sessions were ended without a guarantee');
    return { ended_ids: ids, guarantee: guaranteeWire(guarantee) };
  },
});
