import type { TokenRecord } from '../ports/index.ts';
import { digestToken, type Environment, generateId, generateToken, maskToken } from '../token/index.ts';
import type { Engine } from './operation.ts';

/** What identifies a token: chosen at minting, never copied. */
export type MintedIdentity = Pick<
  TokenRecord,
  'id' | 'hint' | 'environment' | 'digest' | 'digestScheme' | 'pepperVersion' | 'kind'
>;

/** A token that was derived from no other and to which nothing has happened so far. */
export const UNTOUCHED = {
  parentId: null,
  clientId: null,
  disabledAt: null,
  revokedAt: null,
  revokedReason: null,
  supersededAt: null,
  supersededBy: null,
  graceEndsAt: null,
  supersedes: null,
  firstUsedAt: null,
} as const satisfies Partial<TokenRecord>;

/** A new value with its id, digest and hint. The value is in the caller's hands only from here on. */
export function mintToken(
  engine: Engine,
  environment: Environment | null,
): { value: string; identity: MintedIdentity } {
  const { token: format } = engine.authenticator.profile.profile;
  const { current, versions } = engine.pepper();
  const pepper = versions.get(current);
  if (pepper === undefined) throw new Error(`pepper version ${current} is not there`);
  const value = generateToken(format, 'token', environment, engine.random);
  return {
    value,
    identity: {
      id: generateId(format.idPrefix, engine.random),
      kind: 'token',
      environment,
      hint: maskToken(value),
      digest: digestToken(value, pepper),
      digestScheme: 'kh1',
      pepperVersion: current,
    },
  };
}
