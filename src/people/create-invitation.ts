import { z } from 'zod';
import {
  auditDraft,
  type Caller,
  defineOperation,
  type Engine,
  emailSchema,
  idSchema,
  lockActingToken,
  nameSchema,
  permissionListSchema,
  planContext,
  planMemberships,
  Rejection,
} from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { InvitationRecord, OwnerReads, Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { describeInvitations, invitationSchema } from './invitation-wire.ts';
import { INVITATION_LIFETIME_MS, linkTo, mailLink, newLinkSecret } from './links.ts';
import { digestSecret } from './one-time-secret.ts';

const inputSchema = z.strictObject({
  email: emailSchema,
  name: nameSchema.optional(),
  workspace_id: idSchema.optional().describe('Default: that of the caller, or the home workspace'),
  permissions: permissionListSchema.optional(),
  roles: z.array(z.string().min(1).max(100)).max(50).optional().describe('Names or ids of roles'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = invitationSchema
  .extend({
    mailed: z.boolean().describe('false where no mail is set up: hand the link over yourself'),
    link: z.string().nullable().describe('Below the address of the dashboard; in this answer and never again'),
  })
  .meta({ id: 'CreatedInvitation' });
type Output = z.infer<typeof outputSchema>;

/** Invites somebody into a workspace: a link, good once and for seven days, bound to the e-mail address. */
export const createInvitation = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'createInvitation',
  summary: 'Invite somebody into a workspace',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const secret = newLinkSecret(engine);
    const { value: invitation } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      await lockActingToken(transaction, caller, now);
      const { owners, links } = transaction;
      const workspaceId = input.workspace_id ?? (await workspaceOf(caller, owners));
      const context = await planContext(engine, caller, owners);
      const { permissions = [], roles = [] } = input;
      const wish = { workspace: { id: workspaceId }, permissions, roles, path: '' };
      const { changes } = await planMemberships(context, { id: '', kind: 'user' }, [], [wish]);
      const given = changes[0]?.after;
      if (given == null) throw new Rejection('not_found');
      await refuseMember(owners, input.email, workspaceId);
      const invitation: InvitationRecord = {
        id: generateId('inv', engine.random),
        digest: digestSecret(secret),
        email: input.email,
        name: input.name ?? null,
        workspaceId,
        permissions: given.permissions,
        roleIds: given.roleIds,
        createdBy: caller.actor,
        inviter: await inviterOf(caller, transaction),
        createdAt: now,
        expiresAt: now + INVITATION_LIFETIME_MS,
      };
      await links.insertInvitation(invitation);
      if (engine.sendsMail) {
        const workspace = await owners.findWorkspace({ id: workspaceId });
        const data = { workspace: workspace?.name ?? '', expires_at: formatInstant(invitation.expiresAt) };
        await mailLink(engine, transaction, { template: 'invitation', to: invitation.email, data, secret });
      }
      const subject = { kind: 'invitation' as const, id: invitation.id };
      return {
        value: invitation,
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'invitation.created',
          subject,
          workspaceId,
          details: { permissions: given.permissions, role_ids: given.roleIds, mailed: engine.sendsMail },
          personal: { email: invitation.email, name: invitation.name },
        }),
      };
    });
    return describe(engine, invitation, secret);
  },
});

async function describe(engine: Engine, invitation: InvitationRecord, secret: string): Promise<Output> {
  const [wire] = await describeInvitations(engine, [invitation]);
  if (wire === undefined) throw new Error('an invitation that was just made cannot be described');
  const mailed = engine.sendsMail;
  return { ...wire, mailed, link: mailed ? null : linkTo('invitation', secret) };
}

/** Whose rights the invitation rests on until it is accepted: of staff, those of whoever sent them. */
async function inviterOf(caller: Caller, { tokens }: Transaction): Promise<InvitationRecord['inviter']> {
  if (caller.staff === undefined) return caller.self;
  const { minter } = caller.staff.session;
  if (minter === null || !('tokenId' in minter)) return minter;
  const token = await tokens.findById(minter.tokenId);
  if (token === null) throw new Rejection('authentication_required');
  const { ownerId, workspaceId } = token;
  return { ownerId, workspaceId };
}

async function workspaceOf({ self }: Caller, owners: OwnerReads): Promise<string> {
  if (self !== null) return self.workspaceId;
  const home = await owners.findWorkspace({ home: true });
  if (home === null) throw new Rejection('conflict', 'There is no home workspace yet: say which workspace.');
  return home.id;
}

/** @throws {Rejection} `conflict`: what a member may do is changed, not given anew. */
async function refuseMember(owners: OwnerReads, email: string, workspaceId: string): Promise<void> {
  const user = await owners.find({ email });
  const memberships = user === null ? [] : await owners.memberships(user.id);
  if (memberships.some((one) => one.workspaceId === workspaceId)) {
    throw new Rejection('conflict', 'This person is a member of the workspace already.');
  }
}
