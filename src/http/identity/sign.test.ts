import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse } from '../../../test/http/house.ts';
import {
  AUDIENCE,
  CLIENT,
  ISSUER,
  openSigningHouse,
  PROXY,
  type SigningHouse,
} from '../../../test/http/signing-house.ts';
import { compileProfile } from '../../authenticate/index.ts';
import { compilePermissions } from '../../policy/index.ts';
import { keyhouse } from '../../profile/index.ts';
import { rotateIdentityKey } from '../../stores/data-folder/index.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { systemRandom } from '../../token/index.ts';
import type { Decided } from '../decide-request.ts';
import { claimsOf } from './claims.ts';
import { remoteKeys } from './key-lookup.ts';
import { signIdentities } from './sign.ts';
import { SpentIds } from './spent-ids.ts';

let house: SigningHouse;
let server: Server;
let asked = 0;
let isDown = false;
beforeAll(async () => {
  house = await openSigningHouse();
  server = createServer(async (_request, response) => {
    asked += 1;
    const { status, headers, body } = await house.ask({ target: '/.well-known/jwks.json' });
    response.writeHead(isDown ? 500 : status, headers).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await house?.close();
});
const keySetUrl = () => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`);

describe('a signed identity', () => {
  it('is checked by a stock library with what is published, and says who asks for what, from where', async () => {
    const { id, value } = await house.mint();
    const identity = await house.signed(value, { uri: '/v1/servers/7?page=2' });
    const { payload, protectedHeader } = await jwtVerify(identity, createRemoteJWKSet(keySetUrl()), {
      algorithms: ['EdDSA'],
      audience: AUDIENCE,
      issuer: ISSUER,
      typ: 'keyhouse-identity+jwt',
      currentDate: new Date(house.time.now),
    });
    const now = house.time.now / 1_000;
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: house.keys()[0]?.kid, typ: 'keyhouse-identity+jwt' });
    expect(payload).toEqual({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: expect.stringMatching(/^own_/),
      jti: expect.stringMatching(/^req_/),
      ...{ iat: now, nbf: now, exp: now + 30 },
      token: id,
      environment: 'live',
      owner: { id: payload.sub, kind: 'external', external_id: 'user-42' },
      workspace: { id: expect.stringMatching(/^wsp_/), external_id: 'org-7' },
      permissions: ['servers:read'],
      permissions_complete: true,
      method: 'GET',
      path: '/v1/servers/7',
      client_ip: CLIENT,
      cost: 1,
    });
    expect(identity).not.toContain(value);
  });

  it('has the id of the request, and stands beside the other headers, on accepted requests alone', async () => {
    const { value } = await house.mint();
    const asking = (token: string) =>
      house.ask({
        target: '/forward-auth',
        token,
        peer: PROXY,
        headers: ['X-Forwarded-Method', 'GET', 'X-Forwarded-Uri', '/v1/servers', 'X-Forwarded-For', CLIENT],
      });
    const { headers } = await asking(value);
    const { payload } = await jwtVerify(headers['Keyhouse-Identity'] ?? '', keySet(), options());
    expect(payload.jti).toBe(headers['X-Request-Id']);
    expect(headers['Keyhouse-Owner']).toBe('user-42');
    expect((await asking(`${value}x`)).headers).not.toHaveProperty('Keyhouse-Identity');
  });

  it('stays below 6 KiB, and says what it leaves out for that', async () => {
    const { value } = await house.mint();
    const facts = await house.engine.authenticator.find(value);
    if (facts === null) throw new Error('this token is stored');
    const { engine } = house.parts;
    const permissions = compilePermissions(Array.from({ length: 500 }, (_, number) => `resource-${number}:read`));
    const membership = { ...facts.membership, permissions };
    const decision = {
      allowed: true,
      facts: { ...facts, membership, grant: { ...facts.grant, permissions, known: null } },
      limit: null,
    } as const;
    const decided: Decided = {
      request: { method: 'GET', target: `/v1/servers/${'x'.repeat(1_100)}`, rawHeaders: [], peer: null },
      requestId: 'req_1',
      asked: { environments: [], allOf: [], anyOf: [], cost: 1, headerNames: [] },
      question: { credential: { found: 'none' }, environments: [], ip: null, allOf: [], anyOf: [], cost: 1 },
      decision,
    };
    const authenticator = { decide: () => decision, profile: compileProfile(1, keyhouse) };
    const openEngine = { ...engine, authenticator };
    const claims = claimsOf(openEngine, decided, decision);
    expect(claims).toMatchObject({ path: null, client_ip: null, permissions_complete: false });
    expect(claims.permissions.length).toBeGreaterThan(50);
    const target = `/v1/servers/${'x'.repeat(1_000)}`;
    const identity = await signIdentities({ audience: 'a'.repeat(200), issuer: 'i'.repeat(200), keys: house.keys })(
      openEngine,
      { ...decided, request: { ...decided.request, target } },
    );
    expect(identity.length).toBeLessThan(6 * 1_024);
    expect(decodeJwt(identity)).toMatchObject({ path: target });
  });

  it('is signed by the new key five minutes after a rotation, and both are published meanwhile', async () => {
    const { value } = await house.mint();
    const kid = async () => decodeProtectedHeader(await house.signed(value)).kid;
    const first = await kid();
    const [, made] = rotateIdentityKey(house.folder, house.time.now, systemRandom, false);
    const published = async () => (await house.ask({ target: '/.well-known/jwks.json' })).json.keys;
    expect((await published()).map((key: { kid: string }) => key.kid)).toEqual([first, made?.kid]);
    expect(await kid()).toBe(first);
    house.time.now += 5 * 60_000;
    expect(await kid()).toBe(made?.kid);
    house.time.now += 90_000;
    expect((await published()).map((key: { kid: string }) => key.kid)).toEqual([made?.kid]);
  });
});

describe('/.well-known/jwks.json', () => {
  it('has public parts alone, for anybody, for a minute', async () => {
    const answer = await house.ask({ target: '/.well-known/jwks.json' });
    expect(answer).toMatchObject({ status: 200, headers: { 'Cache-Control': 'public, max-age=60' } });
    for (const key of answer.json.keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
      expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' });
    }
    for (const { d } of house.keys()) expect(answer.body).not.toContain(d);
  });

  it('is empty where nothing was ever signed', async () => {
    const other = await openHouse();
    expect((await other.ask({ target: '/.well-known/jwks.json' })).json).toEqual({ keys: [] });
    await other.close();
  });
});

describe('keys that another installation publishes', () => {
  it('are fetched once, and while they cannot be fetched nobody is kept waiting', async () => {
    const clock = new FakeClock();
    const lookup = remoteKeys(keySetUrl(), clock);
    const kid = house.keys().at(-1)?.kid ?? '';
    const find = (id: string) => lookup({ alg: 'EdDSA', kid: id }, { payload: '', signature: '' });
    isDown = true;
    asked = 0;
    await expect(find(kid)).rejects.toThrow('200 OK');
    await expect(find(kid)).rejects.toThrow('no applicable key');
    expect(asked).toBe(1);
    isDown = false;
    clock.advance(5_000);
    expect(await find(kid)).toMatchObject({ type: 'public' });
    expect(await find(kid)).toMatchObject({ type: 'public' });
    await expect(find('unknown')).rejects.toThrow('no applicable key');
    expect(asked).toBe(2);
  });

  it('are not guessed where the token names none', async () => {
    const lookup = remoteKeys(keySetUrl(), new FakeClock());
    await expect(lookup({ alg: 'EdDSA' }, { payload: '', signature: '' })).rejects.toThrow('no applicable key');
  });
});

describe('what was used', () => {
  it('is remembered as long as it could be used again, and when there is no room nothing more is believed', () => {
    const clock = new FakeClock();
    const spent = new SpentIds(clock, { keptMs: 40_000, idsMax: 2 });
    expect([spent.spend('a'), spent.spend('a'), spent.spend('b'), spent.spend('c')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    clock.advance(39_999);
    expect([spent.spend('a'), spent.spend('c')]).toEqual([false, false]);
    clock.advance(1);
    expect([spent.spend('c'), spent.spend('a'), spent.spend('b')]).toEqual([true, true, false]);
  });
});

function keySet() {
  const keys = house.keys().map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', kid, x }));
  return createLocalJWKSet({ keys });
}

function options() {
  return { audience: AUDIENCE, issuer: ISSUER, currentDate: new Date(house.time.now) };
}
