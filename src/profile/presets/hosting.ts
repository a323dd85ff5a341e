import { OUR_DENIALS } from '../our-denials.ts';
import { OUR_TIERS } from '../our-tiers.ts';
import type { Profile } from '../profile.ts';

/**
 * The dialect of document 002, which is white label: a profile that extends this one puts in its own company. The document
 * names causes of 401 and 403 and prints no body, so every answer is ours.
 */
export const hosting: Profile = {
  name: 'hosting',
  company: {
    name: 'Example Hosting',
    slug: 'example',
    supportUrl: 'https://support.example.com',
    supportEmail: 'support@example.com',
    signInUrl: 'https://support.example.com',
    logoUrl: null,
    accentColour: '#1d4ed8',
    apiBaseUrl: 'https://api.example.com',
    testApiBaseUrl: null,
  },
  token: {
    prefix: 'host',
    environments: [],
    idPrefix: 'tok',
    samples: ['YOUR_API_TOKEN', 'YOUR_TOKEN', 'your-token-here'],
  },
  catalogue: [
    {
      permission: 'domains:read',
      description: 'View domain information',
      operations: ['GET /v1/domains', 'GET /v1/domains/{domain}'],
    },
    {
      permission: 'domains:write',
      description: 'Register, renew, and manage domains',
      operations: [
        'POST /v1/domains',
        'PATCH /v1/domains/{domain}',
        'POST /v1/domains/{domain}/renew',
        'POST /v1/domains/{domain}/auth-code',
        'POST /v1/domains/{domain}/transfer',
      ],
    },
    {
      permission: 'dns:read',
      description: 'View DNS records',
      operations: ['GET /v1/domains/{domain}/records', 'GET /v1/domains/{domain}/records/{id}'],
    },
    {
      permission: 'dns:write',
      description: 'Create, update, delete DNS records',
      operations: [
        'POST /v1/domains/{domain}/records',
        'PATCH /v1/domains/{domain}/records/{id}',
        'DELETE /v1/domains/{domain}/records/{id}',
      ],
    },
    {
      permission: 'hosting:read',
      description: 'View hosting services',
      operations: ['GET /v1/hosting', 'GET /v1/hosting/{id}'],
    },
    {
      permission: 'hosting:write',
      description: 'Manage hosting services',
      operations: ['POST /v1/hosting', 'PATCH /v1/hosting/{id}', 'DELETE /v1/hosting/{id}'],
    },
    {
      permission: 'account:read',
      description: 'View account profile and invoices',
      operations: ['GET /v1/account', 'GET /v1/account/invoices', 'GET /v1/account/invoices/{id}'],
    },
    { permission: 'account:write', description: 'Update account settings', operations: ['PATCH /v1/account'] },
  ],
  routes: [],
  levels: [],
  grants: ['permissions'],
  defaultGrant: null,
  expiry: { lifetime: null, lifetimeMax: null },
  onePerOwner: false,
  selfService: true,
  rotation: { gracePeriod: '7d' },
  reminders: { rotationAfter: '90d' },
  limits: { tiers: OUR_TIERS, defaultTier: 'standard' },
  tokensPerWorkspaceMax: null,
  paths: { tokens: '/v1/tokens' },
  fieldNames: {},
  fieldAliases: {},
  errors: {
    contentType: 'application/problem+json',
    body: {
      type: '{api_url}/guide#{code}',
      title: '$title',
      status: '$status',
      code: '$code',
      detail: '$message',
      missing: '$missing',
      errors: '$errors',
      '...': '$extra',
      support: { url: '$support_url', email: '$support_email' },
      request_id: '$request_id',
    },
    docsUrl: null,
    realm: 'API',
    denials: {
      ...OUR_DENIALS,
      invalid_request: {
        ...OUR_DENIALS.invalid_request,
        status: 401,
        message: 'The Authorization header must be exactly "Bearer YOUR_TOKEN", with one space after Bearer.[ {help}]',
      },
      insufficient_permissions: {
        ...OUR_DENIALS.insufficient_permissions,
        message: 'The {token_word} lacks the required permissions for this endpoint: {missing}.[ {help}]',
      },
    },
  },
  words: {
    token: 'API token',
    tokens: 'API tokens',
    menuPaths: [
      ['Account Settings', 'API Access'],
      ['Security', 'API Tokens'],
    ],
    createButton: 'Generate New Token',
    saveButton: 'Create Token',
    revokeButton: 'Revoke',
  },
  templates: [
    {
      name: 'DNS updates',
      tokenName: 'DNS updates',
      description: 'Changes DNS records and nothing else: it cannot register domains.',
      permissions: ['dns:read', 'dns:write'],
      source: 'ours',
    },
    {
      name: 'WordPress plugin',
      tokenName: 'WordPress Plugin',
      description: 'Sees hosting services and domains, changes nothing.',
      permissions: ['hosting:read', 'domains:read'],
      source: 'ours',
    },
    {
      name: 'Billing integration',
      tokenName: 'Billing Integration',
      description: 'Reads the account profile and its invoices.',
      permissions: ['account:read'],
      source: 'ours',
    },
  ],
  guide: { sampleRequest: { method: 'GET', path: '/v1/domains', upload: null } },
  cors: { origins: [] },
};
