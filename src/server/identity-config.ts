import type { SettingName } from './settings.ts';

/** Signed identities as they are configured. */
export interface IdentityConfig {
  readonly issuer: string;
  /** Whom they are signed for; null signs none. */
  readonly audience: string | null;
  /** Which ones are believed; null believes none. */
  readonly accepts: AcceptedIdentities | null;
}

export interface AcceptedIdentities {
  readonly audience: string;
  /** Where the keys are published; null takes those of the secrets folder. */
  readonly keys: URL | null;
}

/** Longer names would not fit beside the rest into a header. */
const NAME = /^[\x21-\x7e]{1,200}$/;

const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** `problem` is told what is wrong. */
export function readIdentity(
  given: (name: SettingName) => string | null,
  trustsProxies: boolean,
  problem: (name: SettingName, message: string) => void,
): IdentityConfig {
  for (const name of ['identity-audience', 'identity-issuer', 'accept-identity-audience'] as const) {
    const text = given(name);
    if (text !== null && !NAME.test(text)) problem(name, 'must be up to 200 ASCII characters without blanks.');
  }
  const audience = given('accept-identity-audience');
  const url = given('accept-identity-keys');
  const keys = url === null ? null : keysUrl(url);
  if (url !== null && keys === null) {
    problem(
      'accept-identity-keys',
      'is no https:// address of a key set. http:// will do on this machine alone: whoever can change keys on their way can sign.',
    );
  }
  if (audience === null && url !== null) problem('accept-identity-keys', 'needs --accept-identity-audience.');
  if (audience !== null && !trustsProxies) {
    problem('accept-identity-audience', 'needs --trusted-proxies: nobody else is believed a Keyhouse-Identity.');
  }
  return {
    issuer: given('identity-issuer') as string,
    audience: given('identity-audience'),
    accepts: audience === null ? null : { audience, keys },
  };
}

/** The address of a key set that nobody on the way can change; null for any other. */
export function keysUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && THIS_MACHINE.test(url.hostname));
  return isSafe && url.username === '' && url.password === '' ? url : null;
}
