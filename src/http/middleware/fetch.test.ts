import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/http/house.ts';
import { type Authenticates, createAuthenticate } from '../authenticate-request.ts';
import { protect } from './fetch.ts';

describe('protect for fetch handlers', () => {
  let house: House;
  let keyhouse: Authenticates;
  beforeAll(async () => {
    house = await openHouse();
    keyhouse = { authenticate: createAuthenticate(house.parts) };
  });
  afterAll(() => house.close());

  const ask = (value?: string) =>
    new Request(
      'http://localhost/servers',
      value === undefined ? {} : { headers: { authorization: `Bearer ${value}` } },
    );

  it('hands the identity to the handler and the limits to the answer', async () => {
    const { value } = await house.mint();
    const handle = protect(keyhouse, { permission: 'servers:read' }, (_request, identity) =>
      Response.json({ owner: identity.owner.external_id }, { status: 202, headers: { vary: 'Origin' } }),
    );
    const answer = await handle(ask(value));
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ owner: 'user-42' });
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
    expect(answer.headers.get('vary')).toBe('Origin, Authorization');
  });

  it('answers refusals itself', async () => {
    const handle = protect(keyhouse, { permission: 'servers:read' }, () => {
      throw new Error('must not be reached');
    });
    const answer = await handle(ask());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'authentication_required' });
  });

  it('passes what is not ours where credentials are optional', async () => {
    const handle = protect(keyhouse, { allOf: [], credentials: 'optional' }, (_request, identity) =>
      Response.json({ id: identity?.id ?? null }),
    );
    const { id, value } = await house.mint();
    expect(await (await handle(ask())).json()).toEqual({ id: null });
    expect(await (await handle(ask('some.jwt.value'))).json()).toEqual({ id: null });
    expect(await (await handle(ask(value))).json()).toEqual({ id });
    expect((await handle(ask(value.slice(1)))).status).toBe(200);
    expect((await handle(ask(value.slice(0, -1)))).status).toBe(401);
  });

  it('asks the host for the address', async () => {
    const { value } = await house.mint({ ip_allowlist: ['203.0.113.9'] });
    const handle = protect(
      keyhouse,
      { allOf: [], ip: (_request, env: { readonly address: string }) => env.address },
      (_request, identity, env) => Response.json({ id: identity.id, from: env.address }),
    );
    expect((await handle(ask(value), { address: '203.0.113.9' })).status).toBe(200);
    expect((await handle(ask(value), { address: '198.51.100.7' })).status).toBe(403);
  });
});
