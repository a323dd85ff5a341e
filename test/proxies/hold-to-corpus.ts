import { expect } from 'vitest';
import type { RawExchange } from '../http/raw-socket.ts';
import { HOSTS, PATHS, READERS, smuggled, wrongCredentials } from './raw-corpus.ts';
import type { RealBackends } from './real-backends.ts';
import type { Reached } from './running-proxy.ts';

/** A way to an API, whoever stands on it. */
export interface GuardedApi {
  /** Sends bytes to whoever stands in front. */
  send(bytes: string): Promise<RawExchange>;
  /** What reached the API since this was last asked. */
  reached(): Reached[];
}

/** No spelling of a path or host runs a handler that the bearer, who may read servers, may not (threats rows 39 and 42). */
export async function holdPathsTo(api: GuardedApi, bearer: string, backends: RealBackends): Promise<void> {
  expect(await backends.whoRunAdmin({ method: 'GET', url: '/v1/admin/keys' })).toEqual(backends.names);
  api.reached();
  const admin = await api.send(`GET /v1/admin/keys HTTP/1.1\r\nHost: a\r\n${bearer}\r\nConnection: close\r\n\r\n`);
  expect(admin.statuses[0]).toBe(403);
  for (const path of PATHS) {
    const answer = await api.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n${bearer}\r\nConnection: close\r\n\r\n`);
    expect(answer.statuses.length, path).toBeLessThanOrEqual(1);
  }
  for (const lines of HOSTS) await api.send(`${lines}\r\n${bearer}\r\nConnection: close\r\n\r\n`);
  const passed = new Map(api.reached().map((one) => [`${one.method} ${one.url}`, one]));
  for (const [line, request] of passed) {
    expect(READERS.filter((read) => read(request.url).includes('/v1/admin')).length, line).toBe(0);
    expect(await backends.whoRunAdmin(request), line).toEqual([]);
  }
}

/** No form of a credential or of a request line runs a handler without its permission (threats rows 1 to 9). */
export async function holdCredentialsTo(api: GuardedApi, token: string): Promise<void> {
  api.reached();
  for (const lines of wrongCredentials(token)) {
    const answer = await api.send(`GET /v1/servers HTTP/1.1\r\nHost: a\r\n${lines}\r\nConnection: close\r\n\r\n`);
    expect(answer.statuses[0] ?? 400, JSON.stringify(lines).replace(token, '…')).toBeGreaterThanOrEqual(400);
  }
  expect(api.reached()).toEqual([]);
  for (const bytes of smuggled(`Authorization: Bearer ${token}`)) await api.send(bytes);
  for (const { url } of api.reached()) expect(url).not.toContain('/v1/admin');
}
