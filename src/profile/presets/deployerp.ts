import { OUR_DENIALS } from '../our-denials.ts';
import type { Profile } from '../profile.ts';

/** The dialect of document 001. What the document does not say is marked `ours` where the type has room for it. */
export const deployerp: Profile = {
  name: 'deployerp',
  company: {
    name: 'deployERP',
    slug: 'deployerp',
    supportUrl: null,
    supportEmail: null,
    signInUrl: null,
    logoUrl: null,
    accentColour: '#0b6e4f',
    apiBaseUrl: 'https://api.deployerp.com',
    testApiBaseUrl: null,
  },
  token: {
    prefix: 'dep',
    environments: ['live', 'test'],
    idPrefix: 'key',
    samples: [
      'dep_live_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
      'dep_live_new_key_value',
      'dep_live_your_api_key',
      'YOUR_API_KEY',
      'CURRENT_API_KEY',
    ],
  },
  catalogue: [
    { permission: 'servers:read', description: 'View server information', operations: ['GET /servers'] },
    {
      permission: 'servers:write',
      description: 'Create/update servers',
      operations: ['POST /servers', 'PATCH /servers'],
    },
    { permission: 'servers:delete', description: 'Delete servers', operations: ['DELETE /servers'] },
    { permission: 'instances:read', description: 'View instances', operations: ['GET /instances'] },
    {
      permission: 'instances:write',
      description: 'Create/update instances',
      operations: ['POST /instances', 'PATCH /instances'],
    },
    { permission: 'instances:delete', description: 'Delete instances', operations: ['DELETE /instances'] },
    { permission: 'backups:read', description: 'View backups', operations: ['GET /backups'] },
    { permission: 'backups:write', description: 'Create backups', operations: ['POST /backups'] },
    { permission: 'teams:read', description: 'View team info', operations: ['GET /teams'] },
    { permission: 'teams:write', description: 'Manage teams', operations: ['POST /teams', 'PATCH /teams'] },
    { permission: 'billing:read', description: 'View billing info', operations: ['GET /invoices'] },
  ],
  routes: [],
  levels: [],
  grants: ['permissions'],
  defaultGrant: null,
  expiry: { lifetime: null, lifetimeMax: null },
  onePerOwner: false,
  selfService: true,
  rotation: { gracePeriod: '7d' },
  limits: {
    tiers: {
      standard: {
        label: 'Standard',
        useCase: 'Normal usage',
        windows: [
          { name: 'hour', limit: 1_000, seconds: 3_600 },
          { name: 'minute', limit: 100, seconds: 60 },
        ],
      },
      'high-volume': {
        label: 'High Volume',
        useCase: 'Automation',
        windows: [
          { name: 'hour', limit: 10_000, seconds: 3_600 },
          { name: 'minute', limit: 1_000, seconds: 60 },
        ],
      },
      limited: {
        label: 'Limited',
        useCase: 'Testing',
        windows: [
          { name: 'hour', limit: 100, seconds: 3_600 },
          { name: 'minute', limit: 10, seconds: 60 },
        ],
      },
      unlimited: { label: 'Unlimited', useCase: 'Enterprise', windows: 'unlimited' },
    },
    defaultTier: 'standard',
  },
  tokensPerWorkspaceMax: null,
  paths: { tokens: '/v1/api-keys' },
  fieldNames: { ip_allowlist: 'ip_whitelist' },
  fieldAliases: { rotation_enabled: 'auto_rotate' },
  errors: {
    contentType: 'application/json',
    body: { error: { code: '$code', message: '$message', status: '$status', errors: '$errors', '...': '$extra' } },
    docsUrl: null,
    realm: 'deployerp',
    denials: {
      ...OUR_DENIALS,
      authentication_required: {
        status: 401,
        code: 'authentication_required',
        title: 'Authentication required',
        message: 'No authentication token provided',
        source: 'document',
      },
    },
  },
  words: {
    token: 'API key',
    tokens: 'API keys',
    menuPaths: [['Settings', 'API Keys']],
    createButton: 'Generate New API Key',
    saveButton: 'Save Key',
    revokeButton: 'Revoke',
  },
  templates: [
    {
      name: 'Read-Only Key',
      tokenName: 'monitoring-key',
      description: 'Sees servers, instances and backups, changes nothing.',
      permissions: ['servers:read', 'instances:read', 'backups:read'],
      source: 'document',
    },
    {
      name: 'Deployment Key',
      tokenName: 'deployment-key',
      description: 'Creates and updates servers and instances and backs them up first; deletes nothing.',
      permissions: [
        'servers:read',
        'servers:write',
        'instances:read',
        'instances:write',
        'backups:read',
        'backups:write',
      ],
      source: 'ours',
    },
    {
      name: 'Admin Key',
      tokenName: 'admin-key',
      description: 'Everything its owner may do with servers, instances, backups, teams and billing.',
      permissions: ['servers:*', 'instances:*', 'backups:*', 'teams:*', 'billing:*'],
      source: 'ours',
    },
  ],
  guide: { sampleRequest: { method: 'GET', path: '/v1/servers', upload: null } },
  cors: { origins: [] },
};
