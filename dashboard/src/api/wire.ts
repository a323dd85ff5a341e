/** The shapes this page reads, by hand, field for field as the server answers them. */

/** `GET /v1/dashboard`: what everybody may know before signing in. */
export interface DashboardInfo {
  readonly is_set_up: boolean;
  readonly company: {
    readonly name: string;
    readonly slug: string;
    readonly logo_url: string | null;
    readonly accent_colour: string;
    readonly support_url: string | null;
    readonly support_email: string | null;
  };
  readonly words: WordsOfProfile;
  readonly sign_in: {
    readonly password: boolean;
    /** Whether a link for a new password can be asked for: mail is set up. */
    readonly password_reset: boolean;
    readonly single_sign_on: readonly { readonly id: string; readonly label: string }[];
  };
  readonly api_url: string;
  /** The first thing to try with a new token, as a command that reads it from that variable of the environment. */
  readonly first_command: {
    readonly variable: string;
    readonly command: string;
    /** For the environment `test`, where its tokens work elsewhere. */
    readonly test_command: string | null;
  };
  /** Reached over plain HTTP. */
  readonly insecure: boolean;
  /** Where the operations about tokens are for this page. */
  readonly paths: { readonly tokens: string };
}

/** `words` of the profile in force. */
export interface WordsOfProfile {
  readonly token: string;
  readonly tokens: string;
  readonly menuPaths: readonly (readonly string[])[];
  readonly createButton: string;
  readonly saveButton: string;
  readonly revokeButton: string;
}

/** `GET /v1/session`. */
export interface Session {
  readonly user: {
    readonly id: string;
    readonly name: string | null;
    readonly email: string | null;
    readonly second_factor: boolean;
  };
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly is_home: boolean;
    /** By name. */
    readonly roles: readonly string[];
  };
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
  /** What may be done here in Keyhouse itself, entry by entry, and what may be given to a token of one's own. */
  readonly permissions: { readonly management: readonly string[]; readonly grantable: readonly string[] | 'any' };
  readonly expires_at: string;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

export type TokenState = 'active' | 'disabled' | 'superseded' | 'replaced' | 'expired' | 'revoked';

export interface Token {
  readonly id: string;
  readonly lineage_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly hint: string;
  readonly environment: 'live' | 'test' | null;
  readonly state: TokenState;
  readonly grant: { readonly permissions: readonly string[] } | { readonly level: string } | { readonly inherit: true };
  readonly effective_permissions: readonly string[];
  readonly owner: {
    readonly id: string;
    readonly kind: 'user' | 'service_account' | 'external';
    readonly external_id: string | null;
    readonly name: string | null;
    readonly email: string | null;
  };
  readonly workspace: { readonly id: string; readonly external_id: string | null; readonly name: string };
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly ip_allowlist: readonly string[] | null;
  readonly expires_at: string | null;
  readonly limits: {
    readonly tier: string | null;
    readonly windows:
      | readonly { readonly name: string; readonly limit: number; readonly seconds: number }[]
      | 'unlimited';
  };
  readonly rotation: {
    readonly auto_rotate: boolean;
    readonly rotation_period: string | null;
    readonly grace_period: string;
    readonly notification_email: string | null;
    readonly self_rotate: boolean;
  };
  readonly created_at: string;
  readonly created_by: { readonly kind: string; readonly id: string | null };
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
  readonly ends_at: string | null;
  readonly revoked_at: string | null;
  readonly supersedes: string | null;
  readonly superseded_by: string | null;
}

/** `POST /v1/setup`. */
export interface SetUpAnswer {
  readonly user: { readonly id: string; readonly email: string };
  readonly workspace: { readonly id: string; readonly name: string };
  readonly token: Token & { readonly value: string };
}
