import type { DenialReason, Level, RouteRule, Window } from '../policy/index.ts';
import type { Environment, ImportedForm } from '../token/index.ts';
import type { AlertSettings } from './alert-plan.ts';

/**
 * One provider's dialect, as data: no functions, nothing that code branches on by name. A new company is a new value of
 * this type. The keys here are the keys of a profile file, spelled the same.
 */
export interface Profile {
  /** `^[a-z][a-z0-9-]{0,31}$`. */
  readonly name: string;
  readonly company: Company;
  readonly token: TokenDialect;
  /** `open`: any well-formed permission; otherwise exactly these. */
  readonly catalogue: 'open' | readonly CatalogueEntry[];
  /**
   * What a request to the API behind needs, for doors that judge by method and path: the most specific rule counts, and a
   * request that meets none is refused. [] where the application names permissions itself.
   */
  readonly routes: readonly RouteRule[];
  /** Ordered from least to most, each covering the one before; [] where the profile has no levels. */
  readonly levels: readonly LevelEntry[];
  /** Which of the three ways of asking are allowed. At least one. */
  readonly grants: readonly ('permissions' | 'level' | 'inherit')[];
  /** Grant used when a request names none; null makes naming one required. Only `inherit` profiles set it. */
  readonly defaultGrant: 'inherit' | null;
  readonly expiry: {
    /** Duration (`365d`) given to tokens that ask for no expiry; null means they do not expire. */
    readonly lifetime: string | null;
    /** The longest life that may be asked for; null means any. */
    readonly lifetimeMax: string | null;
  };
  /** Creating a token ends the owner's previous one in that workspace at once. */
  readonly onePerOwner: boolean;
  /**
   * Whether owners make tokens for themselves. Where they do not, creating and rotating needs `keyhouse-tokens:write`, and
   * a token rotates itself only if it was created with `self_rotate: true`.
   */
  readonly selfService: boolean;
  readonly rotation: {
    /** Duration; `0s` ends the old token at once. */
    readonly gracePeriod: string;
    /** How often tokens rotate by themselves that name no period of their own. Absent: `90d`. */
    readonly period?: string;
    /**
     * When people are reminded of a successor that nobody claims, counted from the day it was due: at least two durations,
     * rising. Absent: `7d`, `14d`, `21d`.
     */
    readonly reminders?: readonly string[];
    /** What becomes of a token whose successor nobody claims after the last reminder. Absent: `keep`. */
    readonly onUnclaimed?: 'keep' | 'end';
  };
  /** When people are reminded of tokens, in one mail a day at the most. Absent, and where it says nothing: ours. */
  readonly reminders?: {
    /** From which hour of UTC mails go out, 0 to 23. Absent: 8. */
    readonly hour?: number;
    /** Durations before a token ends, falling; [] never. Absent: `60d`, `30d`, `7d`, `1d`. */
    readonly beforeExpiry?: readonly string[];
    /** How long after it was made or rotated a token should be rotated by hand; null never. Absent: `90d`. */
    readonly rotationAfter?: string | null;
    /** After how long without use; null never. Absent: `90d`. */
    readonly unusedAfter?: string | null;
  };
  readonly limits: {
    /** Tier by the name requests use, in the order they are shown. */
    readonly tiers: Readonly<Record<string, LimitTier>>;
    /** Tier of a token that asks for none, and of tokens whose tier was cut from the profile later. */
    readonly defaultTier: string;
  };
  /** Whole-token quota per workspace; null is none. */
  readonly tokensPerWorkspaceMax: number | null;
  /** What is done about a token whose value somebody reports. Absent: `revoke`. */
  readonly leaks?: { readonly onReport: 'revoke' | 'alert' };
  /** What is unusual enough to alert people. Absent, or absent in it: what `alertPlanOf` says. */
  readonly alerts?: AlertSettings;
  readonly paths: {
    /** Where the token operations live, e.g. `/v1/tokens` or `/v1/api-keys`. */
    readonly tokens: string;
  };
  /** Canonical token field → this company's name for it, on the way out and in (the canonical name is accepted too). */
  readonly fieldNames: Readonly<Record<string, string>>;
  /** Further names accepted on the way in → canonical field name. Two names with different values are refused. */
  readonly fieldAliases: Readonly<Record<string, string>>;
  readonly errors: ErrorDialect;
  readonly words: Words;
  /** Ready-made selections for the create form and the guide. */
  readonly templates: readonly GrantTemplate[];
  readonly guide: Guidance;
  readonly cors: {
    /** Origins that may call the API from a browser; `*` is any (never with credentials). */
    readonly origins: readonly string[] | '*';
  };
}

export interface Company {
  readonly name: string;
  readonly slug: string;
  readonly supportUrl: string | null;
  readonly supportEmail: string | null;
  /** Where customers sign in to make tokens; null where that is not said. */
  readonly signInUrl: string | null;
  readonly logoUrl: string | null;
  /** `#rrggbb`. */
  readonly accentColour: string;
  /** Base of the resource API in samples, e.g. `https://api.deployerp.com`; null uses the listener's own address. */
  readonly apiBaseUrl: string | null;
  /** The same for tokens of the environment `test`, where they work elsewhere; null where that is not said. */
  readonly testApiBaseUrl: string | null;
}

export interface TokenDialect {
  /** `^[a-z][a-z0-9]{1,11}$`. */
  readonly prefix: string;
  /** [] where the format has no environment part. */
  readonly environments: readonly Environment[];
  /** Prefix of token ids, without the underscore: `tok`, or `key` for deployerp. */
  readonly idPrefix: string;
  /** Values the company's documents print, never valid ones: pasting one gets an answer that says so. */
  readonly samples: readonly string[];
  /** Tokens of other systems that work beside these. No part of a profile file: an import puts them here, for good. */
  readonly imports?: readonly ImportedForm[];
}

export interface LimitTier {
  /** What people call it: `High Volume`. */
  readonly label: string;
  /** What it is meant for: `Automation`. */
  readonly useCase: string | null;
  /** Longest first. */
  readonly windows: readonly Window[] | 'unlimited';
}

export interface CatalogueEntry {
  /** `resource:action`, never a wildcard. */
  readonly permission: string;
  readonly description: string;
  /** The operations it allows, as the company prints them: `GET /servers`. */
  readonly operations: readonly string[];
}

export interface LevelEntry {
  readonly level: Level;
  readonly description: string;
  /** Permissions or wildcards of the catalogue. */
  readonly permissions: readonly string[];
}

export interface GrantTemplate {
  readonly name: string;
  /** Name proposed for a token made from it. */
  readonly tokenName: string;
  readonly description: string;
  readonly permissions: readonly string[];
  /** Whether the company's document prints it or it is ours. */
  readonly source: 'document' | 'ours';
}

/**
 * How this company says no, to a request (a denial) and to a management call (a rejection).
 *
 * `body` is a JSON object in which a string that is exactly `$word` becomes that value with its type, and other strings
 * are sentences (below). Words: code, title, message, status, status_text, help, missing, retry_after, errors,
 * request_id, docs_url, create_url (where a token with what was missing is made), api_url (`apiBaseUrl`), support_url, support_email, company, token_word. A key whose value
 * resolves to nothing is left out, and so is an object of which nothing is left. The key `...` with the value `$extra`
 * stands for the further members of a rejection, such as `successor_id`.
 *
 * A sentence takes the same words as `{word}`; what stands between `[` and `]` is dropped when one of its words is
 * nothing. Doubled braces and brackets stand for themselves.
 */
export interface ErrorDialect {
  readonly contentType: 'application/json' | 'application/problem+json';
  readonly body: unknown;
  /** Base of links to explanations, without trailing slash: `{docs_url}/{code}`. */
  readonly docsUrl: string | null;
  /** One row per denial reason: the matrix has no empty cell. */
  readonly denials: Readonly<Record<DenialReason, DenialWords>>;
  /** RFC 6750 `realm`. */
  readonly realm: string;
}

export interface DenialWords {
  /** 401 or 403 as HTTP means them; the one choice is `invalid_request`, 400 or 401. */
  readonly status: number;
  /** Code as this company spells it; usually the reason itself. */
  readonly code: string;
  readonly title: string;
  /** A sentence: `{help}` is what was found wrong with this very credential, `{missing}` the permissions it lacks. */
  readonly message: string;
  readonly source: 'document' | 'ours';
}

/** What the integrators' guide cannot know otherwise. */
export interface Guidance {
  /** The request that the samples make; null takes `GET /v1/auth/test`, which every installation answers. */
  readonly sampleRequest: SampleRequest | null;
}

export interface SampleRequest {
  readonly method: 'GET' | 'POST';
  /** Below the base of the API: `/v1/servers`. */
  readonly path: string;
  /** A file sent as multipart/form-data (RFC 7578), with POST alone; null sends no body. */
  readonly upload: { readonly field: string; readonly fileName: string } | null;
}

/** Interface words; the dashboard, the guide and the CLI read them. */
export interface Words {
  /** Inside a sentence: `token`, `API key`. Sentences call it `{token_word}`. */
  readonly token: string;
  readonly tokens: string;
  /** Menu paths to the token page, outermost first. */
  readonly menuPaths: readonly (readonly string[])[];
  /** Opens the form; `saveButton` ends it. */
  readonly createButton: string;
  readonly saveButton: string;
  readonly revokeButton: string;
}
