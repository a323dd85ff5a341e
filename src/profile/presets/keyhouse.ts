import { OUR_DENIALS } from '../our-denials.ts';
import type { Profile } from '../profile.ts';

/**
 * The neutral profile: nobody's dialect, the standards' own. Its default tier is `standard`, because a token that nobody
 * thought about should not be able to flood an API; `unlimited` has to be asked for.
 */
export const keyhouse: Profile = {
  name: 'keyhouse',
  company: {
    name: 'Keyhouse',
    slug: 'keyhouse',
    supportUrl: null,
    supportEmail: null,
    logoUrl: null,
    accentColour: '#1f5f8b',
    apiBaseUrl: null,
  },
  token: { prefix: 'kh', environments: ['live', 'test'], idPrefix: 'tok', samples: [] },
  catalogue: 'open',
  levels: [],
  grants: ['permissions', 'inherit'],
  defaultGrant: null,
  expiry: { lifetime: null, lifetimeMax: null },
  onePerOwner: false,
  rotation: { gracePeriod: '7d' },
  limits: {
    tiers: {
      standard: {
        label: 'Standard',
        useCase: 'Everyday use',
        windows: [
          { name: 'hour', limit: 1_000, seconds: 3_600 },
          { name: 'minute', limit: 100, seconds: 60 },
        ],
      },
      'high-volume': {
        label: 'High volume',
        useCase: 'Automation',
        windows: [
          { name: 'hour', limit: 10_000, seconds: 3_600 },
          { name: 'minute', limit: 1_000, seconds: 60 },
        ],
      },
      limited: {
        label: 'Limited',
        useCase: 'Trying things out',
        windows: [
          { name: 'hour', limit: 100, seconds: 3_600 },
          { name: 'minute', limit: 10, seconds: 60 },
        ],
      },
      unlimited: { label: 'Unlimited', useCase: 'Trusted internal services', windows: 'unlimited' },
    },
    defaultTier: 'standard',
  },
  tokensPerWorkspaceMax: null,
  paths: { tokens: '/v1/tokens' },
  fieldNames: {},
  fieldAliases: { ip_whitelist: 'ip_allowlist', rotation_enabled: 'auto_rotate' },
  errors: {
    contentType: 'application/problem+json',
    body: {
      type: '{docs_url}/{code}',
      title: '$title',
      status: '$status',
      code: '$code',
      detail: '$message',
      missing: '$missing',
      retry_after: '$retry_after',
      errors: '$errors',
      '...': '$extra',
      request_id: '$request_id',
    },
    docsUrl: 'https://keyhouse.example/errors',
    realm: 'keyhouse',
    denials: OUR_DENIALS,
  },
  words: {
    token: 'token',
    tokens: 'tokens',
    menuPaths: [['Settings', 'API Tokens']],
    createButton: 'Create token',
    saveButton: 'Create token',
    revokeButton: 'Revoke',
  },
  templates: [],
  cors: { origins: [] },
};
