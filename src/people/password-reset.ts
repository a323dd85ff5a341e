import { z } from 'zod';
import {
  auditDraft,
  defineOperation,
  emailSchema,
  findOwner,
  guaranteeSchema,
  guaranteeWire,
  idSchema,
  lockActingToken,
  Rejection,
} from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { Transaction } from '../ports/index.ts';
import { TOKEN_TEXT_MAX } from '../token/index.ts';
import { requireGoodPassword } from './change-password.ts';
import { linkTo, mailLink, newLinkSecret, RESET_LIFETIME_MS } from './links.ts';
import { mailNotice } from './notices.ts';
import { digestSecret } from './one-time-secret.ts';
import { hashPassword } from './password.ts';
import { requireAllOf } from './require-all-of.ts';
import { maySignIn } from './session.ts';
import { PASSWORD_INPUT_MAX } from './sign-in.ts';
import { guardOf } from './sign-in-guard.ts';

/** Links of one person that are good at the same time. */
const OPEN_RESETS_MAX = 3;

const requestInput = z.strictObject({ email: emailSchema });
const requestOutput = z.object({ message: z.string() }).meta({ id: 'PasswordResetRequested' });
const ANSWER = 'If somebody with this address may sign in here, a mail with a link is on its way.';

/**
 * Sends a link for a new password, good once and for an hour. Whether there is such a person makes no difference to the
 * answer nor to the work: either way a row of the audit log is written (threats row 100b).
 */
export const requestPasswordReset = defineOperation<
  z.infer<typeof requestInput>,
  z.infer<typeof requestOutput>,
  z.input<typeof requestInput>
>({
  id: 'requestPasswordReset',
  summary: 'Ask for a link to set a new password',
  access: { open: true },
  effect: 'changes',
  input: requestInput,
  output: requestOutput,
  run: async (engine, caller, { email }) => {
    guardOf(engine, 'resets').admit({ account: email, ip: caller.circumstances.ip, device: null });
    if (!engine.sendsMail) return { message: ANSWER };
    const secret = newLinkSecret(engine);
    await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      const user = await transaction.owners.find({ email });
      const open = await transaction.links.countResets(user?.id ?? '', now);
      const isSent = user !== null && maySignIn(user) && open < OPEN_RESETS_MAX;
      if (isSent) {
        const expiresAt = await insertReset(transaction, user.id, secret, now);
        const data = { expires_at: formatInstant(expiresAt) };
        await mailLink(engine, transaction, { template: 'password_reset', to: email, data, secret });
      }
      const subject = user === null ? null : { kind: 'owner' as const, id: user.id };
      return {
        value: null,
        subjects: subject === null ? [] : [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'password_reset.requested',
          subject,
          workspaceId: null,
          details: { user_id: user?.id ?? null, sent: isSent },
        }),
      };
    });
    return { message: ANSWER };
  },
});

const acceptInput = z.strictObject({
  secret: z.string().max(TOKEN_TEXT_MAX).describe('What stands behind the # of the link'),
  password: z.string().max(PASSWORD_INPUT_MAX),
});
const acceptOutput = z
  .object({ ended_ids: z.array(z.string()).describe('Sessions that ended with it'), guarantee: guaranteeSchema })
  .meta({ id: 'PasswordReset' });

/** Sets a new password with the secret of a link, once, and ends every session of the user. */
export const resetPassword = defineOperation<z.infer<typeof acceptInput>, z.infer<typeof acceptOutput>>({
  id: 'resetPassword',
  summary: 'Set a new password with a link',
  access: { oneTimeSecret: true },
  effect: 'changes',
  input: acceptInput,
  output: acceptOutput,
  run: async (engine, caller, { secret, password }) => {
    const userOf = async ({ links, owners }: Transaction) => {
      const reset = await links.lockReset(digestSecret(secret));
      const user = reset === null ? null : await owners.lockOwner({ id: reset.ownerId });
      if (reset === null || reset.expiresAt <= engine.clock.now() || user === null || !maySignIn(user)) {
        throw new Rejection('link_invalid');
      }
      return user;
    };
    requireGoodPassword(await engine.store.transact(userOf), password, 'password');
    const hash = await hashPassword(password);
    const { value, guarantee } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      const user = await userOf(transaction);
      await transaction.people.putPasswordHash(user.id, hash, now);
      await transaction.links.deleteResets(user.id);
      const ids = await transaction.sessions.end(user.id, { exceptId: null });
      await mailNotice(engine, transaction, caller, user, 'password_changed');
      const subject = { kind: 'owner' as const, id: user.id };
      return {
        value: { user, ids },
        subjects: [subject],
        tightening: true,
        audit: auditDraft({ ...caller, actor: { kind: 'user', id: user.id } }, now, {
          action: 'password.reset',
          subject,
          workspaceId: null,
          details: { user_id: user.id, session_ids: ids },
        }),
      };
    });
    if (guarantee === null) throw new Error('a password was reset without a guarantee');
    if (value.user.email !== null) guardOf(engine).forget(value.user.email);
    return { ended_ids: value.ids, guarantee: guaranteeWire(guarantee) };
  },
});

const createInput = z.strictObject({ id: idSchema });
const createOutput = z
  .object({
    mailed: z.boolean().describe('false where no mail is set up, and for the operator: hand the link over'),
    link: z.string().nullable().describe('Below the address of the dashboard; in this answer and never again'),
    expires_at: z.string(),
  })
  .meta({ id: 'CreatedPasswordReset' });

/**
 * A way back in for somebody who has no password, or lost it. With mail the link goes to the user and to nobody else. Whoever
 * is handed the link can come in as the user: they must hold all the management that the user holds, and reach every
 * workspace of the user.
 */
export const createPasswordReset = defineOperation<z.infer<typeof createInput>, z.infer<typeof createOutput>>({
  id: 'createPasswordReset',
  summary: 'Make a link with which a user sets a new password',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: createInput,
  output: createOutput,
  run: async (engine, caller, { id }) => {
    await findOwner(engine, caller, 'user', { id });
    const secret = newLinkSecret(engine);
    const now = engine.clock.now();
    const isLocal = caller.actor.kind === 'operator' || caller.actor.kind === 'host';
    if (!engine.passwordSignIn && !isLocal) {
      throw new Rejection('conflict', 'People sign in here by single sign-on alone: a password would let nobody in.');
    }
    const mailed = engine.sendsMail && !isLocal;
    const { value: expiresAt } = await engine.changes.commit(async (transaction) => {
      await lockActingToken(transaction, caller, now);
      const user = await transaction.owners.lockOwner({ id });
      if (user === null || user.kind !== 'user' || user.deletedAt !== null) throw new Rejection('not_found');
      if (!maySignIn(user)) throw new Rejection('conflict', 'This user is disabled.');
      if (!mailed) await requireAllOf(caller, transaction, id);
      const open = await transaction.links.countResets(id, now);
      if (!isLocal && open >= OPEN_RESETS_MAX) {
        throw new Rejection('conflict', 'There are three links for this user already. Wait until they expire.');
      }
      const expiresAt = await insertReset(transaction, id, secret, now);
      if (mailed && user.email !== null) {
        const data = { expires_at: formatInstant(expiresAt) };
        await mailLink(engine, transaction, { template: 'password_reset', to: user.email, data, secret });
      }
      const subject = { kind: 'owner' as const, id };
      return {
        value: expiresAt,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'password_reset.created',
          subject,
          workspaceId: null,
          details: { user_id: id, mailed },
        }),
      };
    });
    return { mailed, link: mailed ? null : linkTo('reset-password', secret), expires_at: formatInstant(expiresAt) };
  },
});

async function insertReset({ links }: Transaction, ownerId: string, secret: string, now: number): Promise<number> {
  const expiresAt = now + RESET_LIFETIME_MS;
  await links.insertReset({ digest: digestSecret(secret), ownerId, createdAt: now, expiresAt });
  return expiresAt;
}
