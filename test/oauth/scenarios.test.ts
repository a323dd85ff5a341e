/**
 * The scenarios of every door, through introspection. Prevents it from deciding anything differently. It is told one token
 * and permissions: scenarios about header lines and route rules are not its own.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCENARIOS as ALL_SCENARIOS } from '../scenarios/decisions.ts';
import { type Served, serveKeyhouse } from './served.ts';

const SCENARIOS = ALL_SCENARIOS.filter(
  ({ token, lines, options }) => token !== null && lines.length === 1 && options.byRoute !== true,
);

describe('introspection', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveKeyhouse();
  });
  afterAll(() => served.close());

  async function introspect(parameters: Record<string, string>) {
    const { id, value } = served.door;
    const answer = await fetch(`${served.api}/oauth/introspect`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${id}:${value}`).toString('base64')}` },
      body: new URLSearchParams(parameters),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, unknown>;
  }

  it('has scenarios of every kind of decision', () => {
    const codes = SCENARIOS.map(({ status, body }) => (status === 200 ? 'ok' : body.code));
    const kinds = ['ok', 'invalid_token', 'insufficient_permissions', 'ip_restricted', 'rate_limited'];
    expect([...new Set(codes)].sort()).toEqual(kinds.sort());
  });

  it.each(SCENARIOS)('$name', async ({ token, revoked, options, status, body, headers }) => {
    const { id, value } = await served.mint(token ?? {});
    if (revoked === true) await served.keyhouse.tokens.revoke({ id });
    const { permission, allOf = [], cost = 1 } = options;
    const needed = permission === undefined ? allOf : [permission, ...allOf];
    const asked = { token: value, client_ip: '127.0.0.1', required_scope: needed.join(' '), cost: String(cost) };
    const answer = await introspect(asked);
    if (status === 200) {
      expect(answer).toMatchObject({ active: true, jti: id, owner: { external_id: body.by } });
      const remaining = headers['x-ratelimit-remaining'];
      if (remaining !== undefined) {
        expect(String((answer.rate_limit as { remaining: number }).remaining)).toMatch(new RegExp(remaining));
      }
    } else {
      expect(answer).toMatchObject({ active: false, status, ...body });
      const { data } = await served.keyhouse.denials.list({ token_id: id });
      expect(data).toMatchObject([{ door: 'introspection', reason: body.code }]);
      // What is wrong with the token itself is told without a reason, and what is wrong with a request is not asked.
      const isFact = body.code === 'invalid_token' || body.code === 'ip_restricted';
      const facts = await introspect({ token: value });
      if (isFact) expect(facts).toEqual({ active: false });
      else expect(facts.active).toBe(true);
    }
  });
});
