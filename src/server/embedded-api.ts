import type { DoorEngine } from '../http/index.ts';
import {
  acknowledgeAlert,
  acknowledgeAlerts,
  applyProfile,
  askWhy,
  type Caller,
  createRole,
  createServiceAccount,
  createToken,
  createTrial,
  createUser,
  createWebhook,
  createWorkspace,
  deleteOwner,
  deleteRole,
  deleteServiceAccount,
  deleteUser,
  deleteWebhook,
  endTrial,
  enforceTrial,
  exportAccesses,
  findPastedToken,
  introspectToken,
  listAccesses,
  listAlerts,
  listAuditEvents,
  listDenials,
  listGrantSuggestions,
  listOwners,
  listPredecessors,
  listRoles,
  listServiceAccounts,
  listTokens,
  listTrials,
  listUsers,
  listWebhookDeliveries,
  listWebhooks,
  listWorkspaces,
  type Operation,
  previewRevocation,
  putOwner,
  readAlert,
  readDenial,
  readOverview,
  readOwner,
  readProfile,
  readServiceAccount,
  readToken,
  readTokenOptions,
  readTokenUsage,
  readTrial,
  readUser,
  readWebhook,
  readWorkspace,
  replayWebhook,
  replayWebhookDelivery,
  revokeToken,
  rotateToken,
  rotateWebhookSecret,
  suggestTokenGrant,
  syncOwners,
  testWebhook,
  tryToken,
  updateOwner,
  updateRole,
  updateServiceAccount,
  updateToken,
  updateUser,
  updateWebhook,
  updateWorkspace,
  verifyTokens,
} from '../manage/index.ts';
import {
  claimToken,
  createInvitation,
  createPasswordReset,
  createPortalSession,
  deleteInvitation,
  endPortalSession,
  endPortalSessions,
  listInvitations,
  removeSecondFactor,
  setUp,
} from '../people/index.ts';

/** Performs one operation with the input of its schema. @throws {Rejection} what the caller can put right. */
export type Call<Given, Output> = (input: Unmodified<Given>) => Promise<Output>;

/** Inputs are read and never written to: callers may pass what they have frozen. */
export type Unmodified<T> = T extends readonly (infer Item)[]
  ? readonly Unmodified<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Unmodified<T[Key]> }
    : T;

type WithoutCode = Omit<Given<typeof setUp>, 'code'>;
type Given<Of> = Of extends Operation<infer _Input, infer _Output, infer Asked> ? Asked : never;

/**
 * The operations as functions, for the application that embeds Keyhouse. Inputs and answers are those of the HTTP API;
 * the caller is the application itself, which may do everything and is named `host` in the audit log.
 */
export function embeddedApi(
  engine: Pick<DoorEngine, 'perform'>,
  { caller, issueSetupCode }: { readonly caller: () => Caller; readonly issueSetupCode: () => Promise<string> },
) {
  const call =
    <Input, Output, Given>(operation: Operation<Input, Output, Given>): Call<Given, Output> =>
    (input) =>
      engine.perform(operation, caller(), input);
  return {
    /**
     * Makes the first administrator, like `POST /v1/setup`. The code that is asked for there shows that somebody sees the
     * output of this process; whoever calls this is this process.
     * @throws {Rejection} `already_set_up` the second time.
     */
    setUp: async (input: WithoutCode) => call(setUp)({ ...input, code: await issueSetupCode() }),
    tokens: {
      create: call(createToken),
      list: call(listTokens),
      read: call(readToken),
      update: call(updateToken),
      rotate: call(rotateToken),
      claim: call(claimToken),
      predecessors: call(listPredecessors),
      revoke: call(revokeToken),
      previewRevocation: call(previewRevocation),
      usage: call(readTokenUsage),
      suggest: call(suggestTokenGrant),
      suggestions: call(listGrantSuggestions),
      verify: call(verifyTokens),
      options: call(readTokenOptions),
      try: call(tryToken),
      find: call(findPastedToken),
      introspect: call(introspectToken),
    },
    owners: {
      put: call(putOwner),
      read: call(readOwner),
      list: call(listOwners),
      update: call(updateOwner),
      delete: call(deleteOwner),
      sync: call(syncOwners),
    },
    /** The page of their own tokens, for one of the application's users: hosted, or as `<keyhouse-tokens>`. */
    portalSessions: {
      create: call(createPortalSession),
      end: call(endPortalSession),
      endAll: call(endPortalSessions),
    },
    users: {
      create: call(createUser),
      list: call(listUsers),
      read: call(readUser),
      update: call(updateUser),
      delete: call(deleteUser),
      removeSecondFactor: call(removeSecondFactor),
      /** Makes a link, below the address of the dashboard, with which the user sets a new password. */
      createPasswordReset: call(createPasswordReset),
    },
    invitations: { create: call(createInvitation), list: call(listInvitations), delete: call(deleteInvitation) },
    serviceAccounts: {
      create: call(createServiceAccount),
      list: call(listServiceAccounts),
      read: call(readServiceAccount),
      update: call(updateServiceAccount),
      delete: call(deleteServiceAccount),
    },
    workspaces: {
      create: call(createWorkspace),
      list: call(listWorkspaces),
      read: call(readWorkspace),
      update: call(updateWorkspace),
    },
    /** What a change would refuse, observed before it is made. */
    trials: {
      create: call(createTrial),
      list: call(listTrials),
      read: call(readTrial),
      enforce: call(enforceTrial),
      end: call(endTrial),
    },
    roles: { create: call(createRole), list: call(listRoles), update: call(updateRole), delete: call(deleteRole) },
    overview: { read: call(readOverview) },
    audit: { list: call(listAuditEvents) },
    /** Addresses that are told what happens. Delivered for as long as this process runs. */
    webhooks: {
      create: call(createWebhook),
      list: call(listWebhooks),
      read: call(readWebhook),
      update: call(updateWebhook),
      delete: call(deleteWebhook),
      rotateSecret: call(rotateWebhookSecret),
      test: call(testWebhook),
      listDeliveries: call(listWebhookDeliveries),
      replayDelivery: call(replayWebhookDelivery),
      replay: call(replayWebhook),
    },
    alerts: {
      list: call(listAlerts),
      read: call(readAlert),
      acknowledge: call(acknowledgeAlert),
      acknowledgeMany: call(acknowledgeAlerts),
    },
    accessLog: { list: call(listAccesses), export: call(exportAccesses) },
    denials: { list: call(listDenials), read: call(readDenial), why: call(askWhy) },
    profile: { read: call(readProfile), apply: call(applyProfile) },
  };
}

export type EmbeddedApi = ReturnType<typeof embeddedApi>;
