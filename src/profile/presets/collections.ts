import { OUR_DENIALS } from '../our-denials.ts';
import { OUR_TIERS } from '../our-tiers.ts';
import type { DenialWords, Profile } from '../profile.ts';

/** The document's sentence for a token that is missing, was not included correctly, or has been replaced. */
const REQUIRED: Pick<DenialWords, 'status' | 'message' | 'source'> = {
  status: 401,
  message: 'Authentication required',
  source: 'document',
};

/** The dialect of document 003. What the document does not say is marked `ours` where the type has room for it. */
export const collections: Profile = {
  name: 'collections',
  company: {
    name: 'Your Site',
    slug: 'yoursite',
    supportUrl: null,
    supportEmail: null,
    signInUrl: null,
    logoUrl: null,
    accentColour: '#7e22ce',
    apiBaseUrl: 'https://yoursite.com',
    testApiBaseUrl: null,
  },
  token: {
    prefix: 'site',
    environments: [],
    idPrefix: 'tok',
    samples: ['<your token here>', '<paste your token here>', '<token>'],
  },
  catalogue: [
    {
      permission: 'collections:read',
      description: 'See the installed collections',
      operations: ['GET /collections', 'GET /collections/{name}', 'GET /collections/{name}/files/{path}'],
    },
    {
      permission: 'collections:install',
      description: 'Install and remove collections',
      operations: ['POST /installCollection', 'DELETE /collections/{name}'],
    },
  ],
  routes: [],
  levels: [],
  grants: ['inherit'],
  defaultGrant: 'inherit',
  expiry: { lifetime: '365d', lifetimeMax: '365d' },
  onePerOwner: true,
  selfService: false,
  rotation: { gracePeriod: '0s' },
  limits: { tiers: OUR_TIERS, defaultTier: 'standard' },
  tokensPerWorkspaceMax: null,
  paths: { tokens: '/v1/tokens' },
  fieldNames: {},
  fieldAliases: {},
  errors: {
    contentType: 'application/json',
    body: { message: '$message', errors: '$errors', '...': '$extra' },
    docsUrl: null,
    realm: 'site',
    denials: {
      ...OUR_DENIALS,
      authentication_required: { ...OUR_DENIALS.authentication_required, ...REQUIRED },
      invalid_request: { ...OUR_DENIALS.invalid_request, ...REQUIRED },
      invalid_token: { ...OUR_DENIALS.invalid_token, ...REQUIRED },
      token_expired: { ...OUR_DENIALS.token_expired, message: 'Token has expired', source: 'document' },
      insufficient_permissions: {
        ...OUR_DENIALS.insufficient_permissions,
        message: 'Admin access required',
        source: 'document',
      },
    },
  },
  words: {
    token: 'bearer token',
    tokens: 'bearer tokens',
    menuPaths: [['People', 'user record']],
    createButton: 'Create Bearer Token',
    saveButton: 'Create Bearer Token',
    revokeButton: 'Revoke',
  },
  templates: [],
  guide: {
    sampleRequest: {
      method: 'POST',
      path: '/installCollection',
      upload: { field: 'collectionFile', fileName: 'myCollection.zip' },
    },
  },
  cors: { origins: [] },
};
