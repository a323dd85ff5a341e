import { createWebhook, testWebhook } from '../../src/manage/index.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Example } from '../changes/example.ts';

const made = async (house: TestEngine) =>
  ({ id: (await house.asHost(createWebhook, { url: 'https://hooks.example.com/keyhouse' })).id }) as const;

/** Every changing operation about webhooks, for the test that performs them all. */
export const WEBHOOK_EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  createWebhook: [
    {
      action: 'webhook.created',
      prepare: async () => ({ input: { url: 'https://hooks.example.com/', event_types: ['token.revoked'] } }),
    },
  ],
  updateWebhook: [
    {
      action: 'webhook.disabled',
      prepare: async (house) => ({ input: { ...(await made(house)), disabled: true } }),
    },
    {
      action: 'webhook.updated',
      prepare: async (house) => ({ input: { ...(await made(house)), description: 'for the on-call team' } }),
    },
  ],
  deleteWebhook: [{ action: 'webhook.deleted', prepare: async (house) => ({ input: await made(house) }) }],
  rotateWebhookSecret: [{ action: 'webhook.secret_rotated', prepare: async (house) => ({ input: await made(house) }) }],
  testWebhook: [{ action: 'webhook.tested', prepare: async (house) => ({ input: await made(house) }) }],
  replayWebhook: [
    {
      action: 'webhook.replayed',
      prepare: async (house) => ({ input: { ...(await made(house)), since: '2026-01-01T00:00:00Z' } }),
    },
  ],
  replayWebhookDelivery: [
    {
      action: 'webhook.replayed',
      prepare: async (house) => {
        const { id } = await made(house);
        const delivery = await house.asHost(testWebhook, { id });
        return { input: { id, delivery_id: delivery.id } };
      },
    },
  ],
};

/** What those that read are asked. */
export const WEBHOOK_READS = {
  listWebhooks: () => ({}),
  readWebhook: () => ({ id: 'whk_0000000000000000000000' }),
  listWebhookDeliveries: () => ({ id: 'whk_0000000000000000000000' }),
};
