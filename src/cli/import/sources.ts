import type { ImportedForm } from '../../token/index.ts';

/** Where a system keeps what is wanted of a token: the first of these columns that a row has counts. */
export interface Columns {
  readonly id: readonly string[];
  readonly digest: readonly string[];
  readonly owner: readonly string[];
  readonly name: readonly string[];
  readonly permissions: readonly string[];
  readonly created: readonly string[];
  readonly expires: readonly string[];
  readonly lastUsed: readonly string[];
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
  /** Characters that are shown of a token where the system keeps them in the clear. */
  readonly start: readonly string[];
  /** Where it is filled in, the digest cannot be worked out from the token alone. */
  readonly salt: readonly string[];
}

/** One system: what its tokens look like unless told otherwise, and where its table has what. */
export interface Source {
  readonly about: string;
  readonly recipe: ImportedForm['recipe'];
  /** The values are in the file and are digested here. */
  readonly isPlain?: true;
  readonly alphabet: ImportedForm['alphabet'];
  /** Characters behind the prefix, at least and at most; null where it has to be said. */
  readonly length: readonly [number, number] | null;
  readonly scheme: string | null;
  readonly columns: Columns;
}

const USUAL: Columns = {
  id: ['id'],
  digest: ['digest', 'hash', 'token_hash', 'key_hash'],
  owner: ['owner', 'owner_id', 'user_id', 'customer_id', 'account_id'],
  name: ['name', 'label', 'description'],
  permissions: ['permissions', 'scopes', 'abilities'],
  created: ['created_at', 'created'],
  expires: ['expires_at', 'expires', 'expiry'],
  lastUsed: ['last_used_at', 'last_used'],
  enabled: ['enabled', 'is_active', 'active'],
  disabled: ['disabled'],
  start: [],
  salt: ['salt'],
};

export const SOURCES: Readonly<Record<string, Source>> = {
  sanctum: {
    about: 'Laravel Sanctum: the table personal_access_tokens',
    recipe: 'sanctum',
    alphabet: 'base62',
    // Older versions drew forty characters; later ones put eight of a checksum behind them.
    length: [40, 48],
    scheme: null,
    columns: { ...USUAL, digest: ['token'], owner: ['tokenable_id'] },
  },
  knox: {
    about: 'django-rest-knox: the table knox_authtoken',
    recipe: 'knox',
    alphabet: 'hex',
    length: [64, 64],
    scheme: 'Token',
    columns: { ...USUAL, id: ['token_key'], digest: ['digest'], owner: ['user_id', 'user'], start: ['token_key'] },
  },
  unkey: {
    about: 'Unkey: its table of keys, or its own format for moving keys',
    recipe: 'sha256',
    alphabet: 'base62',
    length: [20, 44],
    scheme: null,
    columns: {
      ...USUAL,
      id: ['id', 'keyId', 'key_id'],
      digest: ['hash'],
      owner: ['externalId', 'external_id', 'ownerId', 'owner_id', 'identity'],
      created: ['createdAt', 'created_at', 'created_at_m'],
      lastUsed: ['lastUsedAt', 'last_used_at'],
      start: ['start'],
    },
  },
  'better-auth': {
    about: 'better-auth: the table apikey of its plug-in',
    recipe: 'sha256',
    alphabet: 'base62',
    length: [64, 64],
    scheme: null,
    columns: {
      ...USUAL,
      digest: ['key'],
      owner: ['referenceId', 'reference_id', 'userId', 'user_id'],
      created: ['createdAt', 'created_at'],
      expires: ['expiresAt', 'expires_at'],
      lastUsed: ['lastRequest', 'last_request'],
      start: ['start'],
    },
  },
  sha256: {
    about: 'a table of your own that holds SHA-256 of each token',
    recipe: 'sha256',
    alphabet: 'printable',
    length: null,
    scheme: null,
    columns: USUAL,
  },
  sha512: {
    about: 'the same with SHA-512',
    recipe: 'sha512',
    alphabet: 'printable',
    length: null,
    scheme: null,
    columns: USUAL,
  },
  plain: {
    about: 'a table that holds the tokens themselves: they are digested here and go no further',
    recipe: 'sha256',
    isPlain: true,
    alphabet: 'printable',
    length: null,
    scheme: null,
    columns: { ...USUAL, digest: ['token', 'value', 'key', 'api_key'], salt: [] },
  },
};
