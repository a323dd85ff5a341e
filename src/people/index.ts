/**
 * people: how persons come in: the first administrator, passwords and sessions, single sign-on, invitations and second
 * factors. An application with its own users runs without any of it. It refuses to decide what a person may do: that is a
 * membership, kept by manage/.
 */
export { acceptInvitation } from './accept-invitation.ts';
export { acceptInvitationWithIdentity } from './accept-with-identity.ts';
export { changePassword } from './change-password.ts';
export { changeWorkspace } from './change-workspace.ts';
export { type ClaimMail, mailClaimLink } from './claim-links.ts';
export { claimToken } from './claim-token.ts';
export { createInvitation } from './create-invitation.ts';
export { createPortalSession } from './create-portal-session.ts';
export { deleteInvitation } from './delete-invitation.ts';
export { endPortalSession, endPortalSessions } from './end-portal-sessions.ts';
export { endSession, signOut, signOutEverywhere } from './end-sessions.ts';
export { INVITATION_LIFETIME_MS, RESET_LIFETIME_MS } from './links.ts';
export { listInvitations } from './list-invitations.ts';
export { listSessions } from './list-sessions.ts';
export { openPortalSession } from './open-portal-session.ts';
export { openStaffSession } from './open-staff-session.ts';
export { beginSecondFactor, confirmSecondFactor, removeOwnSecondFactor } from './own-second-factor.ts';
export { checkPassword, hashPassword, PASSWORD_MAX, PASSWORD_MIN, verifyPassword } from './password.ts';
export { createPasswordReset, requestPasswordReset, resetPassword } from './password-reset.ts';
export { PORTAL_LIFETIME_MS, PORTAL_LINK_MS, type PortalDoor, portalDoor } from './portal-session.ts';
export { PORTAL_IDLE_MS } from './portal-wire.ts';
export { readSession } from './read-session.ts';
export { removeSecondFactor } from './remove-second-factor.ts';
export { removeSingleSignOn } from './remove-single-sign-on.ts';
export { type Cookies, SESSION_IDLE_MS, SESSION_LIFETIME_MS, type SessionDoor, sessionDoor } from './session.ts';
export { setUp } from './set-up.ts';
export { hasAdmin, issueSetupCode, SETUP_CODE_LIFETIME_MS } from './setup-code.ts';
export { signIn } from './sign-in.ts';
export { type SingleSignOnAdmission, signInWithIdentity } from './sign-in-with-identity.ts';
export {
  type SingleSignOn,
  type SingleSignOnOptions,
  type SingleSignOnProblem,
  type Stopped,
  singleSignOn,
} from './single-sign-on.ts';
export { updateOwnName } from './update-own-name.ts';
export { endUserSessions, listUserSessions } from './user-sessions.ts';
