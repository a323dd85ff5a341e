/**
 * Bytes that proxies, servers and applications read in different ways, with the readings. Prevents a path that is judged as
 * one thing and handled as another: `/v1/admin` needs more than the token of these tests may, `/v1/servers/…` does not.
 */

const DOTS = ['..', '.%2e', '%2e%2e', '%2E.', '..;', '..;x=1', '%252e%252e', '..%00', '%c0%ae%c0%ae', '．．'];
const SLASHES = ['/', '%2f', '%2F', '\\', '%5c', '%252f', '//', '/./', '/%2e/', ';/', '%c0%af'];

const WAYS_AROUND: readonly ((slash: string, dots: string) => string)[] = [
  (slash, dots) => `/v1/servers${slash}${dots}${slash}admin`,
  (slash, dots) => `/v1/servers/x${slash}${dots}${slash}${dots}${slash}admin`,
  (slash, dots) => `/v1${slash}servers${slash}${dots}/admin/keys`,
  (slash, dots) => `/v1/admin${slash}x${slash}${dots}`,
];
const ADMINS = ['admin', 'Admin', '%61dmin', 'adm%69n', 'adm%2569n', 'admin;x=1', 'admin%00', 'admin%20', 'ａdmin'];

/** More than 500 spellings of a path that some reader takes for `/v1/admin`. */
export const PATHS: readonly string[] = [
  ...WAYS_AROUND.flatMap((way) => DOTS.flatMap((dots) => SLASHES.map((slash) => way(slash, dots)))),
  ...ADMINS.flatMap((admin) => SLASHES.map((slash) => `${slash}v1${slash}${admin}`)),
  ...['/V1/admin', '/v1/admin/', '/v1/admin.', '/v1/admin.html', '/v1/admin%09', '/v1/admin%0d%0a', '/v1/admin?x'],
  ...['/v1/servers/..%2fadmin', '/v1/servers/%2e%2e%2fadmin#', '/v1/admin#/../servers', '/v1/servers#/../admin'],
  ...['/v1/admin?/../servers', '/v1/servers/x/../../admin', '/v1//admin', '///v1/admin', '/./v1/admin', '/v1/admin/..'],
  ...['/v1/admin%', '/v1/admin%zz', '/v1/%', '/v1/servers/%u002e%u002e/admin', '/v1/servers/\x7f/../../admin'],
  ...['*', 'v1/admin', '/v1/servers/\xc3\xa4/../../admin', '/v1/servers?/../admin', '/v1/servers/?x=/v1/admin'],
];

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

function collapsed(path: string): string {
  const kept: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    const name = segment.split(';', 1)[0] as string;
    if (name === '..') kept.pop();
    else if (name !== '' && name !== '.') kept.push(name);
  }
  return `/${kept.join('/')}`;
}

const pathOf = (url: string): string => (url.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] as string) || '/';

/** What servers and frameworks make of a path before they look for its handler. */
export const READERS: readonly ((url: string) => string)[] = [
  pathOf,
  (url) => pathOf(url).toLowerCase(),
  (url) => decoded(pathOf(url)).toLowerCase(),
  (url) => collapsed(pathOf(url)).toLowerCase(),
  (url) => collapsed(decoded(pathOf(url))).toLowerCase(),
  (url) => collapsed(decoded(decoded(pathOf(url)))).toLowerCase(),
  (url) => decoded(collapsed(pathOf(url))).toLowerCase(),
];

/** First lines and `Host` lines that name another place than they seem to. */
export const HOSTS: readonly string[] = [
  'GET http://api.example.com/v1/admin HTTP/1.1\r\nHost: api.example.com',
  'GET http://evil.example/v1/admin HTTP/1.1\r\nHost: api.example.com',
  'GET http://evil.example/v1/servers/../admin HTTP/1.1\r\nHost: api.example.com',
  'GET http:///v1/admin HTTP/1.1\r\nHost: api.example.com',
  'GET http://a@api.example.com/v1/admin HTTP/1.1\r\nHost: api.example.com',
  'GET http://api.example.com?/../v1/admin HTTP/1.1\r\nHost: api.example.com',
  'GET /v1/admin HTTP/1.1\r\nHost: a\r\nHost: b',
  'GET /v1/admin HTTP/1.1\r\nHost: api.example.com.:443',
  'GET /v1/admin HTTP/1.1\r\nHost: api.example.com/v1/servers',
  'GET /v1/admin HTTP/1.0',
  'OPTIONS * HTTP/1.1\r\nHost: api.example.com',
  'CONNECT api.example.com:80 HTTP/1.1\r\nHost: api.example.com:80',
];

/** Header lines none of which is one credential. */
export function wrongCredentials(token: string): string[] {
  return [
    'X-Nothing: here',
    'Authorization:',
    'Authorization: Bearer',
    'Authorization: Basic dXNlcjpwYXNz',
    `Authorization: Basic ${token}`,
    `Authorization: ${token}`,
    `Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}`,
    `Authorization: Bearer ${token}\r\nauthorization: Basic dXNlcjpwYXNz`,
    `Authorization: Bearer ${token}, Bearer ${token}`,
    `Authorization: Bearer ${token} ${token}`,
    `Authorization: Bearer ${token}x`,
    `Authorization: Bearer ${token.slice(0, -1)}`,
    `Authorization: Bearer ${token.toUpperCase()}`,
    `Authorization: Bearer\t${token}`,
    `Authorization: Bearer \xa0${token}`,
    `Authorization: Bearer "${token}"`,
    `Authorization : Bearer ${token}`,
    `Authorization: Bearer ${token.slice(0, 9)}\0${token.slice(9)}`,
    `Authorization: Bearer ${token.slice(0, 9)}\r${token.slice(9)}`,
    `X-API-Key: ${token}`,
    `Cookie: token=${token}`,
    `Proxy-Authorization: Bearer ${token}`,
    `Authorization_: Bearer ${token}`,
    `Authorization: Bearer ${'a'.repeat(7_000)}`,
    `Authorization: Bearer ${token}\r\n${Array.from({ length: 101 }, (_, at) => `X-${at}: 1`).join('\r\n')}`,
  ];
}

/** Requests that may pass with another one, which may not, hidden behind them. */
export function smuggled(bearer: string): string[] {
  const hidden = `GET /v1/admin HTTP/1.1\r\nHost: a\r\n${bearer}\r\n\r\n`;
  const carrying = (lines: string, body: string) =>
    `GET /v1/servers HTTP/1.1\r\nHost: a\r\n${bearer}\r\n${lines}\r\n\r\n${body}`;
  const end = `0\r\n\r\n${hidden}`;
  return [
    carrying(`Content-Length: ${end.length}\r\nTransfer-Encoding: chunked`, end),
    carrying(`Transfer-Encoding: chunked\r\nContent-Length: 4`, end),
    carrying(`Transfer-Encoding: xchunked\r\nContent-Length: ${hidden.length}`, hidden),
    carrying('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', end),
    carrying('Transfer-Encoding : chunked', end),
    carrying('Transfer-Encoding:\x0bchunked', end),
    carrying(`Content-Length: 0\r\nContent-Length: ${hidden.length}`, hidden),
    carrying(`Content-Length: +${hidden.length}`, hidden),
    carrying(`Content-Length: 0${hidden.length}, 0`, hidden),
    carrying('Transfer-Encoding: chunked', `0\n\n${hidden}`),
    carrying('Transfer-Encoding: chunked', `1;x=\n0\r\n0\r\n\r\n${hidden}`),
    carrying('Transfer-Encoding: chunked', `fffffffffffffffff0\r\n${hidden}`),
    carrying('Content-Length: 0', hidden),
    carrying('X: 1', hidden),
    `GET /v1/servers HTTP/1.0\r\n${bearer}\r\nTransfer-Encoding: chunked\r\n\r\n${end}`,
  ];
}
