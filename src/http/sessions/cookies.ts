import { type DoorRequest, headerValues } from '../door.ts';

/** Names and attributes of our cookies on one connection. */
export interface CookieJar {
  /** The value, or null when it is not there, or there twice and so none to trust. */
  read(name: CookieName): string | null;
  /** A `Set-Cookie` line. @param maxAgeSeconds 0 takes the cookie away; null leaves it until the browser is closed. */
  write(name: CookieName, value: string, maxAgeSeconds: number | null): string;
}

export type CookieName = 'keyhouse' | 'keyhouse-device' | 'keyhouse-portal' | 'keyhouse-sign-in';

/** What a cookie of ours can hold; everything else was not written by us. */
const VALUE = /^[0-9A-Za-z._-]{1,1024}$/;

/**
 * Over TLS the browser itself vouches for `__Host-` cookies: of this very host, never sent in the clear, set by no
 * neighbour. Over plain HTTP there is no such thing, and the names have no prefix.
 */
export function cookieJar({ rawHeaders }: Pick<DoorRequest, 'rawHeaders'>, isEncrypted: boolean): CookieJar {
  const nameOf = (name: CookieName) => (isEncrypted ? `__Host-${name}` : name);
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(isEncrypted ? ['Secure'] : [])];
  return {
    read(name) {
      const wanted = `${nameOf(name)}=`;
      const pairs = headerValues(rawHeaders, 'cookie').flatMap((line) => line.split(';'));
      const [value, second] = pairs.map((pair) => pair.trim()).filter((pair) => pair.startsWith(wanted));
      if (value === undefined || second !== undefined) return null;
      const text = value.slice(wanted.length);
      return VALUE.test(text) ? text : null;
    },
    write: (name, value, maxAgeSeconds) =>
      [`${nameOf(name)}=${value}`, ...(maxAgeSeconds === null ? [] : [`Max-Age=${maxAgeSeconds}`]), ...attributes].join(
        '; ',
      ),
  };
}
