import { z } from 'zod';
import {
  auditDraft,
  type Caller,
  defineOperation,
  type Engine,
  guaranteeSchema,
  guaranteeWire,
  idSchema,
  type StaffSession,
} from '../manage/index.ts';
import { sessionDraft, signedIn } from './session.ts';

const outputSchema = z
  .object({ ended_ids: z.array(z.string()), guarantee: guaranteeSchema })
  .meta({ id: 'EndedSessions' });
type Output = z.infer<typeof outputSchema>;

/** Signs out here. */
export const signOut = defineOperation<Record<string, never>, Output>({
  id: 'signOut',
  summary: 'Sign out',
  access: { session: true, orStaff: true },
  effect: 'changes',
  input: z.strictObject({}),
  output: outputSchema,
  run: (engine, caller) =>
    caller.staff === undefined
      ? endSessions(engine, caller, { id: signedIn(caller).session.id })
      : endStaffSession(engine, caller, caller.staff),
});

const endInput = z.strictObject({ id: idSchema });

/** Ends one of one's own sessions, wherever it is; one that has ended already, or was never one's own, ends nothing. */
export const endSession = defineOperation<z.infer<typeof endInput>, Output>({
  id: 'endSession',
  summary: 'End one of your sessions',
  access: { session: true },
  effect: 'changes',
  input: endInput,
  output: outputSchema,
  run: (engine, caller, { id }) => endSessions(engine, caller, { id }),
});

/** Signs out everywhere, here too. */
export const signOutEverywhere = defineOperation<Record<string, never>, Output>({
  id: 'signOutEverywhere',
  summary: 'Sign out everywhere',
  access: { session: true },
  effect: 'changes',
  input: z.strictObject({}),
  output: outputSchema,
  run: (engine, caller) => endSessions(engine, caller, { exceptId: null }),
});

async function endStaffSession(engine: Engine, caller: Caller, { session }: StaffSession): Promise<Output> {
  const { guarantee } = await engine.changes.commit(async ({ staff }) => {
    await staff.end([session.id]);
    const subject = { kind: 'session' as const, id: session.id };
    return {
      value: null,
      subjects: [subject],
      tightening: true,
      audit: auditDraft(caller, engine.clock.now(), {
        action: 'portal_session.ended',
        subject,
        workspaceId: session.workspaceId,
        details: { session_ids: [session.id], staff: session.externalId },
      }),
    };
  });
  if (guarantee === null) throw new Error('a session was ended without a guarantee');
  return { ended_ids: [session.id], guarantee: guaranteeWire(guarantee) };
}

async function endSessions(
  engine: Engine,
  caller: Caller,
  which: { readonly id: string } | { readonly exceptId: null },
): Promise<Output> {
  const { owner, workspace } = signedIn(caller);
  const { value: ids, guarantee } = await engine.changes.commit(async ({ sessions }) => {
    const ids = await sessions.end(owner.id, which);
    return sessionDraft(caller, engine.clock.now(), ids, {
      action: 'session.ended',
      ids,
      ownerId: owner.id,
      workspaceId: workspace.id,
      tightening: true,
    });
  });
  if (guarantee === null) throw new Error('sessions were ended without a guarantee');
  return { ended_ids: ids, guarantee: guaranteeWire(guarantee) };
}
