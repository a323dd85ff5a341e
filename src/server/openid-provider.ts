import * as oidc from 'openid-client';
import { type Clock, type OpenIdProvider, type ProvedIdentity, ProviderFailed } from '../ports/index.ts';
import type { OidcConfig } from './oidc-config.ts';

const TIMEOUT_SECONDS = 5;
/** What the provider publishes about itself is asked for again after this long. */
const METADATA_LIFETIME_MS = 60 * 60_000;
const SCOPE = 'openid email profile';

type Options = Pick<OidcConfig, 'issuer' | 'clientId' | 'clientSecret'>;

/** Loaded only where single sign-on is configured. The provider is asked when somebody signs in, not before. */
export function openIdProvider(options: Options, clock: Clock): OpenIdProvider {
  const { issuer } = options;
  let held: { readonly metadata: Promise<oidc.Configuration>; readonly until: number } | null = null;
  const discovered = async (): Promise<oidc.Configuration> => {
    const now = clock.now();
    if (held === null || held.until <= now) held = { metadata: discover(options), until: now + METADATA_LIFETIME_MS };
    const mine = held;
    try {
      return await mine.metadata;
    } catch (error) {
      if (held === mine) held = null;
      throw error;
    }
  };
  return {
    issuer: issuer.href,
    async authorizationUrl({ redirectUri, state, nonce, verifier }) {
      const url = oidc.buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return url.href;
    },
    async identify(callback, { state, nonce, verifier }) {
      const provider = await discovered();
      try {
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
        return await identityOf(provider, await oidc.authorizationCodeGrant(provider, callback, checks));
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

/**
 * What the provider publishes about itself, checked to be its own.
 * @throws {ProviderFailed} `unreachable`.
 */
export async function discover({ issuer, clientId, clientSecret }: Options): Promise<oidc.Configuration> {
  try {
    return await oidc.discovery(issuer, clientId, undefined, authenticationOf(clientSecret), {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // The signature is checked although the token comes over TLS, from the provider itself.
        oidc.enableNonRepudiationChecks,
        ...(issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
      ],
    });
  } catch (error) {
    throw new ProviderFailed('unreachable', whatFailed(error), { cause: error });
  }
}

/** HTTP Basic is what OpenID Connect takes for granted; a provider that does not know it says so. */
function authenticationOf(secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None();
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
    (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

async function identityOf(provider: oidc.Configuration, tokens: Tokens): Promise<ProvedIdentity> {
  const claims = tokens.claims();
  if (claims === undefined) throw new ProviderFailed('refused', 'it gave no ID token');
  // Some providers keep the address for those who ask.
  const asksForMore = claims.email === undefined && provider.serverMetadata().userinfo_endpoint !== undefined;
  const more = asksForMore ? await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub) : claims;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: textOf(more.email),
    isEmailVerified: more.email_verified === true,
    name: textOf(more.name),
  };
}

function textOf(claim: unknown): string | null {
  return typeof claim === 'string' ? claim : null;
}

/** Of what the library throws, only what says nothing about the person or the code. */
function failureOf(error: unknown): ProviderFailed {
  if (error instanceof ProviderFailed) return error;
  return new ProviderFailed(howItFailed(error), whatFailed(error), { cause: error });
}

function howItFailed(error: unknown): ProviderFailed['how'] {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return 'cancelled';
    return error.error === 'server_error' || error.error === 'temporarily_unavailable' ? 'unreachable' : 'refused';
  }
  // A wrong client id or secret is nothing that the person can put right.
  if (error instanceof oidc.WWWAuthenticateChallengeError) return 'unreachable';
  if (error instanceof oidc.ResponseBodyError) return error.error === 'invalid_client' ? 'unreachable' : 'refused';
  const code = error instanceof oidc.ClientError ? error.code : undefined;
  const isSilent = code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || error instanceof TypeError;
  return isSilent ? 'unreachable' : 'refused';
}

const WHAT_MAX = 200;

function whatFailed(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return `it answered ${error.error}`.slice(0, WHAT_MAX);
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) return 'it does not take the client id or secret';
  if (!(error instanceof Error)) return 'it failed';
  const inner = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${inner}`.slice(0, WHAT_MAX);
}
