import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bearerCaller,
  type Caller,
  createServiceAccount,
  createToken,
  putOwner,
  updateServiceAccount,
  updateToken,
} from '../../src/manage/index.ts';
import { becomeAdmin, externalToken, rejectionOf, workspaceManager } from '../../src/testing/cast.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';

const MAY = [
  'keyhouse-tokens:write',
  'keyhouse-tokens:read',
  'keyhouse-owners:act-as',
  'servers:read',
  'servers:write',
];

let house: TestEngine;
let accountId: string;
beforeAll(async () => {
  house = await testEngine();
  const { workspace } = await becomeAdmin(house);
  const account = await house.asHost(createServiceAccount, {
    name: 'deployer',
    workspace: { id: workspace.id },
    permissions: MAY,
  });
  accountId = account.id;
});
afterAll(() => house.close());

const tokenOfAccount = async (more: object = {}) => {
  const made = await house.asHost(createToken, {
    name: 'of the account',
    owner: { id: accountId },
    permissions: MAY,
    tier: 'unlimited',
    ...more,
  });
  return { id: made.id, value: made.value as string };
};

/** The caller as the door let it in, whatever happens to its token before the operation is performed. */
async function letIn(value: string): Promise<Caller> {
  const decision = await house.decide(value);
  if (!decision.allowed) throw new Error(decision.denial.cause);
  return bearerCaller(decision, value, { ip: null, requestId: 'req_let_in', idempotencyKey: null });
}

describe('row 25: a restricted token', () => {
  it('cannot let a stopped token of its owner work again that may do more than itself', async () => {
    const stopped = await tokenOfAccount();
    const restricted = await tokenOfAccount({ permissions: ['keyhouse-tokens:write', 'servers:read'] });
    await house.asHost(updateToken, { id: stopped.id, disabled: true });
    const enable = () => house.asBearer(restricted.value, updateToken, { id: stopped.id, disabled: false });
    expect(await rejectionOf(enable())).toMatchObject({ code: 'exceeds_creator' });
    expect(await house.verdict(stopped.value)).toBe('invalid_token');
    const equal = await tokenOfAccount();
    await house.asBearer(equal.value, updateToken, { id: stopped.id, disabled: false });
    expect(await house.verdict(stopped.value)).toBe('ok');
  });

  it('cannot let a stopped management token of another owner work again that holds what it does not', async () => {
    const { token } = await externalToken(house, { externalId: 'ext-1', workspace: 'org-1', may: ['servers:read'] });
    const strong = await house.asHost(createServiceAccount, {
      name: 'strong',
      workspace: { external_id: 'org-1' },
      permissions: ['keyhouse-audit:read'],
    });
    const management = await house.asHost(createToken, {
      name: 'strong',
      owner: { id: strong.id },
      permissions: ['keyhouse-audit:read'],
    });
    const restricted = await tokenOfAccount();
    for (const id of [token.id, management.id]) await house.asHost(updateToken, { id, disabled: true });
    await house.asBearer(restricted.value, updateToken, { id: token.id, disabled: false });
    const enable = house.asBearer(restricted.value, updateToken, { id: management.id, disabled: false });
    expect(await rejectionOf(enable)).toMatchObject({ code: 'exceeds_creator' });
  });
});

describe('row 59: a call that was let in before the acting token was narrowed', () => {
  const create = (caller: Caller, more: object = {}) =>
    house.as(caller, createToken, { name: 'late', permissions: ['servers:write'], tier: 'unlimited', ...more });

  it('makes no token with what was cut from the grant', async () => {
    const acting = await tokenOfAccount();
    const caller = await letIn(acting.value);
    await house.asHost(updateToken, { id: acting.id, permissions: ['keyhouse-tokens:write', 'servers:read'] });
    expect(await rejectionOf(create(caller))).toMatchObject({ code: 'authentication_required' });
  });

  it('makes no token for addresses or a time that were cut', async () => {
    const acting = await tokenOfAccount();
    const caller = await letIn(acting.value);
    await house.asHost(updateToken, { id: acting.id, ip_allowlist: ['203.0.113.0/24'] });
    expect(await rejectionOf(create(caller))).toMatchObject({ code: 'authentication_required' });
    const expiring = await tokenOfAccount();
    const second = await letIn(expiring.value);
    await house.asHost(updateToken, { id: expiring.id, expires_in: '1h' });
    expect(await rejectionOf(create(second))).toMatchObject({ code: 'authentication_required' });
  });

  it('acts for nobody once its owner may not', async () => {
    await externalToken(house, { externalId: 'ext-2', workspace: 'org-2', may: ['servers:read'] });
    const acting = await tokenOfAccount();
    const caller = await letIn(acting.value);
    const workspace = { id: caller.self?.workspaceId as string };
    await house.asHost(updateServiceAccount, { id: accountId, workspace, permissions: ['servers:read'] });
    const other = { owner: { external_id: 'ext-2' }, permissions: ['servers:read'] };
    expect(await rejectionOf(create(caller, other))).toMatchObject({ code: 'authentication_required' });
    await house.asHost(updateServiceAccount, { id: accountId, workspace, permissions: MAY });
    expect(await create(await letIn(acting.value), other)).toMatchObject({ state: 'active' });
  });

  it('a token that was only widened or renamed meanwhile goes on', async () => {
    const acting = await tokenOfAccount({ ip_allowlist: ['203.0.113.0/24'] });
    const decision = await house.decide(acting.value, { ip: '203.0.113.9' });
    if (!decision.allowed) throw new Error(decision.denial.cause);
    const caller = bearerCaller(decision, acting.value, { ip: null, requestId: 'req_w', idempotencyKey: null });
    await house.asHost(updateToken, { id: acting.id, name: 'renamed', ip_allowlist: null });
    expect(await create(caller, { ip_allowlist: ['203.0.113.7'] })).toMatchObject({ state: 'active' });
  });
});

describe('row 30: an owner out of reach', () => {
  it('is answered like one that does not exist, stopped or not, with or without the permission to act', async () => {
    await externalToken(house, { externalId: 'there', workspace: 'org-far', may: ['servers:read'] });
    await externalToken(house, { externalId: 'stopped', workspace: 'org-far', may: ['servers:read'] });
    await house.asHost(putOwner, { external_id: 'stopped', disabled: true });
    const actor = await workspaceManager(house, 'org-near', ['keyhouse-tokens:write', 'keyhouse-owners:act-as']);
    const writer = await workspaceManager(house, 'org-near2', ['keyhouse-tokens:write']);
    for (const { value } of [actor, writer]) {
      const answers = await Promise.all(
        ['nowhere', 'there', 'stopped'].map((external_id) =>
          rejectionOf(house.asBearer(value, createToken, { name: 'x', permissions: [], owner: { external_id } })),
        ),
      );
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });
});

describe('peers §5 row 22: a refused call', () => {
  it('spends nothing and is no use: creating a token without the permission', async () => {
    const { value } = await externalToken(house, {
      externalId: 'ext-3',
      workspace: 'org-3',
      may: ['servers:read'],
      token: { limits: [{ name: 'hour', limit: 1, seconds: 3600 }] },
    });
    const refused = await rejectionOf(house.asBearer(value, createToken, { name: 'x', permissions: [] }));
    expect(refused.code).toBe('denied: insufficient_permissions');
    expect(await house.verdict(value)).toBe('ok');
    expect(await house.verdict(value)).toBe('rate_limited');
  });
});
