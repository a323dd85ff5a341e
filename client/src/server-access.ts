/** @throws {TypeError} what is no address of a server; a user name or password in it is not repeated. */
export function serverAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new TypeError('The address of a server begins with http: or https:.');
  }
  if (address.username !== '' || address.password !== '' || address.search !== '' || address.hash !== '') {
    throw new TypeError('The address of a server has no user name, query or fragment.');
  }
  return address;
}

/** What gives the token of the moment. @throws {TypeError} a token that fits in no header; it is not repeated. */
export function tokenSource(token: string | (() => string)): () => string {
  if (typeof token === 'function') return () => requireToken(token());
  requireToken(token);
  return () => token;
}

function requireToken(token: string): string {
  if (!/^[!-~]+$/.test(token)) throw new TypeError('token must be one word of printable ASCII characters.');
  return token;
}
