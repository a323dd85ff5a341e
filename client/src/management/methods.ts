/** Generated from the OpenAPI document and `places.ts` by `npm run reference`; a test compares. */
import type { CallOptions, RepeatableOptions } from './call-options.ts';
import type * as api from './operations.ts';

/** Every operation of the HTTP API that takes a token. */
export interface Methods {
  readonly tokens: {
    /** Create a token. Needs `keyhouse-tokens:write`. */
    create(input: api.CreateTokenInput, options?: RepeatableOptions): Promise<api.CreatedToken>;
    /** List tokens. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    list(input?: api.ListTokensInput, options?: CallOptions): Promise<api.ListTokensOutput>;
    /** List tokens, however many pages they fill: asked for as the loop needs them. */
    all(input?: Omit<api.ListTokensInput, 'cursor'>, options?: CallOptions): AsyncGenerator<api.Token, void, undefined>;
    /** Read a token. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    read(input: api.ReadTokenInput, options?: CallOptions): Promise<api.Token>;
    /** Change or disable a token. Needs `keyhouse-tokens:write`. */
    update(input: api.UpdateTokenInput, options?: CallOptions): Promise<api.UpdatedToken>;
    /** Rotate a token. Needs `keyhouse-tokens:write`; without it, it works on what is the caller's own. */
    rotate(input: api.RotateTokenInput, options?: RepeatableOptions): Promise<api.Rotation>;
    /** List who still uses the tokens before this one. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    predecessors(input: api.ListPredecessorsInput, options?: CallOptions): Promise<api.Predecessors>;
    /** Revoke a token. Needs `keyhouse-tokens:revoke`; without it, it works on what is the caller's own. */
    revoke(input: api.RevokeTokenInput, options?: CallOptions): Promise<api.Revocation>;
    /** Revoke many tokens. Needs `keyhouse-tokens:revoke`. */
    revokeMany(input?: api.RevokeTokensInput, options?: CallOptions): Promise<api.BulkRevocation>;
    /** Give a token to another owner. Needs `keyhouse-owners:act-as`. */
    transfer(input: api.TransferTokenInput, options?: CallOptions): Promise<api.TransferredToken>;
    /** Import tokens of another system. Needs `keyhouse-tokens:write`. */
    import(input: api.ImportTokensInput, options?: CallOptions): Promise<api.TokenImport>;
    /** See what revoking a token would end. Needs `keyhouse-tokens:revoke`; without it, it works on what is the caller's own. */
    previewRevocation(input: api.PreviewRevocationInput, options?: CallOptions): Promise<api.RevocationPreview>;
    /** Read how a token was used. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    usage(input: api.ReadTokenUsageInput, options?: CallOptions): Promise<api.Usage>;
    /** Suggest what would be enough for a token. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    suggest(input: api.SuggestTokenGrantInput, options?: CallOptions): Promise<api.GrantSuggestion>;
    /** List tokens that hold more than they use. Needs `keyhouse-tokens:read`. */
    suggestions(input?: api.ListGrantSuggestionsInput, options?: CallOptions): Promise<api.ListGrantSuggestionsOutput>;
    /** Ask whether a token may do something. Needs `keyhouse-tokens:verify`. */
    verify(input: api.VerifyRequest, options?: CallOptions): Promise<api.Verdict>;
    verify(
      input: {
        readonly requests: readonly api.VerifyRequest[];
      },
      options?: CallOptions,
    ): Promise<{
      results: api.Verdict[];
    }>;
    /** Read what a new token may be given. Any valid token may call this. */
    options(input?: api.ReadTokenOptionsInput, options?: CallOptions): Promise<api.TokenOptions>;
    /** Try what a token may do, without spending. Needs `keyhouse-denials:read`; without it, it works on what is the caller's own. */
    try(input: api.TryTokenInput, options?: CallOptions): Promise<api.TriedToken>;
    /** Find the token that a value belongs to. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    find(input: api.FindPastedTokenInput, options?: CallOptions): Promise<api.Token>;
  };
  readonly auth: {
    /** Test the token of this request. Any valid token may call this. */
    test(input?: api.NoInput, options?: CallOptions): Promise<api.AuthenticationTest>;
  };
  readonly owners: {
    /** Create or change an external owner. Needs `keyhouse-owners:write`. */
    put(input: api.PutOwnerInput, options?: CallOptions): Promise<api.PutOwner>;
    /** Read an external owner. Needs `keyhouse-owners:read`. */
    read(input: api.ReadOwnerInput, options?: CallOptions): Promise<api.Owner>;
    /** List external owners. Needs `keyhouse-owners:read`. */
    list(input?: api.ListOwnersInput, options?: CallOptions): Promise<api.ListOwnersOutput>;
    /** List external owners, however many pages they fill: asked for as the loop needs them. */
    all(input?: Omit<api.ListOwnersInput, 'cursor'>, options?: CallOptions): AsyncGenerator<api.Owner, void, undefined>;
    /** Disable or enable an external owner, whatever the provider says of it. Needs `keyhouse-owners:write`. */
    update(input: api.UpdateOwnerInput, options?: CallOptions): Promise<api.UpdatedOwner>;
    /** Delete an external owner and revoke its tokens. Needs `keyhouse-owners:write`. */
    delete(input: api.DeleteOwnerInput, options?: CallOptions): Promise<api.DeletedOwner>;
    /** Create or change many external owners. Needs `keyhouse-owners:write`. */
    sync(input: api.SyncOwnersInput, options?: CallOptions): Promise<api.OwnerSync>;
  };
  readonly portalSessions: {
    /** Open the token page for one of your users, or the dashboard for your staff. Needs `keyhouse-owners:act-as` or `keyhouse-users:write`. */
    create(input?: api.CreatePortalSessionInput, options?: CallOptions): Promise<api.CreatedPortalSession>;
    /** End a portal session. Needs `keyhouse-owners:act-as` or `keyhouse-users:write`. */
    end(input: api.EndPortalSessionInput, options?: CallOptions): Promise<api.EndedPortalSessions>;
    /** End all portal sessions of somebody. Needs `keyhouse-owners:act-as` or `keyhouse-users:write`. */
    endAll(input?: api.EndPortalSessionsInput, options?: CallOptions): Promise<api.EndedPortalSessions>;
  };
  readonly users: {
    /** Create a user. Needs `keyhouse-users:write`. */
    create(input: api.CreateUserInput, options?: CallOptions): Promise<api.Owner>;
    /** List users. Needs `keyhouse-users:read`. */
    list(input?: api.ListUsersInput, options?: CallOptions): Promise<api.ListUsersOutput>;
    /** List users, however many pages they fill: asked for as the loop needs them. */
    all(input?: Omit<api.ListUsersInput, 'cursor'>, options?: CallOptions): AsyncGenerator<api.User, void, undefined>;
    /** Read a user. Needs `keyhouse-users:read`. */
    read(input: api.ReadUserInput, options?: CallOptions): Promise<api.User>;
    /** Change, disable or enable a user. Needs `keyhouse-users:write`. */
    update(input: api.UpdateUserInput, options?: CallOptions): Promise<api.UpdatedOwner>;
    /** Delete a user and revoke its tokens. Needs `keyhouse-users:write`. */
    delete(input: api.DeleteUserInput, options?: CallOptions): Promise<api.DeletedOwner>;
    /** Remove the second factor of a user. Needs `keyhouse-users:write`. */
    removeSecondFactor(input: api.RemoveSecondFactorInput, options?: CallOptions): Promise<api.RemovedSecondFactor>;
    /** Unlink a user from single sign-on. Needs `keyhouse-users:write`. */
    removeSingleSignOn(input: api.RemoveSingleSignOnInput, options?: CallOptions): Promise<api.RemovedSingleSignOn>;
    /** List where a user is signed in. Needs `keyhouse-users:read`. */
    listSessions(input: api.ListUserSessionsInput, options?: CallOptions): Promise<api.ListUserSessionsOutput>;
    /** Sign a user out everywhere. Needs `keyhouse-users:write`. */
    endSessions(input: api.EndUserSessionsInput, options?: CallOptions): Promise<api.EndedUserSessions>;
    /** Make a link with which a user sets a new password. Needs `keyhouse-users:write`. */
    createPasswordReset(input: api.CreatePasswordResetInput, options?: CallOptions): Promise<api.CreatedPasswordReset>;
  };
  readonly invitations: {
    /** Invite somebody into a workspace. Needs `keyhouse-users:write`. */
    create(input: api.CreateInvitationInput, options?: CallOptions): Promise<api.CreatedInvitation>;
    /** List open invitations. Needs `keyhouse-users:read`. */
    list(input?: api.ListInvitationsInput, options?: CallOptions): Promise<api.ListInvitationsOutput>;
    /** List open invitations, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListInvitationsInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.Invitation, void, undefined>;
    /** Withdraw an invitation. Needs `keyhouse-users:write`. */
    delete(input: api.DeleteInvitationInput, options?: CallOptions): Promise<api.WithdrawnInvitation>;
  };
  readonly serviceAccounts: {
    /** Create a service account. Needs `keyhouse-service-accounts:write`. */
    create(input: api.CreateServiceAccountInput, options?: CallOptions): Promise<api.Owner>;
    /** List service accounts. Needs `keyhouse-service-accounts:read`. */
    list(input?: api.ListServiceAccountsInput, options?: CallOptions): Promise<api.ListServiceAccountsOutput>;
    /** List service accounts, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListServiceAccountsInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.Owner, void, undefined>;
    /** Read a service account. Needs `keyhouse-service-accounts:read`. */
    read(input: api.ReadServiceAccountInput, options?: CallOptions): Promise<api.Owner>;
    /** Change, disable or enable a service account. Needs `keyhouse-service-accounts:write`. */
    update(input: api.UpdateServiceAccountInput, options?: CallOptions): Promise<api.UpdatedOwner>;
    /** Delete a service account and revoke its tokens. Needs `keyhouse-service-accounts:write`. */
    delete(input: api.DeleteServiceAccountInput, options?: CallOptions): Promise<api.DeletedOwner>;
  };
  readonly workspaces: {
    /** Create a workspace. Needs `keyhouse-workspaces:write`. */
    create(input: api.CreateWorkspaceInput, options?: CallOptions): Promise<api.Workspace>;
    /** List workspaces. Needs `keyhouse-workspaces:read`. */
    list(input?: api.ListWorkspacesInput, options?: CallOptions): Promise<api.ListWorkspacesOutput>;
    /** List workspaces, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListWorkspacesInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.Workspace, void, undefined>;
    /** Read a workspace. Needs `keyhouse-workspaces:read`. */
    read(input: api.ReadWorkspaceInput, options?: CallOptions): Promise<api.Workspace>;
    /** Change, disable or enable a workspace. Needs `keyhouse-workspaces:write`. */
    update(input: api.UpdateWorkspaceInput, options?: CallOptions): Promise<api.UpdatedWorkspace>;
  };
  readonly roles: {
    /** Create a role. Needs `keyhouse-roles:write`. */
    create(input: api.CreateRoleInput, options?: CallOptions): Promise<api.Role>;
    /** List roles. Needs `keyhouse-roles:read`. */
    list(input?: api.NoInput, options?: CallOptions): Promise<api.ListRolesOutput>;
    /** Change a role. Needs `keyhouse-roles:write`. */
    update(input: api.UpdateRoleInput, options?: CallOptions): Promise<api.UpdatedRole>;
    /** Delete a role that nobody holds. Needs `keyhouse-roles:write`. */
    delete(input: api.DeleteRoleInput, options?: CallOptions): Promise<api.DeletedRole>;
  };
  readonly overview: {
    /** See what happened lately and which tokens need a look. Needs `keyhouse-tokens:read`; without it, it works on what is the caller's own. */
    read(input?: api.ReadOverviewInput, options?: CallOptions): Promise<api.Overview>;
  };
  readonly accessLog: {
    /** List decisions: the access log. Needs `keyhouse-denials:read`. */
    list(input: api.ListAccessesInput, options?: CallOptions): Promise<api.ListAccessesOutput>;
    /** List decisions: the access log, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListAccessesInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.Access, void, undefined>;
    /** Export the access log as JSON lines or CSV. Needs `keyhouse-denials:read`. */
    export(input: api.ExportAccessesInput, options?: CallOptions): Promise<api.AccessExport>;
  };
  readonly audit: {
    /** Read the audit log. Needs `keyhouse-audit:read`. */
    list(input?: api.ListAuditEventsInput, options?: CallOptions): Promise<api.ListAuditEventsOutput>;
    /** Read the audit log, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListAuditEventsInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.AuditEvent, void, undefined>;
    /** Export the audit log as JSON lines or CSV. Needs `keyhouse-audit:read`. */
    export(input: api.ExportAuditEventsInput, options?: CallOptions): Promise<api.AuditExport>;
    /** Erase the clear text about a person from the audit log. Needs `keyhouse-audit:erase`. */
    erase(input: api.EraseAuditTextInput, options?: CallOptions): Promise<api.AuditErasure>;
    /** Read the public keys of audit checkpoints. Needs `keyhouse-audit:read`. */
    keys(input?: api.NoInput, options?: CallOptions): Promise<api.AuditKeys>;
  };
  readonly auditCheckpoints: {
    /** List the signed checkpoints of the audit log. Needs `keyhouse-audit:read`. */
    list(input?: api.ListAuditCheckpointsInput, options?: CallOptions): Promise<api.ListAuditCheckpointsOutput>;
    /** List the signed checkpoints of the audit log, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListAuditCheckpointsInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.AuditCheckpointRecord, void, undefined>;
  };
  readonly accessReviews: {
    /** Export all tokens for an access review. Needs `keyhouse-tokens:read`. */
    export(input: api.ExportAccessReviewInput, options?: CallOptions): Promise<api.AccessReviewExport>;
    /** Apply the decisions of an access review. Needs `keyhouse-tokens:revoke`. */
    apply(input: api.ApplyAccessReviewInput, options?: CallOptions): Promise<api.AccessReview>;
  };
  readonly trials: {
    /** Observe what a change would refuse, without refusing it. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
    create(input: api.CreateTrialInput, options?: CallOptions): Promise<api.Trial>;
    /** List trials. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
    list(input?: api.ListTrialsInput, options?: CallOptions): Promise<api.ListTrialsOutput>;
    /** List trials, however many pages they fill: asked for as the loop needs them. */
    all(input?: Omit<api.ListTrialsInput, 'cursor'>, options?: CallOptions): AsyncGenerator<api.Trial, void, undefined>;
    /** Read a trial and who would break. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
    read(input: api.ReadTrialInput, options?: CallOptions): Promise<api.TrialWithFindings>;
    /** Make the change of a trial. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
    enforce(input: api.EnforceTrialInput, options?: CallOptions): Promise<api.EnforcedTrial>;
    /** End a trial without making its change. Needs `keyhouse-tokens:write` or `keyhouse-roles:write` or `keyhouse-profile:write` or `keyhouse-owners:write` or `keyhouse-users:write` or `keyhouse-service-accounts:write`. */
    end(input: api.EndTrialInput, options?: CallOptions): Promise<api.Trial>;
  };
  readonly denials: {
    /** List what was refused lately. Needs `keyhouse-denials:read`. */
    list(input?: api.ListDenialsInput, options?: CallOptions): Promise<api.ListDenialsOutput>;
    /** List what was refused lately, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListDenialsInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.Denial, void, undefined>;
    /** Explain why a request was refused. Needs `keyhouse-denials:read`; without it, it works on what is the caller's own. */
    read(input: api.ReadDenialInput, options?: CallOptions): Promise<api.Explanation>;
  };
  readonly alerts: {
    /** List alerts about what was unusual. Needs `keyhouse-alerts:read`. */
    list(input?: api.ListAlertsInput, options?: CallOptions): Promise<api.ListAlertsOutput>;
    /** List alerts about what was unusual, however many pages they fill: asked for as the loop needs them. */
    all(input?: Omit<api.ListAlertsInput, 'cursor'>, options?: CallOptions): AsyncGenerator<api.Alert, void, undefined>;
    /** Read an alert. Needs `keyhouse-alerts:read`. */
    read(input: api.ReadAlertInput, options?: CallOptions): Promise<api.Alert>;
    /** Acknowledge an alert. Needs `keyhouse-alerts:write`. */
    acknowledge(input: api.AcknowledgeAlertInput, options?: CallOptions): Promise<api.Alert>;
    /** Acknowledge alerts. Needs `keyhouse-alerts:write`. */
    acknowledgeMany(input: api.AcknowledgeAlertsInput, options?: CallOptions): Promise<api.AcknowledgeAlertsOutput>;
  };
  readonly mails: {
    /** List mails and what became of them. Needs `keyhouse-mail:read`. */
    list(input?: api.ListMailsInput, options?: CallOptions): Promise<api.ListMailsOutput>;
    /** List mails and what became of them, however many pages they fill: asked for as the loop needs them. */
    all(input?: Omit<api.ListMailsInput, 'cursor'>, options?: CallOptions): AsyncGenerator<api.Mail, void, undefined>;
  };
  readonly reminders: {
    /** See which reminders would be mailed now. Needs `keyhouse-mail:read`. */
    preview(input?: api.NoInput, options?: CallOptions): Promise<api.ReminderPreview>;
  };
  readonly webhooks: {
    /** Create a webhook. Needs `keyhouse-webhooks:write`. */
    create(input: api.CreateWebhookInput, options?: CallOptions): Promise<api.CreatedWebhook>;
    /** List webhooks. Needs `keyhouse-webhooks:read`. */
    list(input?: api.ListWebhooksInput, options?: CallOptions): Promise<api.ListWebhooksOutput>;
    /** List webhooks, however many pages they fill: asked for as the loop needs them. */
    all(
      input?: Omit<api.ListWebhooksInput, 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<api.Webhook, void, undefined>;
    /** Read a webhook. Needs `keyhouse-webhooks:read`. */
    read(input: api.ReadWebhookInput, options?: CallOptions): Promise<api.Webhook>;
    /** Change a webhook. Needs `keyhouse-webhooks:write`. */
    update(input: api.UpdateWebhookInput, options?: CallOptions): Promise<api.Webhook>;
    /** Delete a webhook. Needs `keyhouse-webhooks:write`. */
    delete(input: api.DeleteWebhookInput, options?: CallOptions): Promise<api.DeletedWebhook>;
    /** Give a webhook a new secret. Needs `keyhouse-webhooks:write`. */
    rotateSecret(input: api.RotateWebhookSecretInput, options?: CallOptions): Promise<api.RotatedWebhook>;
    /** Send a test event. Needs `keyhouse-webhooks:write`. */
    test(input: api.TestWebhookInput, options?: CallOptions): Promise<api.WebhookDelivery>;
    /** List deliveries of a webhook. Needs `keyhouse-webhooks:read`. */
    listDeliveries(
      input: api.ListWebhookDeliveriesInput,
      options?: CallOptions,
    ): Promise<api.ListWebhookDeliveriesOutput>;
    /** Deliver once more. Needs `keyhouse-webhooks:write`. */
    replayDelivery(input: api.ReplayWebhookDeliveryInput, options?: CallOptions): Promise<api.WebhookDelivery>;
    /** Deliver what happened since a time. Needs `keyhouse-webhooks:write`. */
    replay(input: api.ReplayWebhookInput, options?: CallOptions): Promise<api.ReplayedWebhook>;
  };
  readonly profile: {
    /** Read the profile in force. Needs `keyhouse-profile:read`. */
    read(input?: api.NoInput, options?: CallOptions): Promise<api.ProfileInForce>;
    /** Apply a profile. Needs `keyhouse-profile:write`. */
    apply(input: api.ApplyProfileInput, options?: CallOptions): Promise<api.AppliedProfile>;
  };
}
