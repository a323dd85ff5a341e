import { expect, it } from 'vitest';
import { openHouse } from '../../test/http/house.ts';
import { keyhouse } from '../profile/index.ts';
import { findTraces } from './find-traces.ts';

it('tells OpenTelemetry of every decision at a door, with its outcome and nothing of the token, where the host has it', async () => {
  const spans: { name: string; attributes: object; startTime: number; ended?: number }[] = [];
  const startSpan = (name: string, given: { startTime: number; attributes: object }) => {
    const span: (typeof spans)[number] = { name, ...given };
    spans.push(span);
    return { end: (at: number) => Object.assign(span, { ended: at }) };
  };
  const traces = await findTraces(async () => ({ trace: { getTracer: () => ({ startSpan }) } }));
  const house = await openHouse(keyhouse, ({ engine }) => ({ engine: { ...engine, traces } }));
  const { value, id } = await house.mint();
  await house.ask({ target: '/v1/auth/test', token: value });
  await house.ask({ target: '/v1/auth/test' });
  expect(spans.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['keyhouse.decision', { 'keyhouse.outcome': 'ok', 'keyhouse.door': 'api' }],
    ['keyhouse.decision', { 'keyhouse.outcome': 'authentication_required', 'keyhouse.door': 'api' }],
  ]);
  for (const { startTime, ended } of spans) expect(ended).toBeGreaterThanOrEqual(startTime);
  expect(JSON.stringify(spans)).not.toMatch(new RegExp(`${id}|${value.slice(8)}`));
  await house.close();
});

it('does without where the host has no OpenTelemetry', async () => {
  expect(await findTraces(() => Promise.reject(new Error('Cannot find package')))).toBeNull();
});
