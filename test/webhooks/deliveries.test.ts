/** Prevents events that are lost, cannot be checked, or go on to an endpoint that nobody looks after. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createToken,
  createWebhook,
  createWorkspace,
  listAuditEvents,
  listWebhookDeliveries,
  putOwner,
  readWebhook,
  replayWebhook,
  replayWebhookDelivery,
  revokeToken,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from '../../src/manage/index.ts';
import type { TestEngine } from '../../src/testing/index.ts';
import { eventually } from '../services/deadline.ts';
import { startDeliveries, webhookHouse } from './house.ts';
import { isSignedWith, type Receiver, startReceiver } from './receiver.ts';

const HOUR_MS = 3_600_000;
let house: TestEngine;
let receiver: Receiver;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  house = await webhookHouse({ sendsMail: true });
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await receiver.close();
  await house.close();
});

function deliver(): { readonly logged: string[] } {
  const deliveries = startDeliveries(house);
  closing.push(deliveries.close);
  return deliveries;
}

async function makeToken(workspace = 'org-7') {
  const memberships = [{ workspace: { external_id: workspace, name: workspace }, permissions: ['servers:read'] }];
  await house.asHost(putOwner, { external_id: `user of ${workspace}`, memberships });
  const asked = { name: 'ci', permissions: ['servers:read'], owner: { external_id: `user of ${workspace}` } };
  return house.asHost(createToken, asked);
}

const settled = (id: string, state: string, count = 1) =>
  eventually(
    async () => {
      const { data } = await house.asHost(listWebhookDeliveries, { id, state, limit: 100 });
      return data.length === count ? data : null;
    },
    20_000,
    `${count} deliveries are ${state}`,
  );

describe('a webhook', () => {
  it('row 17: is told of a change with a signature that checks, and never the value of a token', async () => {
    deliver();
    const { id, secret } = await house.asHost(createWebhook, { url: receiver.url });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await house.asHost(readWebhook, { id })).not.toHaveProperty('secret');
    const token = await makeToken();
    await house.asHost(revokeToken, { id: token.id });
    await settled(id, 'delivered', 3);
    const events = receiver.received.map(({ body }) => JSON.parse(body));
    expect(events.map(({ type }) => type).sort()).toEqual(['owner.created', 'token.created', 'token.revoked']);
    for (const one of receiver.received) {
      expect(isSignedWith(secret, one)).toBe(true);
      expect(isSignedWith(secret, { ...one, body: `${one.body} ` })).toBe(false);
      expect(one.headers['webhook-id']).toMatch(/^evt_[0-9A-Za-z]+$/);
      expect(Number(one.headers['webhook-timestamp'])).toBe(Math.floor(house.clock.now() / 1_000));
    }
    const revoked = events.find(({ type }) => type === 'token.revoked');
    expect(Object.keys(revoked)).toEqual(['type', 'timestamp', 'data']);
    expect(revoked.data).toMatchObject({
      tokens: [{ id: token.id, name: 'ci', hint: token.hint, revoked_at: revoked.timestamp }],
      owner: { external_id: 'user of org-7' },
      workspace_id: token.workspace.id,
      actor: { kind: 'host', id: null },
    });
    expect(JSON.stringify(events)).not.toContain(token.value);
  });
});
