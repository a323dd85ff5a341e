import { describe, expect, it } from 'vitest';
import { openHouse } from '../../test/http/house.ts';
import { keyhouse } from '../profile/index.ts';
import { openMetrics } from './prometheus.ts';

describe('metrics', () => {
  it('count decisions by outcome and are read from this machine alone', async () => {
    const metrics = openMetrics({
      cachedTokens: () => 7,
      lookups: () => ({
        underWay: 1,
        waiting: 2,
        failureSources: 3,
        unknownTexts: 4,
        recognisedTexts: 5,
        rememberedChanges: 6,
        turnedAway: 7,
      }),
      usagePending: () => 1,
      usageDropped: () => 2,
      usageDetailsPending: () => 11,
      accessesPending: () => 12,
      accessesDropped: () => 13,
      denialsPending: () => 8,
      denialsDropped: () => 9,
      alertsRaised: () => new Map([['new_network', 2]]),
      limiterLineages: () => 3,
    });
    const house = await openHouse(keyhouse, () => ({ metrics }));
    const { value } = await house.mint();
    await house.ask({ target: '/v1/auth/test', token: value });
    await house.ask({ target: '/v1/auth/test' });
    await house.ask({ target: '/v1/auth/test', token: 'kh_live_wrong' });
    const read = (peer: string | null, ...headers: string[]) => house.ask({ target: '/metrics', peer, headers });
    const text = String((await read('127.0.0.1')).body);
    for (const line of [
      'keyhouse_decisions_total{outcome="ok",door="api"} 1',
      'keyhouse_decisions_total{outcome="authentication_required",door="api"} 1',
      'keyhouse_decisions_total{outcome="invalid_token",door="api"} 1',
      'keyhouse_decision_seconds_count 3',
      'keyhouse_cached_tokens 7',
      'keyhouse_alerts_raised_total{kind="new_network"} 2',
      'keyhouse_lookups_under_way 1',
      'keyhouse_lookups_waiting 2',
      'keyhouse_failure_sources 3',
      'keyhouse_unknown_texts 4',
      'keyhouse_recognised_texts 5',
      'keyhouse_remembered_changes 6',
      'keyhouse_lookups_turned_away 7',
      'keyhouse_usage_dropped 2',
      'keyhouse_usage_details_pending 11',
      'keyhouse_accesses_pending 12',
      'keyhouse_accesses_dropped 13',
      'keyhouse_denials_pending 8',
      'keyhouse_denials_dropped 9',
      'keyhouse_limiter_lineages 3',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toMatch(/keyhouse_event_loop_lag_p99_seconds \d/);
    expect(text).not.toContain(value);
    for (const peer of ['::1', '::ffff:127.0.0.1']) expect((await read(peer)).status).toBe(200);
    for (const peer of ['203.0.113.9', null]) expect((await read(peer)).status).toBe(404);
    expect((await read('127.0.0.1', 'X-Forwarded-For', '203.0.113.9')).status).toBe(404);
    metrics.close();
    await house.close();
  });

  it('are not there where nobody measures', async () => {
    const house = await openHouse();
    expect((await house.ask({ target: '/metrics', peer: '127.0.0.1' })).status).toBe(404);
    await house.close();
  });
});
