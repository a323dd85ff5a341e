import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type AnyOperation, type TestEngine, testEngine } from '../testing/engine.ts';
import { sampleAlert } from '../testing/index.ts';
import {
  acknowledgeAlert,
  createWebhook,
  deleteWebhook,
  listDenials,
  listPredecessors,
  listWebhookDeliveries,
  readAlert,
  readWebhook,
  replayWebhook,
  revokeTokens,
  rotateWebhookSecret,
  suggestTokenGrant,
  testWebhook,
  transferToken,
  updateWebhook,
} from './index.ts';
import { MANAGEMENT_PERMISSIONS } from './management-permissions.ts';

describe('row 30: what another workspace has', () => {
  let house: TestEngine;
  let asking: string;
  const theirs = { webhook: '', token: '', alert: '' };
  const url = 'https://hooks.example.com/';
  beforeAll(async () => {
    house = await testEngine();
    asking = (await workspaceManager(house, 'org-7', Object.keys(MANAGEMENT_PERMISSIONS))).value;
    const { token } = await externalToken(house, { externalId: 'bea', workspace: 'org-8', may: ['servers:read'] });
    theirs.token = token.id;
    theirs.webhook = (await house.asHost(createWebhook, { url, workspace_id: token.workspace.id })).id;
    const alert = sampleAlert({ workspaceId: token.workspace.id, tokenId: token.id });
    theirs.alert = alert.id;
    await house.engine.store.transact(({ alerts }) => alerts.insert(alert));
  });
  afterAll(() => house.close());

  const owner = { external_id: 'first-of-org-7' };
  const operations: readonly (readonly [keyof typeof theirs, AnyOperation<unknown>, object])[] = [
    ['webhook', readWebhook, {}],
    ['webhook', updateWebhook, { disabled: true }],
    ['webhook', rotateWebhookSecret, {}],
    ['webhook', testWebhook, {}],
    ['webhook', listWebhookDeliveries, {}],
    ['webhook', replayWebhook, { since: '2026-01-01T00:00:00Z' }],
    ['webhook', deleteWebhook, {}],
    ['alert', readAlert, {}],
    ['alert', acknowledgeAlert, {}],
    ['token', transferToken, { owner }],
    ['token', listPredecessors, {}],
    ['token', suggestTokenGrant, {}],
  ];
  const noticed = async () => {
    const { data } = await house.asHost(listDenials, { reason: 'cross_workspace_denied', limit: 100 });
    return data.length;
  };

  it.each(operations.map(([kind, operation, input]) => ({ kind, operation, input, id: operation.id })))(
    'is to $id like what there is not, and the operator is told',
    async ({ kind, operation, input }) => {
      const ask = (id: string) => rejectionOf(house.asBearer(asking, operation, { ...input, id }));
      const before = await noticed();
      const foreign = await ask(theirs[kind]);
      expect(await noticed()).toBe(before + 1);
      expect(foreign).toEqual(await ask(`${theirs[kind].slice(0, -4)}0000`));
      expect([foreign.code, await noticed()]).toEqual(['not_found', before + 1]);
    },
  );

  it('is told to the operator also where it is one of many', async () => {
    const before = await noticed();
    const { not_found_ids } = await house.asBearer(asking, revokeTokens, { ids: [theirs.token] });
    expect([not_found_ids, await noticed()]).toEqual([[theirs.token], before + 1]);
  });
});
