import type { Operations } from './operations.ts';

/** Under which name every operation stands in the client. `npm run reference` writes its methods from this table. */
export const PLACES = {
  tokens: {
    create: 'createToken',
    list: 'listTokens',
    read: 'readToken',
    update: 'updateToken',
    rotate: 'rotateToken',
    revoke: 'revokeToken',
    previewRevocation: 'previewRevocation',
    usage: 'readTokenUsage',
    verify: 'verifyTokens',
    options: 'readTokenOptions',
  },
  auth: { test: 'testAuthentication' },
  owners: {
    put: 'putOwner',
    read: 'readOwner',
    list: 'listOwners',
    update: 'updateOwner',
    delete: 'deleteOwner',
    sync: 'syncOwners',
  },
  users: {
    create: 'createUser',
    list: 'listUsers',
    read: 'readUser',
    update: 'updateUser',
    delete: 'deleteUser',
    removeSecondFactor: 'removeSecondFactor',
  },
  invitations: { create: 'createInvitation', list: 'listInvitations', delete: 'deleteInvitation' },
  serviceAccounts: {
    create: 'createServiceAccount',
    list: 'listServiceAccounts',
    read: 'readServiceAccount',
    update: 'updateServiceAccount',
    delete: 'deleteServiceAccount',
  },
  workspaces: {
    create: 'createWorkspace',
    list: 'listWorkspaces',
    read: 'readWorkspace',
    update: 'updateWorkspace',
  },
  roles: { create: 'createRole', list: 'listRoles', update: 'updateRole', delete: 'deleteRole' },
  audit: { list: 'listAuditEvents' },
  trials: {
    create: 'createTrial',
    list: 'listTrials',
    read: 'readTrial',
    enforce: 'enforceTrial',
    end: 'endTrial',
  },
  denials: { list: 'listDenials', read: 'readDenial' },
  profile: { read: 'readProfile', apply: 'applyProfile' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, keyof Operations>>>>;
