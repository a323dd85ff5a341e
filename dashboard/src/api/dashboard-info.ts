/** `GET /v1/dashboard`: what everybody may know before signing in. By hand: it is no operation of the API. */
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
  readonly words: {
    readonly token: string;
    readonly tokens: string;
    readonly menuPaths: readonly (readonly string[])[];
    readonly createButton: string;
    readonly saveButton: string;
    readonly revokeButton: string;
  };
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
