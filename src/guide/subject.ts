import type { Profile } from '../profile/index.ts';
import { type Voice, variableOf, voiceOf } from './voice.ts';

/** What is there, where the guide is served, beside the company's own API. */
export type Offer = 'test' | 'rotate' | 'revoke' | 'reference' | 'description' | 'openapi';

/** Another way in which the token endpoints say no: the same code, status and sentence in every company. */
export interface KnownRejection {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

export interface GuideOptions {
  /** Base of the API in samples, without trailing slash. */
  readonly apiUrl: string;
  /** Path below that base under which the token endpoints answer, without trailing slash. Default: the base itself. */
  readonly prefix?: string;
  /** Default: all of them. */
  readonly offers?: ReadonlySet<Offer>;
  /** Listed below the refusals. Default: none. */
  readonly rejections?: readonly KnownRejection[];
}

/** Everything that a section is written from. */
export interface Subject {
  readonly profile: Profile;
  readonly voice: Voice;
  /** Environment variable that holds the token. */
  readonly variable: string;
  readonly apiUrl: string;
  readonly offers: ReadonlySet<Offer>;
  readonly rejections: readonly KnownRejection[];
  /** Path of one of the token endpoints: `/v1/auth/test`, `/current/rotate` below the tokens. */
  readonly pathOf: (endpoint: { readonly below: 'root' | 'tokens'; readonly path: string }) => string;
  /** How every value begins, one for each environment. */
  readonly beginnings: readonly string[];
}

const ALL: ReadonlySet<Offer> = new Set(['test', 'rotate', 'revoke', 'reference', 'description', 'openapi']);

export function subjectOf(profile: Profile, options: GuideOptions): Subject {
  const { apiUrl, prefix = '', offers = ALL, rejections = [] } = options;
  const { prefix: lead, environments } = profile.token;
  return {
    profile,
    voice: voiceOf(profile),
    variable: variableOf(profile),
    apiUrl,
    offers,
    rejections,
    pathOf: ({ below, path }) => `${prefix}${below === 'tokens' ? profile.paths.tokens : ''}${path}`,
    beginnings: environments.length === 0 ? [`${lead}_`] : environments.map((environment) => `${lead}_${environment}_`),
  };
}
