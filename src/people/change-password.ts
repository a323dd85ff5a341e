import { z } from 'zod';
import {
  auditDraft,
  defineOperation,
  guaranteeSchema,
  guaranteeWire,
  invalidInput,
  Rejection,
} from '../manage/index.ts';
import type { OwnerRecord } from '../ports/index.ts';
import { mailNotice } from './notices.ts';
import { checkPassword, hashPassword } from './password.ts';
import { requirePassword } from './require-password.ts';
import { maySignIn, signedIn } from './session.ts';
import { PASSWORD_INPUT_MAX } from './sign-in.ts';

const inputSchema = z.strictObject({
  current: z.string().max(PASSWORD_INPUT_MAX),
  new: z.string().max(PASSWORD_INPUT_MAX),
});
const outputSchema = z
  .object({ ended_ids: z.array(z.string()).describe('Sessions that ended with it'), guarantee: guaranteeSchema })
  .meta({ id: 'ChangedPassword' });

/** Changes one's own password and ends one's other sessions. */
export const changePassword = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof outputSchema>>({
  id: 'changePassword',
  summary: 'Change your password',
  access: { session: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { owner, session } = signedIn(caller);
    requireGoodPassword(owner, input.new, 'new');
    const checked = await requirePassword(engine, caller, owner, input.current, 'current');
    const hash = await hashPassword(input.new);
    const now = engine.clock.now();
    const { value: ids, guarantee } = await engine.changes.commit(async (transaction) => {
      const { owners, people, sessions, links } = transaction;
      const user = await owners.lockOwner({ id: owner.id });
      // A reset that came in between has ended this session, and what the old password let in.
      const isCurrent = (await people.readPasswordHash(owner.id)) === checked;
      if (user === null || !maySignIn(user) || !isCurrent) throw new Rejection('authentication_required');
      await people.putPasswordHash(owner.id, hash, now);
      await links.deleteResets(owner.id);
      const ids = await sessions.end(owner.id, { exceptId: session.id });
      await mailNotice(engine, transaction, caller, user, 'password_changed');
      const subject = { kind: 'owner' as const, id: owner.id };
      return {
        value: ids,
        subjects: [subject],
        tightening: true,
        audit: auditDraft(caller, now, {
          action: 'password.changed',
          subject,
          workspaceId: null,
          details: { user_id: owner.id, session_ids: ids },
        }),
      };
    });
    if (guarantee === null) throw new Error('a password was changed without a guarantee');
    return { ended_ids: ids, guarantee: guaranteeWire(guarantee) };
  },
});

/** @throws {Rejection} `invalid_input` at `path`. */
export function requireGoodPassword(user: Pick<OwnerRecord, 'email' | 'name'>, password: string, path: string): void {
  const about = [user.email, user.name].filter((one) => one !== null);
  const weakness = checkPassword(password, about);
  if (weakness !== null) throw invalidInput(path, weakness);
}
