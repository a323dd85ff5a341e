import { importJWK, SignJWT } from 'jose';
import { signingKey } from '../../policy/index.ts';
import type { PublicIdentityKey, SignedIdentities } from '../signed-identity.ts';
import { ALGORITHM, claimsOf, IDENTITY_TYPE } from './claims.ts';

/** A key with its private part. */
export interface PrivateIdentityKey extends PublicIdentityKey {
  readonly d: string;
}

export interface SigningOptions {
  /** Whom the identities are for. */
  readonly audience: string;
  readonly issuer: string;
  readonly keys: () => readonly PrivateIdentityKey[];
}

/** Signs the identity of accepted requests. It rejects where there is no key or none can be read: then nothing is passed on. */
export function signIdentities({ audience, issuer, keys }: SigningOptions): NonNullable<SignedIdentities['sign']> {
  let held: { readonly kid: string; readonly key: ReturnType<typeof importJWK> } | null = null;
  return async (engine, decided) => {
    const { decision } = decided;
    if (!decision.allowed) throw new TypeError('a refused request has no identity');
    const signer = signingKey(keys(), engine.clock.now());
    if (signer === null) throw new Error('There is no key to sign identities with.');
    const { kid, x, d } = signer;
    if (held?.kid !== kid) held = { kid, key: importJWK({ kty: 'OKP', crv: 'Ed25519', x, d }, ALGORITHM) };
    return new SignJWT({ iss: issuer, aud: audience, ...claimsOf(engine, decided, decision) })
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: IDENTITY_TYPE })
      .sign(await held.key);
  };
}
