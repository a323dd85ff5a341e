import { describe, expect, it } from 'vitest';
import { openHouse } from '../../test/http/house.ts';
import { localCaller } from '../manage/index.ts';
import { issueSetupCode } from '../people/index.ts';
import { keyhouse } from '../profile/index.ts';

const MANAGEMENT = ['keyhouse-tokens:*', 'keyhouse-owners:*', 'keyhouse-audit:*', 'keyhouse-profile:*'];

describe('the handler of a host application', () => {
  it('answers below its prefix, with the routes it was given, in fetch shapes', async () => {
    const house = await openHouse(keyhouse, () => ({
      prefix: '/auth',
      serves: ([, path]) => path !== '/v1/audit-events',
    }));
    const { value } = await house.mint({ permissions: MANAGEMENT });
    const ask = (path: string, init?: RequestInit) =>
      house.handler(
        new Request(`http://localhost${path}`, {
          ...init,
          headers: { authorization: `Bearer ${value}`, ...init?.headers },
        }),
      );
    expect((await ask('/auth/v1/auth/test')).status).toBe(200);
    expect((await ask('/v1/auth/test')).status).toBe(404);
    expect((await ask('/authority/v1/auth/test')).status).toBe(404);
    expect((await ask('/auth/v1/audit-events')).status).toBe(404);
    expect((await ask('/auth/healthz', { method: 'HEAD' })).body).toBeNull();
    const created = await ask('/auth/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', permissions: [], owner: { external_id: 'user-42' } }),
    });
    expect(created.status).toBe(201);
    const description = (await (await ask('/auth/openapi.json')).json()) as { servers: unknown; paths: object };
    expect(description.servers).toEqual([{ url: '/auth' }]);
    expect(Object.keys(description.paths)).not.toContain('/v1/audit-events');
    await house.close();
  });

  it('asks no token of a caller the host vouches for', async () => {
    const house = await openHouse();
    const answer = await house.handler(new Request('http://localhost/v1/tokens'), {
      caller: (circumstances) => localCaller('host', circumstances),
    });
    expect(answer.status).toBe(200);
    await house.close();
  });
});

describe('set-up over HTTP', () => {
  it('needs no token and no more than the code', async () => {
    const house = await openHouse(keyhouse, undefined, false);
    const code = await issueSetupCode(house.engine);
    const body = { code, email: 'ada@example.com', password: 'four words of my own', workspace: 'Example Ltd' };
    const ask = () => house.ask({ method: 'POST', target: '/v1/setup', body });
    const first = await ask();
    expect(first.status).toBe(201);
    expect(first.headers['Cache-Control']).toBe('no-store');
    expect((await house.ask({ target: '/v1/users', token: first.json.token.value })).status).toBe(200);
    expect((await ask()).json.code).toBe('already_set_up');
    expect(house.logged()).not.toContain(code);
    await house.close();
  });
});
