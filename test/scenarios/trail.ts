import { expect } from 'vitest';
import type { Engine } from '../../src/manage/index.ts';
import type { DenialDoor } from '../../src/ports/index.ts';
import type { Scenario } from './decisions.ts';

/** Reasons that can only be found once the digest matched: the trail names the token then. */
const ABOUT_A_TOKEN = [
  'token_expired',
  'ip_restricted',
  'insufficient_permissions',
  'rate_limited',
  'no_matching_rule',
];
const HOUR_MS = 3_600_000;

export interface Trail {
  readonly engine: Pick<Engine, 'denials' | 'usage' | 'clock'>;
  /** Of the answer; null where the door told none. */
  readonly requestId: string | null;
  readonly door: DenialDoor;
  /** The token made for the scenario. */
  readonly tokenId: string | null;
}

/**
 * What a scenario leaves behind is the same whatever door it went through: a refusal is found by the request id that its
 * answer told, with its reason and door, and an accepted request is a use of its token.
 */
export async function expectTrail({ body, status }: Scenario, left: Trail): Promise<void> {
  const { engine, requestId, door, tokenId } = left;
  if (status === 200) {
    if (tokenId === null) return;
    const now = engine.clock.now();
    const uses = await engine.usage.usageOf(tokenId, now - 2 * HOUR_MS, now + HOUR_MS);
    expect(uses.some(({ outcome, count }) => outcome === 'ok' && count > 0)).toBe(true);
    return;
  }
  expect(requestId).toMatch(/^req_/);
  const denial = await engine.denials.find(requestId ?? '');
  expect(denial).toMatchObject({ requestId, door, reason: body.code });
  if (ABOUT_A_TOKEN.includes(String(body.code))) expect(denial?.tokenId).toBe(tokenId);
  else expect([null, tokenId]).toContain(denial?.tokenId);
}
