/** What ties the answer of a provider to the question it was asked, and both to one browser. */
export interface SignInAttempt {
  /** Exactly as it was registered with the provider. */
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636); only its SHA-256 travels through the browser. */
  readonly verifier: string;
}

/** Who the provider says has signed in there. */
export interface ProvedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  /** The provider vouches that the address is theirs. */
  readonly isEmailVerified: boolean;
  readonly name: string | null;
}

/** An OpenID provider at which people of this installation sign in (OpenID Connect Core 1.0, code flow). */
export interface OpenIdProvider {
  readonly issuer: string;
  /**
   * Where the browser goes to sign in.
   * @throws {ProviderFailed}
   */
  authorizationUrl(attempt: SignInAttempt): Promise<string>;
  /**
   * Redeems the code in the address that the browser came back to, and checks issuer, audience, signature, times and nonce.
   * @throws {ProviderFailed} nothing was proved.
   */
  identify(callback: URL, attempt: SignInAttempt): Promise<ProvedIdentity>;
}

/**
 * `unreachable`: the provider did not answer, or not as one. `cancelled`: the person did not want to. `refused`: what came
 * back proves nothing.
 */
export class ProviderFailed extends Error {
  override readonly name = 'ProviderFailed';
  readonly how: 'unreachable' | 'cancelled' | 'refused';
  /** @param what for the log alone; nothing of a person or a code. */
  constructor(how: ProviderFailed['how'], what: string, options?: ErrorOptions) {
    super(`The OpenID provider: ${what}`, options);
    this.how = how;
  }
}
