/** Prevents events that are lost, cannot be checked, or go on to an endpoint that nobody looks after. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createServiceAccount,
  createToken,
  createWebhook,
  createWorkspace,
  deleteWebhook,
  listAuditEvents,
  listMails,
  listWebhookDeliveries,
  listWebhooks,
  putOwner,
  readWebhook,
  replayWebhook,
  replayWebhookDelivery,
  revokeToken,
  rotateWebhookSecret,
  testWebhook,
  updateWebhook,
} from '../../src/manage/index.ts';
import { issueSetupCode, setUp as setUpInstallation } from '../../src/people/index.ts';
import type { TestEngine } from '../../src/testing/index.ts';
import { eventually } from '../services/deadline.ts';
import { startDeliveries, webhookHouse } from './house.ts';
import { isSignedWith, type Received, type Receiver, type Reply, startReceiver } from './receiver.ts';

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

async function setUp() {
  const code = await issueSetupCode(house.engine);
  const admin = { email: 'grace@example.com', password: 'a long and quiet evening', workspace: 'Provider' };
  return house.asHost(setUpInstallation, { code, ...admin });
}

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

  it('is tried again under the same id, each time after a longer while, and left alone as long as it asks for', async () => {
    const { logged } = deliver();
    const replies: Reply[] = [500, 302, 'cut', { status: 429, headers: { 'retry-after': '7200' } }];
    receiver.reply = () => replies.shift() ?? 204;
    const { id } = await house.asHost(createWebhook, { url: receiver.url });
    await house.asHost(testWebhook, { id });
    const waits = [5_000, 300_000, 1_800_000, 7_200_000];
    const errors = [];
    for (const [at, waitMs] of waits.entries()) {
      const delivery = await eventually(
        async () => {
          const [one] = (await house.asHost(listWebhookDeliveries, { id })).data;
          const next = Date.parse(one?.next_attempt_at ?? '');
          return one?.attempts === at + 1 && next > house.clock.now() ? one : null;
        },
        15_000,
        `attempt ${at + 1} has failed`,
      );
      errors.push(delivery.last_error);
      expect(Date.parse(delivery.next_attempt_at as string) - house.clock.now()).toBe(waitMs);
      expect(await house.asHost(listWebhookDeliveries, { id, state: 'given_up' })).toMatchObject({ data: [] });
      house.clock.advance(waitMs);
    }
    expect(errors).toEqual([
      'It answered 500.',
      'It answered 302: redirects are not followed.',
      'The connection failed (ECONNRESET).',
      'It answered 429.',
    ]);
    const [delivery] = await settled(id, 'delivered');
    expect(delivery).toMatchObject({ attempts: 5, last_status: 204, last_error: null });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set([delivery?.event_id]));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(5);
    expect(logged).toEqual([]);
  });

  it('is disabled when nothing was taken for five days, with a mail and an audit entry, and enabled by hand', async () => {
    deliver();
    receiver.reply = () => 503;
    const { user } = await setUp();
    const { id } = await house.asHost(createWebhook, { url: receiver.url });
    for (let day = 0; day < 5; day++) {
      await house.asHost(testWebhook, { id });
      await eventually(
        async () => {
          const { data } = await house.asHost(listWebhookDeliveries, { id, state: 'pending' });
          const isTried = data.every(({ next_attempt_at: at }) => Date.parse(at as string) > house.clock.now());
          return isTried && (await house.asHost(readWebhook, { id })).failing_since !== null;
        },
        15_000,
        'everything that is due was tried',
      );
      expect(await house.asHost(readWebhook, { id })).toMatchObject({ state: 'enabled' });
      house.clock.advance(24 * HOUR_MS);
    }
    const disabled = await eventually(
      async () => {
        const webhook = await house.asHost(readWebhook, { id });
        return webhook.state === 'disabled' ? webhook : null;
      },
      15_000,
      'it is disabled',
    );
    expect(disabled).toMatchObject({ disabled_why: 'failing' });
    const { data } = await house.asHost(listAuditEvents, { action: 'webhook.disabled' });
    expect(data).toMatchObject([{ actor: { kind: 'system', id: null }, subject: { kind: 'webhook', id } }]);
    expect((await house.asHost(listMails, {})).data).toMatchObject([{ template: 'webhook_disabled', to: user.email }]);
    expect((await house.asHost(listWebhookDeliveries, { id, state: 'pending' })).data).toEqual([]);
    await expect(house.asHost(testWebhook, { id })).rejects.toMatchObject({ code: 'conflict' });

    const missed = await makeToken();
    receiver.reply = () => 204;
    const before = receiver.received.length;
    await house.asHost(updateWebhook, { id, disabled: false });
    const since = new Date(house.clock.now()).toISOString();
    expect(await house.asHost(replayWebhook, { id, since })).toMatchObject({ deliveries: 3 });
    await receiver.untilReceived(before + 3);
    expect(receiver.received.slice(before).some(({ body }) => body.includes(missed.id))).toBe(true);
    expect(await house.asHost(readWebhook, { id })).toMatchObject({ state: 'enabled', failing_since: null });
  });

  it('that answers 410 is told nothing any more', async () => {
    deliver();
    receiver.reply = () => 410;
    const { id } = await house.asHost(createWebhook, { url: receiver.url });
    await house.asHost(testWebhook, { id });
    const gone = async () => (await house.asHost(readWebhook, { id })).disabled_why === 'gone';
    await eventually(gone, 15_000, 'it is disabled');
  });

  it('is signed with the old secret beside the new one for a day', async () => {
    deliver();
    const { id, secret } = await house.asHost(createWebhook, { url: receiver.url });
    const { secret: next } = await house.asHost(rotateWebhookSecret, { id });
    const signers = async () => {
      const count = receiver.received.length;
      await house.asHost(testWebhook, { id });
      const one = await receiver.untilReceived(count + 1);
      return [isSignedWith(secret, one), isSignedWith(next, one)];
    };
    expect(await signers()).toEqual([true, true]);
    house.clock.advance(24 * HOUR_MS);
    expect(await signers()).toEqual([false, true]);
    const { secret: last } = await house.asHost(rotateWebhookSecret, { id, end_previous: true });
    expect(await signers()).toEqual([false, false]);
    expect(isSignedWith(last, receiver.received.at(-1) as Received)).toBe(true);
  });

  it('of a workspace is told of that workspace alone, and of the types it names', async () => {
    deliver();
    const one = await house.asHost(createWorkspace, { name: 'One', external_id: 'one' });
    const mine = await house.asHost(createWebhook, {
      url: `${receiver.url}/mine`,
      workspace_id: one.id,
      event_types: ['token.created'],
    });
    const all = await house.asHost(createWebhook, { url: `${receiver.url}/all`, event_types: ['token.created'] });
    const inside = await makeToken('one');
    await makeToken('two');
    await settled(mine.id, 'delivered');
    await settled(all.id, 'delivered', 2);
    const bodies = receiver.received.filter(({ path }) => path === '/hooks/mine').map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ data }) => data.tokens[0].id)).toEqual([inside.id]);

    const asked = { name: 'hooks', permissions: ['keyhouse-webhooks:read', 'keyhouse-webhooks:write'] };
    const account = { name: 'deployer', workspace: { external_id: 'one' }, permissions: ['keyhouse-webhooks:*'] };
    const { id: ownerId } = await house.asHost(createServiceAccount, account);
    const { value } = await house.asHost(createToken, { ...asked, owner: { id: ownerId } });
    const bearer = value as string;
    expect((await house.asBearer(bearer, listWebhooks, {})).data.map(({ id }) => id)).toEqual([mine.id]);
    await expect(house.asBearer(bearer, deleteWebhook, { id: all.id })).rejects.toMatchObject({ code: 'not_found' });
    const made = await house.asBearer(bearer, createWebhook, { url: receiver.url });
    expect(made.workspace_id).toBe(one.id);
  });

  it('takes a delivery once more when it is replayed, under the id it had', async () => {
    deliver();
    const { id } = await house.asHost(createWebhook, { url: receiver.url });
    await house.asHost(testWebhook, { id });
    const [first] = await settled(id, 'delivered');
    if (first === undefined) throw new Error('there is a delivery');
    await house.asHost(replayWebhookDelivery, { id, delivery_id: first.id });
    const again = await receiver.untilReceived(2);
    expect(again.headers['webhook-id']).toBe(first.event_id);
    expect(again.body).toBe(receiver.received[0]?.body);
    const other = await house.asHost(createWebhook, { url: receiver.url });
    const foreign = house.asHost(replayWebhookDelivery, { id: other.id, delivery_id: first.id });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });

  it('row 20: is one JSON text and one line in each header, whatever stands in a name', async () => {
    deliver();
    const { id } = await house.asHost(createWebhook, { url: receiver.url, event_types: ['workspace.created'] });
    const name = 'Eve","type":"x \u{1F600} \\';
    await house.asHost(createWorkspace, { name, external_id: 'a\u00e9"}' });
    await settled(id, 'delivered');
    const [one] = receiver.received;
    expect(JSON.parse(one?.body ?? '')).toMatchObject({ type: 'workspace.created', data: { workspace: { name } } });
    expect(one?.body.split('\n')).toHaveLength(1);
  });

  it('is not made for an address that is not for it', async () => {
    const strict = await webhookHouse({ webhookNetworks: null });
    closing.push(() => strict.close());
    for (const url of [
      'http://hooks.example.com/',
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://[::ffff:169.254.169.254]/',
      'https://[64:ff9b::a9fe:a9fe]/',
      'https://user:pass@hooks.example.com/',
      'https://hooks.example.com/#x',
      'ftp://hooks.example.com/',
      'hooks',
    ]) {
      const made = strict.asHost(createWebhook, { url });
      await expect(made, url).rejects.toMatchObject({ code: 'invalid_input', problems: [{ path: 'url' }] });
    }
    await expect(house.asHost(createWebhook, { url: 'http://10.0.0.1/' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
