/**
 * The management client against a real API listener. Prevents a typed function that asks something else than its name says,
 * and an operation of the API that the client forgot.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyhouseError, type Management, management, type Operations } from '../../client/src/management/index.ts';
import { OPERATIONS } from '../../client/src/management/operations.ts';
import { PLACES } from '../../client/src/management/places.ts';
import { sampleAlert } from '../../src/testing/sample-records.ts';
import { describeBearerOperations } from '../../tools/describe-operations.ts';
import { requirePlaces } from '../../tools/render-methods.ts';
import { type Authority, OWNER, openAuthority } from './open-authority.ts';

let authority: Authority;
/** What was asked for, as `GET /v1/tokens`. */
const asked: string[] = [];
beforeAll(async () => {
  authority = await openAuthority();
});
afterAll(() => authority?.close());

function client(token = authority.adminToken): Management {
  return management({
    url: authority.url,
    token,
    fetch: (url, init) => {
      asked.push(`${init.method} ${new URL(url).pathname}`);
      return fetch(url, init);
    },
  });
}

/** Ids of what the steps make, by the name of the operation that made it. */
type Made = Partial<Record<keyof Operations, string>>;
type Step = (keyhouse: Management, made: Made) => Promise<{ readonly id?: string } | object>;

const MEMBER = { workspace: { external_id: 'org-7' }, permissions: ['servers:read'] };
const TOKEN = { name: 'ci', owner: OWNER, permissions: ['servers:read'] };
const idOf = (made: Made, operation: keyof Operations) => ({ id: made[operation] ?? '' });

const trialOf = (made: Made) => ({
  subject: { kind: 'token', ...idOf(made, 'createToken') } as const,
  change: { ip_allowlist: ['203.0.113.0/24'] },
});

/** Every operation once, in an order in which each finds what it needs. */
const ONE_DAY = { from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' };

const STEPS: Readonly<Record<keyof Operations, Step>> = {
  testAuthentication: (keyhouse) => keyhouse.auth.test(),
  createWorkspace: (keyhouse) => keyhouse.workspaces.create({ name: 'Another', external_id: 'org-8' }),
  listWorkspaces: (keyhouse) => keyhouse.workspaces.list({ limit: 1 }),
  readWorkspace: (keyhouse, made) => keyhouse.workspaces.read(idOf(made, 'createWorkspace')),
  updateWorkspace: (keyhouse, made) => keyhouse.workspaces.update({ ...idOf(made, 'createWorkspace'), name: 'New' }),
  createRole: (keyhouse) => keyhouse.roles.create({ name: 'reader', permissions: ['servers:read'] }),
  listRoles: (keyhouse) => keyhouse.roles.list(),
  updateRole: (keyhouse, made) => keyhouse.roles.update({ ...idOf(made, 'createRole'), name: 'readers' }),
  deleteRole: (keyhouse, made) => keyhouse.roles.delete(idOf(made, 'createRole')),
  putOwner: (keyhouse) => keyhouse.owners.put({ external_id: 'a/b ü?', ...MEMBER }),
  readOwner: (keyhouse) => keyhouse.owners.read({ external_id: 'a/b ü?' }),
  listOwners: (keyhouse) => keyhouse.owners.list({ search: 'a/b' }),
  updateOwner: (keyhouse) => keyhouse.owners.update({ external_id: 'a/b ü?', disabled: true }),
  syncOwners: (keyhouse) => keyhouse.owners.sync({ dry_run: true, lines: [{ external_id: 'user-43', ...MEMBER }] }),
  deleteOwner: (keyhouse) => keyhouse.owners.delete({ external_id: 'a/b ü?' }),
  createPortalSession: (keyhouse) => keyhouse.portalSessions.create({ owner: OWNER }),
  endPortalSession: (keyhouse, made) => keyhouse.portalSessions.end(idOf(made, 'createPortalSession')),
  endPortalSessions: (keyhouse) => keyhouse.portalSessions.endAll({ owner_external_id: OWNER.external_id }),
  createUser: (keyhouse) => keyhouse.users.create({ email: 'ada@example.com', memberships: [MEMBER] }),
  listUsers: (keyhouse) => keyhouse.users.list(),
  readUser: (keyhouse, made) => keyhouse.users.read(idOf(made, 'createUser')),
  updateUser: (keyhouse, made) => keyhouse.users.update({ ...idOf(made, 'createUser'), name: 'Ada' }),
  removeSecondFactor: (keyhouse, made) => keyhouse.users.removeSecondFactor(idOf(made, 'createUser')),
  removeSingleSignOn: (keyhouse, made) => keyhouse.users.removeSingleSignOn(idOf(made, 'createUser')),
  listUserSessions: (keyhouse, made) => keyhouse.users.listSessions(idOf(made, 'createUser')),
  endUserSessions: (keyhouse, made) => keyhouse.users.endSessions(idOf(made, 'createUser')),
  createPasswordReset: (keyhouse, made) => keyhouse.users.createPasswordReset(idOf(made, 'createUser')),
  deleteUser: (keyhouse, made) => keyhouse.users.delete(idOf(made, 'createUser')),
  createInvitation: (keyhouse) => keyhouse.invitations.create({ email: 'eve@example.com', permissions: [] }),
  listInvitations: (keyhouse) => keyhouse.invitations.list(),
  deleteInvitation: (keyhouse, made) => keyhouse.invitations.delete(idOf(made, 'createInvitation')),
  createServiceAccount: (keyhouse) => keyhouse.serviceAccounts.create({ name: 'deployer', ...MEMBER }),
  listServiceAccounts: (keyhouse) => keyhouse.serviceAccounts.list(),
  readServiceAccount: (keyhouse, made) => keyhouse.serviceAccounts.read(idOf(made, 'createServiceAccount')),
  updateServiceAccount: (keyhouse, made) =>
    keyhouse.serviceAccounts.update({ ...idOf(made, 'createServiceAccount'), name: 'robot' }),
  deleteServiceAccount: (keyhouse, made) => keyhouse.serviceAccounts.delete(idOf(made, 'createServiceAccount')),
  createToken: (keyhouse) => keyhouse.tokens.create(TOKEN),
  listTokens: (keyhouse) => keyhouse.tokens.list({ owner_external_id: 'user-42', live: true }),
  readToken: (keyhouse, made) => keyhouse.tokens.read(idOf(made, 'createToken')),
  createTrial: (keyhouse, made) => keyhouse.trials.create(trialOf(made)),
  listTrials: (keyhouse) => keyhouse.trials.list(),
  readTrial: (keyhouse, made) => keyhouse.trials.read(idOf(made, 'createTrial')),
  endTrial: (keyhouse, made) => keyhouse.trials.end(idOf(made, 'createTrial')),
  enforceTrial: async (keyhouse, made) =>
    keyhouse.trials.enforce({ id: (await keyhouse.trials.create(trialOf(made))).id }),
  updateToken: (keyhouse, made) =>
    keyhouse.tokens.update({ ...idOf(made, 'createToken'), ip_allowlist: ['203.0.113.0/24'] }),
  readTokenUsage: (keyhouse, made) => keyhouse.tokens.usage(idOf(made, 'createToken')),
  listAccesses: (keyhouse) => keyhouse.accessLog.list(ONE_DAY),
  exportAccesses: (keyhouse) => keyhouse.accessLog.export({ ...ONE_DAY, format: 'jsonl' }),
  suggestTokenGrant: (keyhouse, made) => keyhouse.tokens.suggest({ ...idOf(made, 'createToken'), days: 30 }),
  listGrantSuggestions: (keyhouse) => keyhouse.tokens.suggestions(),
  readTokenOptions: (keyhouse) => keyhouse.tokens.options(),
  verifyTokens: (keyhouse) => keyhouse.tokens.verify({ token: authority.verifyToken, all_of: [], cost: 0 }),
  tryToken: (keyhouse) => keyhouse.tokens.try({ token: authority.verifyToken }),
  findPastedToken: (keyhouse) => keyhouse.tokens.find({ token: authority.verifyToken }),
  readOverview: (keyhouse) => keyhouse.overview.read(),
  previewRevocation: (keyhouse, made) => keyhouse.tokens.previewRevocation(idOf(made, 'createToken')),
  rotateToken: (keyhouse, made) => keyhouse.tokens.rotate({ ...idOf(made, 'createToken'), grace_period: '1h' }),
  listPredecessors: (keyhouse, made) => keyhouse.tokens.predecessors(idOf(made, 'createToken')),
  transferToken: (keyhouse, made) => keyhouse.tokens.transfer({ ...idOf(made, 'createToken'), owner: OWNER }),
  revokeTokens: (keyhouse) => keyhouse.tokens.revokeMany({ filter: { search: 'nobody has this' }, dry_run: true }),
  importTokens: (keyhouse) =>
    keyhouse.tokens.import({
      ...{ source: 'table', recipe: 'sha256', prefix: 'old_', alphabet: 'hex', length_min: 32, length_max: 32 },
      dry_run: true,
      lines: [{ foreign_id: '1', digest: '0'.repeat(64), name: 'x', owner: OWNER, permissions: ['servers:read'] }],
    }),
  revokeToken: (keyhouse, made) =>
    keyhouse.tokens.revoke({ ...idOf(made, 'createToken'), scope: 'lineage', reason: 'test' }),
  listAuditEvents: (keyhouse) => keyhouse.audit.list({ limit: 5 }),
  exportAuditEvents: (keyhouse) => keyhouse.audit.export({ format: 'jsonl', limit: 5 }),
  eraseAuditText: (keyhouse) => keyhouse.audit.erase({ person: { email: 'nobody@example.com' } }),
  listAuditCheckpoints: (keyhouse) => keyhouse.auditCheckpoints.list(),
  listAuditKeys: (keyhouse) => keyhouse.audit.keys(),
  exportAccessReview: (keyhouse) => keyhouse.accessReviews.export({ format: 'csv' }),
  applyAccessReview: (keyhouse) =>
    keyhouse.accessReviews.apply({ dry_run: true, file_sha256: '0'.repeat(64), lines: [] }),
  listAlerts: async (keyhouse) => {
    const alert = sampleAlert();
    await authority.house.engine.store.transact(({ alerts }) => alerts.insert(alert));
    return { ...(await keyhouse.alerts.list({ state: 'open' })), id: alert.id };
  },
  readAlert: (keyhouse, made) => keyhouse.alerts.read(idOf(made, 'listAlerts')),
  acknowledgeAlert: (keyhouse, made) => keyhouse.alerts.acknowledge({ ...idOf(made, 'listAlerts'), note: 'known' }),
  acknowledgeAlerts: (keyhouse, made) => keyhouse.alerts.acknowledgeMany({ ids: [made.listAlerts ?? ''] }),
  listMails: (keyhouse) => keyhouse.mails.list({ state: 'given_up' }),
  previewReminders: (keyhouse) => keyhouse.reminders.preview(),
  createWebhook: (keyhouse) => keyhouse.webhooks.create({ url: 'https://hooks.example.com/' }),
  listWebhooks: (keyhouse) => keyhouse.webhooks.list(),
  readWebhook: (keyhouse, made) => keyhouse.webhooks.read(idOf(made, 'createWebhook')),
  updateWebhook: (keyhouse, made) => keyhouse.webhooks.update({ ...idOf(made, 'createWebhook'), event_types: null }),
  rotateWebhookSecret: (keyhouse, made) => keyhouse.webhooks.rotateSecret(idOf(made, 'createWebhook')),
  testWebhook: (keyhouse, made) => keyhouse.webhooks.test(idOf(made, 'createWebhook')),
  listWebhookDeliveries: (keyhouse, made) => keyhouse.webhooks.listDeliveries(idOf(made, 'createWebhook')),
  replayWebhookDelivery: (keyhouse, made) =>
    keyhouse.webhooks.replayDelivery({ ...idOf(made, 'createWebhook'), delivery_id: made.testWebhook ?? '' }),
  replayWebhook: (keyhouse, made) =>
    keyhouse.webhooks.replay({ ...idOf(made, 'createWebhook'), since: '2026-01-01T00:00:00Z' }),
  deleteWebhook: (keyhouse, made) => keyhouse.webhooks.delete(idOf(made, 'createWebhook')),
  listDenials: (keyhouse) => keyhouse.denials.list({ reason: 'insufficient_permissions' }),
  readDenial: async (keyhouse) => {
    const request = new Request(`${authority.url}/v1/roles`, {
      headers: { authorization: `Bearer ${authority.verifyToken}` },
    });
    const refused = await fetch(request);
    return keyhouse.denials.read({ request_id: refused.headers.get('x-request-id') ?? '' });
  },
  readProfile: (keyhouse) => keyhouse.profile.read(),
  applyProfile: (keyhouse) => keyhouse.profile.apply({ dry_run: true, profile: { extends: 'keyhouse', name: 'ours' } }),
};

const IDS = Object.keys(OPERATIONS) as (keyof Operations)[];

describe('the operations of the client', () => {
  it('are all performed below', () => {
    const missing = IDS.filter((id) => STEPS[id] === undefined);
    expect(missing, 'perform these too: add them to STEPS in this file').toEqual([]);
  });

  it('are those of the API: one that has no place is told with what to do', () => {
    const operations = IDS.map((id) => ({ id }));
    expect(() => requirePlaces(operations)).not.toThrow();
    expect(() => requirePlaces([...operations, { id: 'listDreams' }])).toThrow(
      'listDreams has no place in the management client: name it in client/src/management/places.ts',
    );
    expect(() => requirePlaces(operations.slice(1))).toThrow(/is no operation of the API: take it out of/);
  });

  it('reach what their names say, and the answer has the fields that its type names', async () => {
    const keyhouse = client();
    const made: Made = {};
    for (const [id, step] of Object.entries(STEPS) as [keyof Operations, Step][]) {
      asked.length = 0;
      const answer = (await step(keyhouse, made)) as { readonly id?: string };
      if (answer.id !== undefined) made[id] = answer.id;
      const { method, path } = OPERATIONS[id];
      const pattern = path.replace('{tokens}', '/v1/tokens').replaceAll(/\{\w+\}/g, '[^/]+');
      expect(asked.at(-1), id).toMatch(new RegExp(`^${method} ${pattern}$`));
      expect(Object.keys(answer), id).toEqual(expect.arrayContaining(fieldsOfAnswer(id)));
    }
    expect(await keyhouse.owners.list({ search: 'user-43' }), 'a dry run changed something').toMatchObject({
      data: [],
    });
    const [row] = (await keyhouse.audit.list({ limit: 1, action: 'token.revoked' })).data;
    expect(row?.details).toMatchObject({ token_ids: expect.arrayContaining([made.createToken]) });
  });

  it('are refused with one kind of error, which says what the server said and nothing secret', async () => {
    const revoked = await authority.makeToken({ permissions: ['servers:read'] });
    await authority.revoke(revoked.id);
    const keyhouse = client(revoked.value) as unknown as Record<string, Record<string, (input: object) => unknown>>;
    for (const [group, methods] of Object.entries(PLACES)) {
      for (const [name, id] of Object.entries(methods) as [string, keyof Operations][]) {
        const inPath = [...OPERATIONS[id].path.matchAll(/\{(\w+)\}/g)].map(([, field]) => [field, 'tok_4n2aZq8C4n2a']);
        const input = { lines: [], ...Object.fromEntries(inPath) };
        const error = await failure(() => keyhouse[group]?.[name]?.(input));
        expect(error, `${group}.${name}`).toMatchObject({ status: 401, code: 'invalid_token', problems: [] });
        expect(error.requestId).toMatch(/^req_/);
        expect(JSON.stringify([error, error.message, error.stack])).not.toContain(revoked.value);
      }
    }
  });
});

describe('an error', () => {
  it('names every place of the input that is wrong', async () => {
    const asked = { ...TOKEN, ip_allowlist: ['nowhere'], naem: 'ci' };
    const error = await failure(() => client().tokens.create(asked));
    expect(error).toMatchObject({ status: 400, code: 'invalid_input', retryAfterSeconds: null });
    expect(error.problems).toEqual([{ path: 'naem', message: 'There is no such field.' }]);
  });

  it('has what the server adds to it', async () => {
    const keyhouse = client();
    const { id } = await keyhouse.tokens.create(TOKEN);
    const { new_key } = await keyhouse.tokens.rotate({ id });
    const error = await failure(() => keyhouse.tokens.rotate({ id }));
    expect(error).toMatchObject({ status: 409, code: 'already_rotated', body: { successor_id: new_key.id } });
  });

  it('is a TypeError where the call cannot be meant', async () => {
    const keyhouse = client();
    for (const id of ['', '.', '..']) await expect(keyhouse.tokens.read({ id })).rejects.toThrow(TypeError);
    await expect(keyhouse.tokens.create(TOKEN, { idempotencyKey: 'two words' })).rejects.toThrow(TypeError);
    await expect(keyhouse.auth.test({}, { timeoutMs: 0 })).rejects.toThrow(TypeError);
    const keyed: object = { idempotencyKey: 'once' };
    await expect(keyhouse.users.create({ email: 'ada@example.com' }, keyed)).rejects.toThrow(/takes no idempotencyKey/);
  });
});

describe('a list', () => {
  it('is walked through over as many pages as it has, and no further than the loop goes', async () => {
    const keyhouse = client();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await keyhouse.tokens.create({ ...TOKEN, name: `page ${name}` });
    asked.length = 0;
    const names: string[] = [];
    for await (const { name } of keyhouse.tokens.all({ search: 'page', limit: 2 })) names.push(name);
    expect(names.sort()).toEqual(['page a', 'page b', 'page c', 'page d', 'page e']);
    expect(asked).toHaveLength(3);
    for await (const { name } of keyhouse.tokens.all({ search: 'page', limit: 2 })) {
      expect(name).toMatch(/^page/);
      break;
    }
    expect(asked).toHaveLength(4);
  });
});

describe('an idempotency key', () => {
  it('makes nothing a second time', async () => {
    const keyhouse = client();
    const options = { idempotencyKey: 'release-42' };
    const first = await keyhouse.tokens.create(TOKEN, options);
    const again = await keyhouse.tokens.create(TOKEN, options);
    expect(first.value).toMatch(/^kh_live_/);
    expect(again).toMatchObject({ id: first.id, value: null, already_issued: true });
  });
});

const { operations, schemas } = describeBearerOperations();

/** What every answer of the operation has, by the OpenAPI document. */
function fieldsOfAnswer(id: string): unknown[] {
  const output = operations.find((one) => one.id === id)?.output ?? {};
  const schema = typeof output.$ref === 'string' ? schemas[output.$ref.replace(/.*\//, '')] : output;
  return (schema?.required as unknown[] | undefined) ?? [];
}

/** What the call rejects with. */
async function failure(call: () => unknown): Promise<KeyhouseError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(KeyhouseError);
    return error as KeyhouseError;
  }
  throw new Error('the call was answered');
}
