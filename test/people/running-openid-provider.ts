import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type ProviderContext } from 'oidc-provider';

/** What the provider knows of somebody, by its own name for them. */
export interface Account {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A real OpenID provider on a free port, at which whoever comes is signed in without being asked. */
export interface RunningOpenIdProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accounts: Map<string, Account>;
  /** Who sits at the browser that comes next; null does not want to. */
  setPerson(subject: string | null): void;
  /** Where it may send people back to. */
  register(redirectUri: string): void;
  /** Answers nothing but 503 from now on, or answers again. */
  setDown(isDown: boolean): void;
  close(): Promise<void>;
}

export interface OpenIdProviderOptions {
  /** Whether the ID token itself holds the address, as most have it, or only who asks for it is told. */
  readonly tellsAddressAtOnce?: boolean;
}

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export async function startOpenIdProvider(options: OpenIdProviderOptions = {}): Promise<RunningOpenIdProvider> {
  const client = { clientId: 'keyhouse', clientSecret: 'a secret of a test & nobody else' };
  const accounts = new Map<string, Account>();
  let person: string | null = null;
  let isDown = false;
  let listener: Listener | null = null;
  const server = createServer((incoming, outgoing) => {
    if (isDown || listener === null) outgoing.writeHead(503).end();
    else void listener(incoming, outgoing);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

  return {
    issuer,
    ...client,
    accounts,
    setPerson: (subject) => {
      person = subject;
    },
    setDown: (down) => {
      isDown = down;
    },
    register(redirectUri) {
      const provider = new Provider(issuer, {
        clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] }],
        findAccount: (_context: unknown, id: string) => ({
          accountId: id,
          claims: () => ({ sub: id, ...accounts.get(id) }),
        }),
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: options.tellsAddressAtOnce === false,
        jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'only' }] },
        cookies: { keys: ['of a test'] },
        features: { devInteractions: { enabled: false } },
        interactions: { url: () => '/interaction' },
        loadExistingGrant,
        ttl: { AuthorizationCode: 60, AccessToken: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
      });
      const answer = provider.callback();
      listener = (incoming, outgoing) => {
        if (incoming.url !== '/interaction') return answer(incoming, outgoing);
        const result = person === null ? { error: 'access_denied' } : { login: { accountId: person, remember: false } };
        return provider.interactionFinished(incoming, outgoing, result);
      };
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Nobody is asked for consent. */
async function loadExistingGrant({ oidc: { client, session, provider } }: ProviderContext) {
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}
