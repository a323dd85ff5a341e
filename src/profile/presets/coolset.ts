import { OUR_DENIALS } from '../our-denials.ts';
import { OUR_TIERS } from '../our-tiers.ts';
import type { DenialWords, Profile } from '../profile.ts';

/** The document's sentence for a token that is missing or not valid, and it has no other. */
const NOT_PROVIDED: Pick<DenialWords, 'status' | 'message' | 'source'> = {
  status: 401,
  message: 'Authentication credentials were not provided.',
  source: 'document',
};

const READ = ['user-config:read', 'orders:read', 'users:read', 'workspaces:read'];
const WRITE = [...READ, 'user-config:write', 'orders:write'];
const ADMIN = [...WRITE, 'orders:delete', 'users:write'];

/** The dialect of document 004. What the document does not say is marked `ours` where the type has room for it. */
export const coolset: Profile = {
  name: 'coolset',
  company: {
    name: 'Coolset',
    slug: 'coolset',
    supportUrl: null,
    supportEmail: null,
    signInUrl: null,
    logoUrl: null,
    accentColour: '#0f766e',
    apiBaseUrl: 'https://developers.coolset.com',
    testApiBaseUrl: 'https://developers.coolset.com/sandbox',
  },
  token: {
    prefix: 'sk',
    environments: ['live', 'test'],
    idPrefix: 'tok',
    samples: ['sk_live_1234567890abcdef', 'YOUR_API_TOKEN'],
  },
  catalogue: [
    {
      permission: 'user-config:read',
      description: 'View the configuration of the account',
      operations: ['GET /api/accounts/user-config/'],
    },
    {
      permission: 'user-config:write',
      description: 'Change the configuration of the account',
      operations: ['PATCH /api/accounts/user-config/'],
    },
    {
      permission: 'orders:read',
      description: 'View orders',
      operations: ['GET /api/orders/', 'GET /api/orders/{id}/'],
    },
    {
      permission: 'orders:write',
      description: 'Create and update orders',
      operations: ['POST /api/orders/', 'PATCH /api/orders/{id}/'],
    },
    { permission: 'orders:delete', description: 'Delete orders', operations: ['DELETE /api/orders/{id}/'] },
    {
      permission: 'users:read',
      description: 'View the users of the company',
      operations: ['GET /api/accounts/users/', 'GET /api/accounts/users/{id}/'],
    },
    {
      permission: 'users:write',
      description: 'Invite users, change their access and remove them',
      operations: ['POST /api/accounts/users/', 'PATCH /api/accounts/users/{id}/', 'DELETE /api/accounts/users/{id}/'],
    },
    {
      permission: 'workspaces:read',
      description: 'View the companies the user belongs to',
      operations: ['GET /accounts/workspaces/', 'GET /api/accounts/workspaces/'],
    },
  ],
  routes: [],
  levels: [
    { level: 'read', description: 'View data across all endpoints', permissions: READ },
    { level: 'write', description: 'Create and update resources', permissions: WRITE },
    { level: 'admin', description: 'Full access including user management', permissions: ADMIN },
  ],
  grants: ['level'],
  defaultGrant: null,
  expiry: { lifetime: null, lifetimeMax: null },
  onePerOwner: false,
  selfService: true,
  rotation: { gracePeriod: '7d' },
  reminders: { rotationAfter: '90d' },
  limits: { tiers: OUR_TIERS, defaultTier: 'standard' },
  tokensPerWorkspaceMax: null,
  paths: { tokens: '/api/tokens' },
  fieldNames: {},
  fieldAliases: {},
  errors: {
    contentType: 'application/json',
    body: { detail: '$message', errors: '$errors', '...': '$extra' },
    docsUrl: null,
    realm: 'Coolset API',
    denials: {
      ...OUR_DENIALS,
      authentication_required: { ...OUR_DENIALS.authentication_required, ...NOT_PROVIDED },
      invalid_request: { ...OUR_DENIALS.invalid_request, ...NOT_PROVIDED },
      invalid_token: { ...OUR_DENIALS.invalid_token, ...NOT_PROVIDED },
      token_expired: { ...OUR_DENIALS.token_expired, ...NOT_PROVIDED },
      insufficient_permissions: {
        ...OUR_DENIALS.insufficient_permissions,
        message: 'You do not have permission to perform this action.',
        source: 'document',
      },
    },
  },
  words: {
    token: 'API token',
    tokens: 'API tokens',
    menuPaths: [['Settings', 'API Tokens']],
    createButton: 'Generate New Token',
    saveButton: 'Generate New Token',
    revokeButton: 'Revoke',
  },
  templates: [],
  guide: { sampleRequest: { method: 'GET', path: '/api/orders/', upload: null } },
  cors: { origins: '*' },
};
