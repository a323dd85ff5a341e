/** The scenarios of every door, through real proxies. Prevents recipes that decide, or word, anything differently. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteRule } from '../../src/policy/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { SCENARIOS as ALL_SCENARIOS } from '../scenarios/decisions.ts';
import { expectTrail } from '../scenarios/trail.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type RunningProxy, startProxy } from './running-proxy.ts';

/** A proxy asks about every request, and reads one header. */
const SCENARIOS = ALL_SCENARIOS.filter(
  ({ options }) => options.credentials !== 'optional' && options.headers === undefined,
).map((scenario, index) => ({ ...scenario, target: scenario.target ?? `/scenario/${index}` }));

const live = { methods: ['GET'], environment: 'live' } as const;
const RULES: readonly RouteRule[] = [
  { ...live, path: '/v1/servers', permissions: ['servers:read'], cost: 1 },
  ...SCENARIOS.flatMap(({ target, options: { permission, allOf = [], cost = 1, byRoute } }) =>
    byRoute ? [] : [{ ...live, path: target, permissions: permission ? [permission, ...allOf] : allOf, cost }],
  ),
];

describe.each(['nginx', 'caddy', 'haproxy'] as const)('the scenarios through', (name) => {
  suiteNeeding(name, name, () => {
    let proxy: RunningProxy;
    beforeAll(async () => {
      proxy = await startProxy(name, { ...keyhouse, routes: [...RULES] });
    });
    afterAll(() => proxy?.close());

    it.each(SCENARIOS)('$name', async (scenario) => {
      const { token, revoked, lines, target, ...expected } = scenario;
      const made = token === null ? null : await proxy.house.mint(token);
      if (revoked) {
        await proxy.house.ask({ method: 'DELETE', target: `/v1/tokens/${made?.id}`, token: made?.value as string });
      }
      proxy.reached();
      const sent = lines.map(([field, text]) => `${field}: ${text.replace('{token}', made?.value ?? '')}`);
      const answer = await proxy.ask(`GET ${target} HTTP/1.1`, ...sent);
      expect(answer.status, answer.body).toBe(expected.status);
      // Two Authorization lines are refused by nginx itself, in its own words.
      if (name !== 'nginx' || expected.status !== 400) {
        expect(JSON.parse(/\{.*\}/s.exec(answer.body)?.[0] ?? 'null')).toMatchObject(expected.body);
      }
      const isPassed = expected.status === 200;
      expect(proxy.reached()).toHaveLength(isPassed ? 1 : 0);
      for (const [field, pattern] of Object.entries(expected.headers)) {
        // What goes with the answer of the API is the API's, but for the limits that the proxies add.
        if (isPassed && field === 'vary') continue;
        if (name === 'nginx' && field === 'vary') continue;
        const found = new RegExp(`^${field}: (.*)\r$`, 'im').exec(answer.text)?.[1];
        expect(found, field).toMatch(new RegExp(pattern));
      }
      // What nginx refuses by itself, Keyhouse has not heard of.
      if (name === 'nginx' && expected.status === 400) return;
      const requestId = /^x-request-id: (\S+)\r$/im.exec(answer.text)?.[1] ?? null;
      const tokenId = made?.id ?? null;
      await expectTrail(scenario, { engine: proxy.house.engine, requestId, door: 'forward_auth', tokenId });
    });
  });
});
