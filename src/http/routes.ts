import * as op from '../manage/index.ts';
import * as people from '../people/index.ts';
import { previewReminders } from '../upkeep/index.ts';
import { guide, guideFile, guideMarkdown, llmsText } from './guide.ts';
import { healthz, readyz } from './health.ts';
import { keySet } from './key-set.ts';
import { metrics } from './metrics.ts';
import { openapi } from './openapi/page.ts';
import { reference, referenceApi, referenceFile } from './reference.ts';
import type { OperationRoute, Route } from './route.ts';

/** The whole surface, row by row: method, path, who gets in, what answers, with which status. */
export const ROUTES: readonly Route[] = [
  // Tokens. An application's users and tokens themselves come here too, for what is their own.
  ['POST', '{tokens}', 'bearer', op.createToken, 201],
  ['GET', '{tokens}', 'bearer', op.listTokens, 200],
  ['GET', '{tokens}/{id}', 'bearer', op.readToken, 200],
  ['PATCH', '{tokens}/{id}', 'bearer', op.updateToken, 200],
  ['DELETE', '{tokens}/{id}?scope&reason', 'bearer', op.revokeToken, 200],
  ['POST', '{tokens}/revoke', 'bearer', op.revokeTokens, 200],
  ['POST', '{tokens}/{id}/transfer', 'bearer', op.transferToken, 200],
  ['GET', '{tokens}/{id}/revocation', 'bearer', op.previewRevocation, 200],
  ['POST', '{tokens}/{id}/rotate', 'bearer', op.rotateToken, 201],
  ['GET', '{tokens}/{id}/predecessors', 'bearer', op.listPredecessors, 200],
  ['GET', '{tokens}/{id}/usage', 'bearer', op.readTokenUsage, 200],
  ['GET', '{tokens}/{id}/suggestion', 'bearer', op.suggestTokenGrant, 200],
  ['GET', '/v1/token-suggestions', 'bearer', op.listGrantSuggestions, 200],
  ['POST', '{tokens}/verify', 'bearer', op.verifyTokens, 200],
  ['POST', '{tokens}/try', 'bearer', op.tryToken, 200],
  ['POST', '{tokens}/find', 'bearer', op.findPastedToken, 200],
  [
    'POST',
    '{tokens}/import?dry_run&source&recipe&prefix&alphabet&length_min&length_max&scheme',
    'bearer',
    op.importTokens,
    200,
    'application/x-ndjson',
  ],
  ['POST', '/v1/claims', 'one-time-secret', people.claimToken, 201],
  ['GET', '/v1/token-options', 'bearer', op.readTokenOptions, 200],
  ['GET', '/v1/auth/test', 'bearer', op.testAuthentication, 200],

  // Owners: the provider's own users, told by the provider.
  ['GET', '/v1/owners', 'bearer', op.listOwners, 200],
  ['POST', '/v1/owners/sync?dry_run', 'bearer', op.syncOwners, 200, 'application/x-ndjson'],
  ['PUT', '/v1/owners/{external_id}', 'bearer', op.putOwner, '200/201'],
  ['GET', '/v1/owners/{external_id}', 'bearer', op.readOwner, 200],
  ['PATCH', '/v1/owners/{external_id}', 'bearer', op.updateOwner, 200],
  ['DELETE', '/v1/owners/{external_id}', 'bearer', op.deleteOwner, 200],
  ['POST', '/v1/portal-sessions', 'bearer', people.createPortalSession, 201],
  ['POST', '/v1/portal-sessions/open', 'one-time-secret', people.openPortalSession, 201],
  ['DELETE', '/v1/portal-sessions/{id}', 'bearer', people.endPortalSession, 200],
  ['DELETE', '/v1/portal-sessions?owner_external_id&staff_external_id', 'bearer', people.endPortalSessions, 200],

  // Users and service accounts that Keyhouse keeps itself, the workspaces they belong to, the roles they hold.
  ['POST', '/v1/users', 'bearer', op.createUser, 201],
  ['GET', '/v1/users', 'bearer', op.listUsers, 200],
  ['GET', '/v1/users/{id}', 'bearer', op.readUser, 200],
  ['PATCH', '/v1/users/{id}', 'bearer', op.updateUser, 200],
  ['DELETE', '/v1/users/{id}', 'bearer', op.deleteUser, 200],
  ['DELETE', '/v1/users/{id}/second-factor', 'bearer', people.removeSecondFactor, 200],
  ['DELETE', '/v1/users/{id}/single-sign-on', 'bearer', people.removeSingleSignOn, 200],
  ['GET', '/v1/users/{id}/sessions', 'bearer', people.listUserSessions, 200],
  ['DELETE', '/v1/users/{id}/sessions', 'bearer', people.endUserSessions, 200],
  ['POST', '/v1/users/{id}/password-reset', 'bearer', people.createPasswordReset, 201],
  ['POST', '/v1/invitations', 'bearer', people.createInvitation, 201],
  ['GET', '/v1/invitations', 'bearer', people.listInvitations, 200],
  ['DELETE', '/v1/invitations/{id}', 'bearer', people.deleteInvitation, 200],
  ['POST', '/v1/service-accounts', 'bearer', op.createServiceAccount, 201],
  ['GET', '/v1/service-accounts', 'bearer', op.listServiceAccounts, 200],
  ['GET', '/v1/service-accounts/{id}', 'bearer', op.readServiceAccount, 200],
  ['PATCH', '/v1/service-accounts/{id}', 'bearer', op.updateServiceAccount, 200],
  ['DELETE', '/v1/service-accounts/{id}', 'bearer', op.deleteServiceAccount, 200],
  ['POST', '/v1/workspaces', 'bearer', op.createWorkspace, 201],
  ['GET', '/v1/workspaces', 'bearer', op.listWorkspaces, 200],
  ['GET', '/v1/workspaces/{id}', 'bearer', op.readWorkspace, 200],
  ['PATCH', '/v1/workspaces/{id}', 'bearer', op.updateWorkspace, 200],
  ['POST', '/v1/roles', 'bearer', op.createRole, 201],
  ['GET', '/v1/roles', 'bearer', op.listRoles, 200],
  ['PATCH', '/v1/roles/{id}', 'bearer', op.updateRole, 200],
  ['DELETE', '/v1/roles/{id}', 'bearer', op.deleteRole, 200],

  // Standards, as stock OAuth libraries ask.
  ['POST', '/oauth/introspect', 'client', op.introspectToken, 200, 'application/x-www-form-urlencoded'],
  ['GET', '/.well-known/jwks.json', 'open', keySet, 200],

  // Observe before enforce: what a change would refuse.
  ['POST', '/v1/trials', 'bearer', op.createTrial, 201],
  ['GET', '/v1/trials', 'bearer', op.listTrials, 200],
  ['GET', '/v1/trials/{id}', 'bearer', op.readTrial, 200],
  ['DELETE', '/v1/trials/{id}', 'bearer', op.endTrial, 200],
  ['POST', '/v1/trials/{id}/enforce', 'bearer', op.enforceTrial, 200],

  // Oversight, and the profile in force.
  ['GET', '/v1/overview', 'bearer', op.readOverview, 200],
  ['GET', '/v1/audit-events', 'bearer', op.listAuditEvents, 200],
  ['POST', '/v1/access-reviews/export', 'bearer', op.exportAccessReview, 200],
  [
    'POST',
    '/v1/access-reviews?dry_run&reviewer&file_sha256',
    'bearer',
    op.applyAccessReview,
    200,
    'application/x-ndjson',
  ],
  ['POST', '/v1/audit-exports', 'bearer', op.exportAuditEvents, 200],
  ['POST', '/v1/audit-erasures', 'bearer', op.eraseAuditText, 200],
  ['GET', '/v1/audit-checkpoints', 'bearer', op.listAuditCheckpoints, 200],
  ['GET', '/v1/audit-keys', 'bearer', op.listAuditKeys, 200],
  ['GET', '/v1/access-log', 'bearer', op.listAccesses, 200],
  ['POST', '/v1/access-log-exports', 'bearer', op.exportAccesses, 200],
  ['GET', '/v1/denials', 'bearer', op.listDenials, 200],
  ['GET', '/v1/denials/{request_id}', 'bearer', op.readDenial, 200],
  ['GET', '/v1/alerts', 'bearer', op.listAlerts, 200],
  ['GET', '/v1/alerts/{id}', 'bearer', op.readAlert, 200],
  ['POST', '/v1/alerts/{id}/acknowledge', 'bearer', op.acknowledgeAlert, 200],
  ['POST', '/v1/alerts/acknowledge', 'bearer', op.acknowledgeAlerts, 200],
  ['GET', '/v1/mails', 'bearer', op.listMails, 200],
  ['GET', '/v1/reminders', 'bearer', previewReminders, 200],
  ['POST', '/v1/webhooks', 'bearer', op.createWebhook, 201],
  ['GET', '/v1/webhooks', 'bearer', op.listWebhooks, 200],
  ['GET', '/v1/webhooks/{id}', 'bearer', op.readWebhook, 200],
  ['PATCH', '/v1/webhooks/{id}', 'bearer', op.updateWebhook, 200],
  ['DELETE', '/v1/webhooks/{id}', 'bearer', op.deleteWebhook, 200],
  ['POST', '/v1/webhooks/{id}/rotate-secret', 'bearer', op.rotateWebhookSecret, 200],
  ['POST', '/v1/webhooks/{id}/test', 'bearer', op.testWebhook, 202],
  ['GET', '/v1/webhooks/{id}/deliveries', 'bearer', op.listWebhookDeliveries, 200],
  ['POST', '/v1/webhooks/{id}/deliveries/{delivery_id}/replay', 'bearer', op.replayWebhookDelivery, 202],
  ['POST', '/v1/webhooks/{id}/replay', 'bearer', op.replayWebhook, 202],
  ['POST', '/v1/leaks', 'open', op.reportLeak, 202],
  ['POST', '/v1/leaks/github', 'open', op.reportLeaksFromGithub, 200, 'signed'],
  ['POST', '/v1/why', 'one-time-secret', op.askWhy, 200],
  ['GET', '/v1/profile', 'bearer', op.readProfile, 200],
  ['PUT', '/v1/profile?dry_run&allow_narrowing', 'bearer', op.applyProfile, 200],

  // First steps: the code is in the terminal where Keyhouse started.
  ['POST', '/v1/setup', 'one-time-secret', people.setUp, 201],

  // For machines and people who look after Keyhouse.
  ['GET', '/healthz', 'open', healthz, 200],
  ['GET', '/readyz', 'open', readyz, 200],
  ['GET', '/metrics', 'open', metrics, 200],
  ['GET', '/openapi.json', 'open', openapi, 200],
  ['GET', '/reference', 'open', reference, 200],
  ['GET', '/reference/api.json', 'open', referenceApi, 200],
  ['GET', '/reference/{file}', 'open', referenceFile, 200],

  // For those who call the API, in the company's words.
  ['GET', '/guide', 'open', guide, 200],
  ['GET', '/guide.md', 'open', guideMarkdown, 200],
  ['GET', '/llms.txt', 'open', llmsText, 200],
  ['GET', '/guide/{file}', 'open', guideFile, 200],
];

/** What people at the dashboard have beside all that. */
export const DASHBOARD_ROUTES: readonly OperationRoute[] = [
  ['POST', '/v1/sessions', 'open', people.signIn, 201],
  ['POST', '/v1/sessions/open', 'one-time-secret', people.openStaffSession, 201],
  ['GET', '/v1/sessions', 'session', people.listSessions, 200],
  ['DELETE', '/v1/sessions', 'session', people.signOutEverywhere, 200],
  ['DELETE', '/v1/sessions/{id}', 'session', people.endSession, 200],
  ['GET', '/v1/session', 'session', people.readSession, 200],
  ['PATCH', '/v1/session', 'session', people.changeWorkspace, 200],
  ['DELETE', '/v1/session', 'session', people.signOut, 200],
  ['POST', '/v1/invitations/accept', 'one-time-secret', people.acceptInvitation, 201],
  ['POST', '/v1/password-resets', 'open', people.requestPasswordReset, 202],
  ['POST', '/v1/password-resets/accept', 'one-time-secret', people.resetPassword, 200],
  ['PATCH', '/v1/session/user', 'session', people.updateOwnName, 200],
  ['POST', '/v1/session/password', 'session', people.changePassword, 200],
  ['POST', '/v1/session/second-factor', 'session', people.beginSecondFactor, 201],
  ['PUT', '/v1/session/second-factor', 'session', people.confirmSecondFactor, 200],
  ['DELETE', '/v1/session/second-factor', 'session', people.removeOwnSecondFactor, 200],
];
