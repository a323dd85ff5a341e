/** The scenarios of every door, through the gateway. Prevents it from deciding, or wording, anything differently. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteRule } from '../../src/policy/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { SCENARIOS as ALL_SCENARIOS } from '../scenarios/decisions.ts';
import { expectTrail } from '../scenarios/trail.ts';
import { type GatewayHouse, openGatewayHouse } from './house.ts';

/** Nothing is optional at a gateway: whom it lets through without a token, it could say nothing about. */
const SCENARIOS = ALL_SCENARIOS.filter(({ options }) => options.credentials !== 'optional');

const live = { methods: ['GET'], environment: 'live' } as const;
const RULES: readonly RouteRule[] = [
  { ...live, path: '/v1/servers', permissions: ['servers:read'], cost: 1 },
  ...SCENARIOS.flatMap(({ options: { permission, allOf = [], cost = 1, byRoute } }, index) =>
    byRoute
      ? []
      : [{ ...live, path: `/scenario/${index}`, permissions: permission ? [permission, ...allOf] : allOf, cost }],
  ),
];

let upstream: Server;
let handled = 0;
const houses = new Map<string, GatewayHouse>();
beforeAll(async () => {
  upstream = createServer(({ headers }, response) => {
    handled += 1;
    const may = String(headers['keyhouse-permissions']).split(',');
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ by: headers['keyhouse-owner'], may }));
  });
  await new Promise<void>((listening) => upstream.listen(0, '127.0.0.1', listening));
  const url = new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  for (const { options } of SCENARIOS) {
    const keyHeaders = (options.headers ?? []).map((name) => name.toLowerCase());
    if (houses.has(keyHeaders.join())) continue;
    houses.set(keyHeaders.join(), await openGatewayHouse({ upstream: url, keyHeaders }, { routes: [...RULES] }));
  }
});
afterAll(async () => {
  for (const house of houses.values()) await house.close();
  upstream?.closeAllConnections();
  await new Promise((closed) => upstream?.close(closed));
});

describe('the scenarios through the gateway', () => {
  it.each(SCENARIOS.map((scenario, index) => ({ scenario, index, name: scenario.name })))('$name', async (one) => {
    const { token, revoked, options, target = `/scenario/${one.index}`, ...expected } = one.scenario;
    const house = houses.get((options.headers ?? []).join().toLowerCase()) as GatewayHouse;
    const made = token === null ? null : await house.mint(token);
    if (revoked) await house.ask({ method: 'DELETE', target: `/v1/tokens/${made?.id}`, token: made?.value as string });
    const lines = expected.lines.map(([name, text]) => `${name}: ${text.replace('{token}', made?.value ?? '')}`);
    const before = handled;
    const { text } = await exchange(house.port, requestText(`GET ${target} HTTP/1.1`, lines), { answers: 1 });
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const [first = '', ...fields] = head.split('\r\n');
    expect(Number(first.split(' ')[1]), body).toBe(expected.status);
    expect(JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1))).toMatchObject(expected.body);
    const headers = new Headers(fields.map((line) => line.split(/: ?(.*)/s).slice(0, 2) as [string, string]));
    for (const [name, pattern] of Object.entries(expected.headers))
      expect(headers.get(name)).toMatch(new RegExp(pattern));
    expect(handled - before).toBe(expected.status === 200 ? 1 : 0);
    await expectTrail(one.scenario, {
      engine: house.engine,
      requestId: headers.get('x-request-id'),
      door: 'gateway',
      tokenId: made?.id ?? null,
    });
  });
});
