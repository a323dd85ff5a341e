import { OUR_DENIALS } from '../our-denials.ts';
import { OUR_TIERS } from '../our-tiers.ts';
import type { DenialWords, Profile } from '../profile.ts';

/** The document's one sentence for every token that is missing or not valid. */
const UNAUTHORIZED: Pick<DenialWords, 'status' | 'message' | 'source'> = {
  status: 401,
  message: 'Invalid or expired token',
  source: 'document',
};

/** The dialect of document 000. What the document does not say is marked `ours` where the type has room for it. */
export const installer: Profile = {
  name: 'installer',
  company: {
    name: 'Installer.com',
    slug: 'installer',
    supportUrl: null,
    supportEmail: null,
    signInUrl: 'http://localhost:4300',
    logoUrl: null,
    accentColour: '#c2410c',
    apiBaseUrl: 'http://localhost:8000',
    testApiBaseUrl: null,
  },
  token: { prefix: 'inst', environments: [], idPrefix: 'tok', samples: ['YOUR_API_TOKEN', '<token>'] },
  catalogue: [
    {
      permission: 'installers:read',
      description: 'View installers',
      operations: ['GET /api/v1/partners/installers', 'GET /api/v1/partners/installers/{id}'],
    },
    {
      permission: 'installers:write',
      description: 'Add, update and remove installers',
      operations: [
        'POST /api/v1/partners/installers',
        'PATCH /api/v1/partners/installers/{id}',
        'DELETE /api/v1/partners/installers/{id}',
      ],
    },
    {
      permission: 'jobs:read',
      description: 'View the jobs of installers',
      operations: ['GET /api/v1/partners/jobs', 'GET /api/v1/partners/jobs/{id}'],
    },
    {
      permission: 'jobs:write',
      description: 'Book jobs and change them',
      operations: ['POST /api/v1/partners/jobs', 'PATCH /api/v1/partners/jobs/{id}'],
    },
  ],
  routes: [],
  levels: [],
  grants: ['inherit'],
  defaultGrant: 'inherit',
  expiry: { lifetime: null, lifetimeMax: null },
  onePerOwner: false,
  selfService: true,
  rotation: { gracePeriod: '7d' },
  limits: { tiers: OUR_TIERS, defaultTier: 'standard' },
  tokensPerWorkspaceMax: null,
  paths: { tokens: '/api/v1/tokens' },
  fieldNames: {},
  fieldAliases: {},
  errors: {
    contentType: 'application/json',
    body: {
      error: '$status_text',
      message: '$message',
      statusCode: '$status',
      errors: '$errors',
      '...': '$extra',
    },
    docsUrl: null,
    realm: 'Installer.com API',
    denials: {
      ...OUR_DENIALS,
      authentication_required: { ...OUR_DENIALS.authentication_required, ...UNAUTHORIZED },
      invalid_request: { ...OUR_DENIALS.invalid_request, ...UNAUTHORIZED },
      invalid_token: { ...OUR_DENIALS.invalid_token, ...UNAUTHORIZED },
      token_expired: { ...OUR_DENIALS.token_expired, ...UNAUTHORIZED },
      insufficient_permissions: {
        ...OUR_DENIALS.insufficient_permissions,
        message: 'Insufficient permissions',
        source: 'document',
      },
    },
  },
  words: {
    token: 'API token',
    tokens: 'API tokens',
    menuPaths: [['Settings', 'API Tokens']],
    createButton: 'Create Token',
    saveButton: 'Create Token',
    revokeButton: 'Revoke',
  },
  templates: [],
  guide: { sampleRequest: { method: 'GET', path: '/api/v1/partners/installers', upload: null } },
  cors: { origins: [] },
};
