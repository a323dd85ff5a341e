import { z } from 'zod';
import { FactsBuilder } from '../authenticate/index.ts';
import { auditDraft, type Caller, defineOperation, Rejection, staffCaller } from '../manage/index.ts';
import type { Transaction } from '../ports/index.ts';
import { TOKEN_TEXT_MAX } from '../token/index.ts';
import { digestSecret, newSecret } from './one-time-secret.ts';
import { cookiesSchema } from './session.ts';
import { describeStaff, sessionSchema } from './session-wire.ts';
import { STAFF_LIFETIME_MS, standingOf } from './staff-session.ts';

const inputSchema = z.strictObject({
  secret: z.string().max(TOKEN_TEXT_MAX).describe('What stands behind the # of the link'),
});

const outputSchema = z.object({ session: sessionSchema, cookies: cookiesSchema.pick({ session: true }) });

/** Opens the dashboard for somebody of the provider's staff, once. Whoever was signed in with this browser is signed out. */
export const openStaffSession = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>>({
  id: 'openStaffSession',
  summary: 'Open the dashboard with the link of a portal session',
  access: { oneTimeSecret: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { secret }) => {
    const value = newSecret(engine, 'session');
    // Before the transaction: what the minter may do is read with connections of its own.
    const link = await engine.store.transact(({ staff }) => staff.lockLink(digestSecret(secret)));
    const standing = link === null ? null : await standingOf(engine, new FactsBuilder(), link);
    if (standing === null) throw new Rejection('link_invalid');
    const { role, workspace, bound } = standing;
    const { value: session } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      const kept = await transaction.staff.lockLink(digestSecret(secret));
      if (kept === null || kept.digest !== null || kept.linkExpiresAt <= now) throw new Rejection('link_invalid');
      const expiresAt = now + STAFF_LIFETIME_MS;
      const digest = digestSecret(value);
      if (!(await transaction.staff.open(kept.id, { digest, at: now, expiresAt }))) throw new Rejection('link_invalid');
      const ended = await endBefore(transaction, caller);
      const session = { ...kept, digest, lastUsedAt: now, expiresAt };
      const self = staffCaller({ session, role, workspace }, bound, caller.circumstances);
      const subject = { kind: 'session' as const, id: session.id };
      return {
        value: session,
        subjects: [subject, ...ended.map((id) => ({ kind: 'session' as const, id }))],
        tightening: false,
        audit: auditDraft(self, now, {
          action: 'portal_session.opened',
          subject,
          workspaceId: workspace.id,
          details: { role_id: role.id, ...(ended.length > 0 && { ended_session_ids: ended }) },
        }),
      };
    });
    const self = staffCaller({ session, role, workspace }, bound, caller.circumstances);
    return { session: describeStaff(self), cookies: { session: value } };
  },
});

/** One browser is one person: the session that it had ends. */
async function endBefore({ sessions, staff }: Transaction, caller: Caller): Promise<string[]> {
  const before = caller.session?.session;
  if (before !== undefined) return sessions.end(before.ownerId, { id: before.id });
  if (caller.staff === undefined) return [];
  await staff.end([caller.staff.session.id]);
  return [caller.staff.session.id];
}
