/**
 * manage: what can be done to Keyhouse, one use case per file, each an `Operation` that every door performs the same way.
 * It decides who may do what to whom; it refuses to know HTTP, SQL or how a denial is worded.
 */

export type { AccessWire } from './access-wire.ts';
export { acknowledgeAlert } from './acknowledge-alert.ts';
export { acknowledgeAlerts } from './acknowledge-alerts.ts';
export type { AlertWire } from './alert-wire.ts';
export { applyAccessReview } from './apply-access-review.ts';
export { applyProfile, profileDigest } from './apply-profile.ts';
export { askWhy } from './ask-why.ts';
export { auditDraft } from './audit-draft.ts';
export { readProvableEvent } from './audit-event-wire.ts';
export { ADMIN_ROLE, builtInPermissions, ensureBuiltInRoles } from './built-in-roles.ts';
export * from './caller.ts';
export { type CheckpointWire, checkpointSchema, checkpointWire } from './checkpoint-wire.ts';
export { commitAgainOn } from './commit-again.ts';
export { createRole } from './create-role.ts';
export { createServiceAccount } from './create-service-account.ts';
export { createToken } from './create-token.ts';
export { createTrial } from './create-trial.ts';
export { createUser } from './create-user.ts';
export { createWebhook } from './create-webhook.ts';
export { createWorkspace } from './create-workspace.ts';
export { nextCursor, pageRequest } from './cursor.ts';
export { deleteOwner } from './delete-owner.ts';
export { deleteRole } from './delete-role.ts';
export { deleteServiceAccount } from './delete-service-account.ts';
export { deleteUser } from './delete-user.ts';
export { deleteWebhook } from './delete-webhook.ts';
export type { DenialWire, ExplanationWire } from './denial-wire.ts';
export {
  draftRotation,
  memberOf,
  type Rotated,
  repeatRotation,
  rotationSchema,
  rotationWire,
} from './draft-rotation.ts';
export { endTrial } from './end-trial.ts';
export { enforceTrial } from './enforce-trial.ts';
export { eraseAuditText } from './erase-audit-text.ts';
export { exportAccessReview } from './export-access-review.ts';
export { exportAccesses } from './export-accesses.ts';
export { exportAuditEvents } from './export-audit-events.ts';
export { findPastedToken } from './find-pasted-token.ts';
export { guaranteeWire } from './guarantee-wire.ts';
export { findWorkspace, lockActingToken, lockHolder, permissionsNow } from './holder.ts';
export * from './identity-wire.ts';
export { importTokens } from './import-tokens.ts';
export { type ImportedFormWire, importedFormOf } from './imported-form-wire.ts';
export { introspectToken } from './introspect-token.ts';
export { listAccesses } from './list-accesses.ts';
export { listAlerts } from './list-alerts.ts';
export { listAuditCheckpoints } from './list-audit-checkpoints.ts';
export { listAuditEvents } from './list-audit-events.ts';
export { listAuditKeys } from './list-audit-keys.ts';
export { listDenials } from './list-denials.ts';
export { listGrantSuggestions } from './list-grant-suggestions.ts';
export { listMails, type MailWire } from './list-mails.ts';
export { listOwners } from './list-owners.ts';
export { listPredecessors } from './list-predecessors.ts';
export { listRoles } from './list-roles.ts';
export { listServiceAccounts } from './list-service-accounts.ts';
export { listTokens } from './list-tokens.ts';
export { listTrials } from './list-trials.ts';
export { listUsers } from './list-users.ts';
export { listWebhookDeliveries } from './list-webhook-deliveries.ts';
export { listWebhooks } from './list-webhooks.ts';
export { listWorkspaces } from './list-workspaces.ts';
export * from './management-permissions.ts';
export { mintToken, UNTOUCHED } from './mint-token.ts';
export { noteFirstUse } from './note-first-use.ts';
export { noteLook, noteRead } from './note-read.ts';
export * from './operation.ts';
export { ownerStands } from './owner-stands.ts';
export { describeOwner, findOwner, type OwnerWire, ownerSchema } from './owner-wire.ts';
export { permissionsOf } from './permissions-of.ts';
export { managementOf, planMemberships, requireManagement } from './plan-memberships.ts';
export { belongsElsewhere } from './plan-owner.ts';
export { previewRevocation } from './preview-revocation.ts';
export { putOwner } from './put-owner.ts';
export { readAlert } from './read-alert.ts';
export { readDenial } from './read-denial.ts';
export { readOverview } from './read-overview.ts';
export { readOwner } from './read-owner.ts';
export { readProfile } from './read-profile.ts';
export { readServiceAccount } from './read-service-account.ts';
export { readToken } from './read-token.ts';
export { readTokenOptions } from './read-token-options.ts';
export { readTokenUsage } from './read-token-usage.ts';
export { type FindingWire, readTrial } from './read-trial.ts';
export { readUser } from './read-user.ts';
export { readWebhook } from './read-webhook.ts';
export { readWorkspace } from './read-workspace.ts';
export { administratorsOf, type Concerned, recipientsOf } from './recipients.ts';
export { redigestToken } from './redigest-token.ts';
export * from './rejection.ts';
export { replayWebhook } from './replay-webhook.ts';
export { replayWebhookDelivery } from './replay-webhook-delivery.ts';
export { reportLeak } from './report-leak.ts';
export { reportLeaksFromGithub } from './report-leaks-from-github.ts';
export { newRequestId } from './request-id.ts';
export { draftRevocation, revokeToken } from './revoke-token.ts';
export { revokeTokens } from './revoke-tokens.ts';
export { rotateToken } from './rotate-token.ts';
export { rotateWebhookSecret } from './rotate-webhook-secret.ts';
export {
  actorSchema,
  emailSchema,
  externalIdSchema,
  guaranteeSchema,
  idSchema,
  listSchema,
  nameSchema,
  pageSchema,
  permissionListSchema,
  referenceSchema,
  timeSchema,
} from './schemas.ts';
export type { SuggestionWire } from './suggest-grant.ts';
export { suggestTokenGrant } from './suggest-token-grant.ts';
export { syncOwners } from './sync-owners.ts';
export { testAuthentication } from './test-authentication.ts';
export { testWebhook } from './test-webhook.ts';
export { readExpiry } from './token-input.ts';
export * from './token-wire.ts';
export { transferToken } from './transfer-token.ts';
export type { TrialWire } from './trial-wire.ts';
export { tryToken } from './try-token.ts';
export { updateOwner } from './update-owner.ts';
export { updateRole } from './update-role.ts';
export { updateServiceAccount } from './update-service-account.ts';
export { updateToken } from './update-token.ts';
export { updateUser } from './update-user.ts';
export { updateWebhook } from './update-webhook.ts';
export { updateWorkspace } from './update-workspace.ts';
export { verifyTokens } from './verify-tokens.ts';
export type { DeliveryWire, WebhookWire } from './webhook-wire.ts';
export { type WorkspaceWire, workspaceSchema, workspaceWire } from './workspace-wire.ts';
export { draftOwner, planContext } from './write-owner.ts';
