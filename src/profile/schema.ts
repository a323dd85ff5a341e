import { z } from 'zod';
import { checkRoutePath, checkWindows, isPermission, isReserved, LIMIT_MAX, type Window } from '../policy/index.ts';
import { readErrorBody } from './error-body.ts';
import { keyed, unique } from './schema-lists.ts';
import { duration, httpUrl, identifier, logo, matching, permissionEntry, sentence, text } from './schema-texts.ts';

const company = z.strictObject({
  name: text(100),
  slug: matching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, as in a host name'),
  supportUrl: httpUrl().nullable(),
  supportEmail: z.email({ error: 'This is not an e-mail address.' }).max(254).nullable(),
  signInUrl: httpUrl().nullable().default(null),
  logoUrl: logo().nullable(),
  accentColour: matching(/^#[0-9a-fA-F]{6}$/, 'a colour such as "#1f5f8b"'),
  apiBaseUrl: httpUrl().nullable(),
  testApiBaseUrl: httpUrl().nullable().default(null),
});

const PREFIX = /^[a-z][a-z0-9]{1,11}$/;
const PREFIX_WORDS = '2 to 12 lower-case letters and digits that begin with a letter, without an underscore';

const token = z.strictObject({
  prefix: matching(PREFIX, PREFIX_WORDS),
  environments: unique(z.enum(['live', 'test'])),
  idPrefix: matching(PREFIX, PREFIX_WORDS),
  samples: z.array(z.string().min(1).max(512)).max(100).default([]),
});

const catalogueEntry = z.strictObject({
  permission: z
    .string()
    .refine(isPermission, { error: 'A permission is written resource:action, both in lower case, never a wildcard.' })
    .refine((entry) => !isReserved(entry), {
      error: 'Resources that begin with "keyhouse-" belong to Keyhouse itself.',
    }),
  description: text(300),
  operations: z.array(text(200)).max(50),
});

const catalogue = z.union([z.literal('open'), unique(catalogueEntry, 'permission').min(1).max(2_000)]);

const method = matching(/^[A-Z]{1,20}$/, 'a method name in upper case such as "GET"');

const route = z.strictObject({
  methods: z.union([z.literal('*'), unique(method).min(1).max(20)]),
  path: z
    .string()
    .max(500)
    .superRefine((path, context) => {
      const message = checkRoutePath(path);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }),
  permissions: unique(z.string().refine(isPermission, { error: 'A permission is written resource:action.' })).max(20),
  environment: z.enum(['live', 'test']).default('live'),
  cost: z.int().min(0).max(LIMIT_MAX).default(1),
});

const level = z.strictObject({
  level: z.enum(['read', 'write', 'admin']),
  description: text(300),
  permissions: z.array(permissionEntry()).min(1).max(2_000),
});

/** Names and bounds are `checkWindows`' to judge. */
const window = z.strictObject({ name: z.string(), limit: z.int(), seconds: z.int() });

const tier = z.strictObject({
  label: text(60),
  useCase: text(100).nullable().default(null),
  windows: z.union([z.literal('unlimited'), z.array(window).superRefine(reportWindows)]),
});

const limits = z
  .strictObject({ tiers: keyed(identifier(), tier), defaultTier: identifier() })
  .superRefine(reportDefaultTier, { when: () => true });

/** Names of a JSON field. */
const fieldName = () => matching(/^[a-z][A-Za-z0-9_]{0,63}$/, 'a JSON field name such as "ip_whitelist"');

const origins = z.array(
  z
    .string()
    .refine(isOrigin, { error: 'An origin is a scheme and a host, such as "https://app.example.com", nothing more.' }),
);

/** 401 and 403 mean what HTTP says they mean: middlewares, proxies and SDKs rely on it. */
const denial = (...statuses: [number, ...number[]]) =>
  z.strictObject({
    status: z.literal(statuses),
    code: matching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, 'letters, digits and _ . : -'),
    title: sentence(100),
    message: sentence(500),
    source: z.enum(['document', 'ours']).default('ours'),
  });

const errors = z.strictObject({
  contentType: z.enum(['application/json', 'application/problem+json']),
  body: z.record(z.string(), z.unknown()).superRefine((body, context) => {
    for (const { path, message } of readErrorBody(body).problems) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  }),
  docsUrl: httpUrl().nullable(),
  realm: matching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'printable ASCII without " and \\'),
  denials: z.strictObject({
    authentication_required: denial(401),
    invalid_request: denial(400, 401),
    invalid_token: denial(401),
    token_expired: denial(401),
    ip_restricted: denial(403),
    insufficient_permissions: denial(403),
    ambiguous_path: denial(403),
    no_matching_rule: denial(403),
    rate_limited: denial(429),
    authority_unavailable: denial(503),
  }),
});

const words = z.strictObject({
  token: text(40),
  tokens: text(40),
  menuPaths: z
    .array(z.array(text(60)).min(1).max(10))
    .min(1)
    .max(10),
  createButton: text(60),
  saveButton: text(60),
  revokeButton: text(60),
});

const template = z.strictObject({
  name: text(60),
  tokenName: text(100),
  description: text(300),
  permissions: z.array(permissionEntry()).min(1).max(200),
  source: z.enum(['document', 'ours']).default('ours'),
});

const guidance = z.strictObject({
  sampleRequest: z
    .strictObject({
      method: z.enum(['GET', 'POST']),
      path: matching(/^(?:\/[A-Za-z0-9._~-]+)+\/?$/, 'a path such as "/v1/servers"').max(200),
      upload: z
        .strictObject({
          field: matching(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a form field name such as "file"'),
          fileName: matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'a file name without folders'),
        })
        .nullable()
        .default(null),
    })
    .nullable(),
});

/**
 * The shape of every section of a profile, in the order a profile is written out. Sections are checked one by one, so
 * that a mistake in one hides nothing in another; what needs several sections is in `profile-rules.ts`.
 */
export const SECTIONS = {
  name: matching(/^[a-z][a-z0-9-]{0,31}$/, 'a lower-case letter and up to 31 letters, digits and hyphens'),
  company,
  token,
  catalogue,
  routes: z.array(route).max(2_000).default([]),
  levels: z.array(level).max(3),
  grants: z
    .array(z.enum(['permissions', 'level', 'inherit']))
    .min(1)
    .max(3),
  defaultGrant: z.literal('inherit').nullable(),
  expiry: z.strictObject({ lifetime: duration().nullable(), lifetimeMax: duration().nullable() }),
  onePerOwner: z.boolean(),
  selfService: z.boolean().default(true),
  rotation: z.strictObject({
    gracePeriod: duration({ allowZero: true }),
    period: duration().exactOptional(),
    reminders: z.array(duration()).min(2).max(10).exactOptional(),
    onUnclaimed: z.enum(['keep', 'end']).exactOptional(),
  }),
  reminders: z
    .strictObject({
      hour: z.int().min(0).max(23).exactOptional(),
      beforeExpiry: z.array(duration()).max(10).exactOptional(),
      rotationAfter: duration().nullable().exactOptional(),
      unusedAfter: duration().nullable().exactOptional(),
    })
    .exactOptional(),
  limits,
  tokensPerWorkspaceMax: z.int().min(1).max(LIMIT_MAX).nullable(),
  alerts: z
    .strictObject({
      learningPeriod: duration().exactOptional(),
      learningUses: z.int().min(0).max(1_000_000).exactOptional(),
      networksMax: z.int().min(1).max(100).exactOptional(),
      denialsPerHour: z.int().min(1).max(LIMIT_MAX).exactOptional(),
      failuresPerHour: z.int().min(1).max(LIMIT_MAX).exactOptional(),
    })
    .exactOptional(),
  leaks: z.strictObject({ onReport: z.enum(['revoke', 'alert']) }).exactOptional(),
  paths: z.strictObject({
    tokens: matching(/^(?:\/[a-z0-9][a-z0-9_-]*)+$/, 'a path such as "/v1/api-keys", without a slash at its end'),
  }),
  fieldNames: keyed(fieldName(), fieldName()),
  fieldAliases: keyed(fieldName(), fieldName()),
  errors,
  words,
  templates: unique(template, 'name').max(50),
  guide: guidance.default({ sampleRequest: null }),
  cors: z.strictObject({ origins: z.union([z.literal('*'), origins]) }),
} as const;

/** The whole as one schema: what JSON Schema and documentation are generated from. */
export const profileSchema = z.strictObject(SECTIONS);

/** Windows that can be enforced, in the order in which they are reported. */
function reportWindows(windows: readonly Window[], context: z.core.$RefinementCtx): void {
  for (const message of checkWindows(windows)) context.addIssue({ code: 'custom', message });
  const seconds = windows.map((entry) => entry.seconds);
  if (seconds.some((length, index) => length > (seconds[index - 1] ?? Number.POSITIVE_INFINITY))) {
    context.addIssue({ code: 'custom', message: 'Windows are listed longest first.' });
  }
}

/** Runs on whatever came, so that a mistake in a tier does not hide one in the default. */
function reportDefaultTier(limits: unknown, context: z.core.$RefinementCtx): void {
  if (typeof limits !== 'object' || limits === null) return;
  const { tiers, defaultTier } = limits as { readonly tiers?: unknown; readonly defaultTier?: unknown };
  if (typeof tiers !== 'object' || tiers === null || typeof defaultTier !== 'string') return;
  if (Object.hasOwn(tiers, defaultTier)) return;
  const names = Object.keys(tiers).join(', ') || 'none';
  context.addIssue({
    code: 'custom',
    path: ['defaultTier'],
    message: `There is no tier "${defaultTier}"; there is ${names}.`,
  });
}

function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === value;
}
