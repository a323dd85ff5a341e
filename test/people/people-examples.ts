import { createRole, createWorkspace, putOwner, updateUser } from '../../src/manage/index.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  createInvitation,
  createPasswordReset,
  createPortalSession,
  signInWithIdentity,
} from '../../src/people/index.ts';
import { newLinkSecret } from '../../src/people/links.ts';
import { digestSecret } from '../../src/people/one-time-secret.ts';
import { externalToken } from '../../src/testing/cast.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Example } from '../changes/example.ts';
import { codeOf, PASSWORD, person, secretOf, signInAs, visitor } from './signed-in.ts';

const NEW_PASSWORD = 'five other words of mine';

async function confirmed(house: TestEngine, unique: string) {
  const who = await person(house, unique);
  const { secret } = await house.as(await who.caller(), beginSecondFactor, {});
  await house.as(await who.caller(), confirmSecondFactor, { code: codeOf(house, secret), password: PASSWORD });
  return who;
}

const IDENTITY = { issuer: 'https://login.example.com', isEmailVerified: true, name: null };
const ADMISSION = { domains: [], newUsers: null };

/** What a provider says of a user. */
async function identified(house: TestEngine, unique: string) {
  const { email } = await person(house, unique);
  return { identity: { ...IDENTITY, subject: unique, email }, admission: ADMISSION };
}

async function invited(house: TestEngine, unique: string) {
  const { id } = await house.asHost(createWorkspace, { name: unique });
  const made = await house.asHost(createInvitation, { email: `${unique}@example.com`, workspace_id: id });
  return { id: made.id, secret: secretOf(made.link) };
}

/** An external owner whom nobody has told Keyhouse of before. */
async function introduced(house: TestEngine, external_id: string): Promise<string> {
  const workspace = { external_id: 'org-7', name: 'Org 7' };
  await house.asHost(putOwner, { external_id, workspace, permissions: ['servers:read'] });
  return external_id;
}

async function staffOf(house: TestEngine, unique: string) {
  const { id } = await house.asHost(createWorkspace, { name: unique });
  const role = await house.asHost(createRole, { name: `support ${unique}`, permissions: ['keyhouse-tokens:read'] });
  return { staff: { external_id: unique, role: role.id }, workspace: { id } };
}

/** How people come in and out, for the suite that performs every operation. */
export const PEOPLE_EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  claimToken: [
    {
      action: 'token.rotated',
      prepare: async (house, unique) => {
        const at = { auto_rotate: true, rotation_period: '1m', notification_email: 'ops@example.com' };
        const rotation = { ...at, grace_period: '0s' };
        const may = ['servers:read'];
        const wish = { externalId: unique, workspace: 'org-7', may, token: rotation };
        const { token, value } = await externalToken(house, wish);
        house.clock.advance(60_000);
        const secret = newLinkSecret(house.engine);
        const now = house.clock.now();
        const link = { digest: digestSecret(secret), tokenId: token.id, recipient: 'ops@example.com' };
        await house.engine.store.transact(({ rotations }) =>
          rotations.insertLink({ ...link, createdAt: now, expiresAt: now + 60_000 }),
        );
        return { input: { secret }, refuses: { value }, caller: visitor() };
      },
    },
  ],
  signIn: [
    {
      action: 'session.started',
      prepare: async (house, unique) => {
        const { email } = await person(house, unique);
        return { input: { email, password: PASSWORD }, caller: visitor() };
      },
    },
  ],
  ...Object.fromEntries(
    (['signOut', 'signOutEverywhere', 'endSession'] as const).map((id): [string, Example[]] => [
      id,
      [
        {
          action: 'session.ended',
          prepare: async (house, unique) => {
            const { value, caller } = await person(house, unique);
            const who = await caller();
            const input = id === 'endSession' ? { id: who.session?.session.id } : {};
            return { input, caller: who, endsSession: value };
          },
        },
      ],
    ]),
  ),
  createPortalSession: [
    {
      action: 'portal_session.created',
      prepare: async (house, unique) => ({ input: { owner: { external_id: await introduced(house, unique) } } }),
    },
  ],
  openPortalSession: [
    {
      action: 'portal_session.opened',
      prepare: async (house, unique) => {
        const external_id = await introduced(house, unique);
        const { session } = await house.asHost(createPortalSession, { owner: { external_id } });
        return { input: { secret: session }, caller: visitor() };
      },
    },
  ],
  openStaffSession: [
    {
      action: 'portal_session.opened',
      prepare: async (house, unique) => {
        const { session: secret } = await house.asHost(createPortalSession, await staffOf(house, unique));
        return { input: { secret }, caller: visitor() };
      },
    },
  ],
  endPortalSession: [
    {
      action: 'portal_session.ended',
      prepare: async (house, unique) => {
        const { id } = await house.asHost(createPortalSession, await staffOf(house, unique));
        return { input: { id }, tightens: true };
      },
    },
  ],
  endPortalSessions: [
    {
      action: 'portal_session.ended',
      prepare: async (house, unique) => {
        await house.asHost(createPortalSession, { owner: { external_id: await introduced(house, unique) } });
        return { input: { owner_external_id: unique }, tightens: true };
      },
    },
  ],
  changeWorkspace: [
    {
      action: 'session.moved',
      prepare: async (house, unique) => {
        const who = await person(house, unique);
        const other = await house.asHost(createWorkspace, { name: `other ${unique}` });
        const memberships = [who.workspaceId, other.id].map((id) => ({ workspace: { id }, permissions: [] }));
        await house.asHost(updateUser, { id: who.id, memberships });
        return { input: { workspace_id: other.id }, caller: await who.caller() };
      },
    },
  ],
  changePassword: [
    {
      action: 'password.changed',
      prepare: async (house, unique) => {
        const { email, caller } = await person(house, unique);
        const { value } = await signInAs(house, email);
        return { input: { current: PASSWORD, new: NEW_PASSWORD }, caller: await caller(), endsSession: value };
      },
    },
  ],
  beginSecondFactor: [
    {
      action: 'second_factor.begun',
      prepare: async (house, unique) => ({ input: {}, caller: await (await person(house, unique)).caller() }),
    },
  ],
  confirmSecondFactor: [
    {
      action: 'second_factor.confirmed',
      prepare: async (house, unique) => {
        const who = await person(house, unique);
        const { secret } = await house.as(await who.caller(), beginSecondFactor, {});
        return { input: { code: codeOf(house, secret), password: PASSWORD }, caller: await who.caller() };
      },
    },
  ],
  removeOwnSecondFactor: [
    {
      action: 'second_factor.removed',
      prepare: async (house, unique) => {
        const who = await confirmed(house, unique);
        return { input: { password: PASSWORD }, caller: await who.caller(), tightens: true };
      },
    },
  ],
  removeSecondFactor: [
    {
      action: 'second_factor.removed',
      prepare: async (house, unique) => ({ input: { id: (await confirmed(house, unique)).id }, tightens: true }),
    },
  ],
  signInWithIdentity: [
    {
      action: 'single_sign_on.linked',
      prepare: async (house, unique) => ({ input: await identified(house, unique) }),
    },
    {
      action: 'session.started',
      prepare: async (house, unique) => {
        const input = await identified(house, unique);
        await house.asHost(signInWithIdentity, input);
        return { input };
      },
    },
  ],
  endUserSessions: [
    {
      action: 'session.ended',
      prepare: async (house, unique) => {
        const { id, value } = await person(house, unique);
        return { input: { id }, endsSession: value };
      },
    },
  ],
  removeSingleSignOn: [
    {
      action: 'single_sign_on.unlinked',
      prepare: async (house, unique) => {
        const input = await identified(house, unique);
        const { session, cookies } = await house.asHost(signInWithIdentity, input);
        return { input: { id: session.user.id }, endsSession: cookies.session };
      },
    },
  ],
  createInvitation: [
    {
      action: 'invitation.created',
      prepare: async (house, unique) => {
        const { id } = await house.asHost(createWorkspace, { name: unique });
        return { input: { email: `${unique}@example.com`, workspace_id: id } };
      },
    },
  ],
  deleteInvitation: [
    {
      action: 'invitation.withdrawn',
      prepare: async (house, unique) => ({ input: { id: (await invited(house, unique)).id }, tightens: true }),
    },
  ],
  acceptInvitationWithIdentity: [
    {
      action: 'invitation.accepted',
      prepare: async (house, unique) => {
        const { secret } = await invited(house, unique);
        const identity = { ...IDENTITY, subject: unique, email: `${unique}@example.com` };
        return { input: { identity, admission: ADMISSION, invitation: digestSecret(secret) } };
      },
    },
  ],
  acceptInvitation: [
    {
      action: 'invitation.accepted',
      prepare: async (house, unique) => {
        const { secret } = await invited(house, unique);
        return { input: { secret, password: PASSWORD, name: 'Ada' }, caller: visitor() };
      },
    },
  ],
  updateOwnName: [
    {
      action: 'user.updated',
      prepare: async (house, unique) => ({
        input: { name: 'Ada Lovelace' },
        caller: await (await person(house, unique)).caller(),
      }),
    },
  ],
  createPasswordReset: [
    {
      action: 'password_reset.created',
      prepare: async (house, unique) => ({ input: { id: (await person(house, unique)).id } }),
    },
  ],
  requestPasswordReset: [
    {
      action: 'password_reset.requested',
      sendsMail: true,
      prepare: async (house, unique) => ({ input: { email: (await person(house, unique)).email }, caller: visitor() }),
    },
  ],
  resetPassword: [
    {
      action: 'password.reset',
      prepare: async (house, unique) => {
        const { id, value } = await person(house, unique);
        const { link } = await house.asHost(createPasswordReset, { id });
        return { input: { secret: secretOf(link), password: NEW_PASSWORD }, caller: visitor(), endsSession: value };
      },
    },
  ],
};
