import type { SignedIdentities } from '../http/index.ts';
import type { Clock, Random } from '../ports/index.ts';
import { ensureIdentityKey, IdentityKeys } from '../stores/data-folder/index.ts';
import { type IdentityConfig, keysUrl } from './identity-config.ts';

/**
 * Signed identities over the keys of a secrets folder, which gets its first one here where any are signed. The library for them is
 * loaded where they are switched on alone.
 * @throws {FolderRefused} the keys are damaged, or others can read them.
 */
export async function openIdentities(
  { issuer, audience, accepts }: IdentityConfig,
  secretsDir: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<SignedIdentities> {
  const file = new IdentityKeys(secretsDir);
  const keys = () => file.current();
  if (audience === null && accepts === null) return { keys, sign: null, accept: null };
  if (audience !== null) {
    ensureIdentityKey(secretsDir, clock.now(), random);
    keys();
  }
  const identity = await import('../http/identity/index.ts');
  const lookup = (url: URL | null) =>
    url === null ? identity.localKeys(keys, clock) : identity.remoteKeys(url, clock);
  return {
    keys,
    sign: audience === null ? null : identity.signIdentities({ audience, issuer, keys }),
    accept:
      accepts === null
        ? null
        : identity.acceptIdentities({ audience: accepts.audience, issuer, keys: lookup(accepts.keys), clock }),
  };
}

/** What an application believes of a Keyhouse in front of it. */
export interface AcceptIdentityOptions {
  readonly audience: string;
  /** Default `keyhouse`. */
  readonly issuer?: string;
  /** URL of the key set; https, or this machine. */
  readonly keys?: string;
}

/**
 * The same for an application, which passes no request on and so signs none.
 * @throws {TypeError} what can believe nobody: no trusted proxy, or a key set that anybody on the way could change.
 */
export async function identitiesOfHost(
  options: { readonly acceptIdentity?: AcceptIdentityOptions; readonly trustedProxies?: readonly string[] },
  secretsDir: string,
  engine: { readonly clock: Clock; readonly random: Random },
): Promise<SignedIdentities> {
  const { acceptIdentity: accepted, trustedProxies = [] } = options;
  if (accepted === undefined) return openIdentities({ issuer: '', audience: null, accepts: null }, secretsDir, engine);
  const { audience, issuer = 'keyhouse', keys: text = null } = accepted;
  const keys = text === null ? null : keysUrl(text);
  if (text !== null && keys === null) throw new TypeError('acceptIdentity.keys must be an https:// URL.');
  if (trustedProxies.length === 0) throw new TypeError('acceptIdentity needs trustedProxies: nobody else is believed.');
  return openIdentities({ issuer, audience: null, accepts: { audience, keys } }, secretsDir, engine);
}
