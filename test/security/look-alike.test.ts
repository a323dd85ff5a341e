/** Prevents that an answer tells whether a token that does not work was ever one (row 18). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpHandler, type HttpHandler } from '../../src/http/app.ts';
import { localCaller, perform, putOwner } from '../../src/manage/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { type GatewayHouse, openGatewayHouse } from '../gateway/house.ts';
import { type AskedRequest, doorRequest } from '../http/house.ts';
import { exchange, requestText } from '../http/raw-socket.ts';

const PROXY = '10.0.0.1';

let house: GatewayHouse;
let proxied: HttpHandler;
let verifying: string;
/** Tokens of the live environment that do not work, and of the test environment, which does not work here. */
const live: Record<string, string> = {};
const test: Record<string, string> = {};

beforeAll(async () => {
  house = await openGatewayHouse();
  const trusted = parseIpAllowlist([PROXY]);
  if (!trusted.ok) throw new Error('no list');
  proxied = createHttpHandler({
    ...house.parts,
    trust: { trustedProxies: trusted.list, header: 'x-forwarded-for' },
    forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
  });
  const { value: admin } = await house.mint({ permissions: ['keyhouse-tokens:*'], tier: 'unlimited' });
  verifying = (await house.mint({ permissions: ['keyhouse-tokens:verify'], tier: 'unlimited' })).value;

  const unknown = (environment: 'live' | 'test') => generateToken(keyhouse.token, 'token', environment, systemRandom);
  live.unknown = unknown('live');
  const revoked = await house.mint();
  await house.ask({ method: 'DELETE', target: `/v1/tokens/${revoked.id}`, token: revoked.value });
  live.revoked = revoked.value;
  const disabled = await house.mint();
  const disable = { method: 'PATCH', target: `/v1/tokens/${disabled.id}`, token: admin, body: { disabled: true } };
  expect((await house.ask(disable)).status).toBe(200);
  live.disabled = disabled.value;
  const restricted = await house.mint({ ip_allowlist: ['198.51.100.77'] });
  await house.ask({ method: 'DELETE', target: `/v1/tokens/${restricted.id}`, token: admin });
  live['revoked and restricted to addresses'] = restricted.value;
  const host = localCaller('host', { ip: null, requestId: 'req_18', idempotencyKey: null });
  const owner = (more: object) =>
    perform(putOwner, house.engine, host, {
      external_id: 'gone',
      workspace: { external_id: 'org-7' },
      permissions: ['servers:read'],
      ...more,
    });
  await owner({});
  live['of a disabled owner'] = (
    await house.ask({
      method: 'POST',
      target: '/v1/tokens',
      token: (await house.mint({ permissions: ['keyhouse-tokens:*', 'keyhouse-owners:*'], tier: 'unlimited' })).value,
      body: { name: 'orphan', permissions: ['servers:read'], owner: { external_id: 'gone' } },
    })
  ).json.value;
  await owner({ disabled: true });
  test.unknown = unknown('test');
  test['valid elsewhere'] = (await house.mint({ environment: 'test' })).value;
  const ended = await house.mint({ environment: 'test' });
  await house.ask({ method: 'DELETE', target: `/v1/tokens/${ended.id}`, token: admin });
  test.revoked = ended.value;
});
afterAll(() => house.close());

const answered = async (asked: AskedRequest, handler: HttpHandler = house.handler) =>
  handler.answer(doorRequest(asked));

/** What each door says to the bearer of a token. */
const DOORS: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
  'the API listener': (token) => answered({ target: '/v1/auth/test', token }),
  'the API listener, debugging': (token) =>
    answered({ target: '/v1/auth/test', token, headers: ['X-Debug-Auth', 'true'] }),
  'an operation on tokens': (token) => answered({ method: 'POST', target: '/v1/tokens/current/rotate', token }),
  // The door itself is told which token of its company it was; what it sends on to the bearer says nothing of it.
  'a door that verifies': async (token) => {
    const { json } = await house.ask({
      method: 'POST',
      target: '/v1/tokens/verify',
      token: verifying,
      body: { token, all_of: ['servers:read'], ip: '203.0.113.9' },
    });
    const { code, message, retry_after, response } = json;
    return { code, message, retry_after, response };
  },
  introspection: (token) =>
    answered({
      method: 'POST',
      target: '/oauth/introspect',
      token: verifying,
      headers: ['Content-Type', 'application/x-www-form-urlencoded'],
      body: `token=${token}&client_ip=203.0.113.9`,
    }),
  '/forward-auth': (token) =>
    answered(
      {
        target: '/forward-auth',
        peer: PROXY,
        token,
        headers: ['X-Forwarded-Method', 'GET', 'X-Forwarded-Uri', '/v1/servers/1', 'X-Forwarded-For', '203.0.113.9'],
      },
      proxied,
    ),
  'the gateway': async (token) => {
    const lines = [`Authorization: Bearer ${token}`];
    const { text, statuses } = await exchange(house.port, requestText('GET /v1/servers/1 HTTP/1.1', lines), {
      answers: 1,
    });
    return { statuses, text: text.replace(/^Date: .*$/m, '') };
  },
};

function withoutRequestId(answer: unknown): string {
  return JSON.stringify(answer).replaceAll(/req_\w+/g, 'req');
}

describe.each(Object.keys(DOORS))('row 18: at %s', (name) => {
  const say = async (token: string) => withoutRequestId(await DOORS[name]?.(token));

  it('every token that does not work is answered like one that never was, to the last byte but the request id', async () => {
    const expected = await say(live.unknown as string);
    expect(expected).toMatch(/401|"active\\?":false/);
    for (const [what, token] of Object.entries(live)) expect([what, await say(token)]).toEqual([what, expected]);
  });

  it('one of another environment is answered like one that nobody has there', async () => {
    const expected = await say(test.unknown as string);
    for (const [what, token] of Object.entries(test)) expect([what, await say(token)]).toEqual([what, expected]);
  });
});
