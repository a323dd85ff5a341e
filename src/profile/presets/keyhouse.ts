import { OUR_DENIALS } from '../our-denials.ts';
import { OUR_TIERS } from '../our-tiers.ts';
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
    signInUrl: null,
    logoUrl: null,
    accentColour: '#1f5f8b',
    apiBaseUrl: null,
    testApiBaseUrl: null,
  },
  token: { prefix: 'kh', environments: ['live', 'test'], idPrefix: 'tok', samples: [] },
  catalogue: 'open',
  routes: [],
  levels: [],
  grants: ['permissions', 'inherit'],
  defaultGrant: null,
  expiry: { lifetime: null, lifetimeMax: null },
  onePerOwner: false,
  selfService: true,
  rotation: { gracePeriod: '7d' },
  limits: { tiers: OUR_TIERS, defaultTier: 'standard' },
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
      create_url: '$create_url',
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
  guide: { sampleRequest: null },
  cors: { origins: [] },
};
