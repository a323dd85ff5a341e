import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { suiteNeeding } from '../../test/services/leftover.ts';
import { requireDatabase } from '../../test/services/postgres.ts';
import {
  anonymousCaller,
  createToken,
  createUser,
  listAuditEvents,
  listRoles,
  listUsers,
  listWorkspaces,
  putOwner,
  verifyTokens,
} from '../manage/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { generateToken } from '../token/index.ts';
import { hasAdmin, issueSetupCode, SETUP_CODE_LIFETIME_MS, setUp } from './index.ts';

const PERSON = { email: 'Grace@Provider.example', password: 'a long and quiet evening', workspace: 'Provider' };

function becoming(house: TestEngine) {
  const nobody = anonymousCaller({ ip: '192.0.2.7', requestId: 'req_setup', idempotencyKey: null });
  return (code: string, input: object = PERSON) => house.as(nobody, setUp, { code, ...input });
}

describe('becoming the first administrator (row 30c, wire "Set-up")', () => {
  let house: TestEngine;
  let become: ReturnType<typeof becoming>;
  beforeEach(async () => {
    house = await testEngine();
    become = becoming(house);
  });
  afterEach(() => house.close());

  it('makes a user with the role admin, the home workspace and a token, once', async () => {
    expect(await hasAdmin(house.engine)).toBe(false);
    const code = await issueSetupCode(house.engine);
    const made = await become(code);
    expect(made.user).toMatchObject({
      kind: 'user',
      email: 'grace@provider.example',
      memberships: [{ workspace: { name: 'Provider' }, permissions: [], roles: ['admin'] }],
    });
    expect(made.workspace).toMatchObject({ name: 'Provider', home: true, external_id: null });
    expect(made.token).toMatchObject({
      environment: 'live',
      owner: { id: made.user.id },
      limits: { tier: 'unlimited' },
    });
    expect(await hasAdmin(house.engine)).toBe(true);
    expect(await rejectionOf(become(code))).toMatchObject({ code: 'already_set_up' });
    const next = await issueSetupCode(house.engine);
    expect(await rejectionOf(become(next, { ...PERSON, email: 'x@example.com' })), 'nor with a new code').toMatchObject(
      {
        code: 'already_set_up',
      },
    );
  });

  it('wire: the first token holds all of keyhouse-* and nothing else', async () => {
    const { token } = await become(await issueSetupCode(house.engine));
    expect(await house.verdict(token.value, ['keyhouse-tokens:write', 'keyhouse-profile:write'])).toBe('ok');
    expect(await house.verdict(token.value, ['servers:read'])).toBe('insufficient_permissions');
    const second = await house.asBearer(token.value, createUser, {
      email: 'second@provider.example',
      workspace: { id: token.workspace.id },
      roles: ['admin'],
    });
    expect(second.memberships[0]?.roles).toEqual(['admin']);
    const owner = { external_id: 'user-42', workspace: { external_id: 'org-7' }, permissions: ['servers:read'] };
    await house.asBearer(token.value, putOwner, owner);
    const made = await house.asBearer(token.value, createToken, {
      name: 'ci',
      owner: { external_id: 'user-42' },
      permissions: ['servers:read'],
    });
    const verdict = await house.asBearer(token.value, verifyTokens, { token: made.value, all_of: ['servers:read'] });
    expect(verdict).toMatchObject({ allowed: true });
  });

  it('is done by one of 20 at the same moment; the others change nothing', async () => {
    const code = await issueSetupCode(house.engine);
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => become(code, { ...PERSON, email: `person${index}@example.com` })),
    );
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
    const codes = attempts.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'done'));
    expect(new Set(codes)).toEqual(new Set(['done', 'already_set_up']));
    expect((await house.asHost(listUsers, {})).data).toHaveLength(1);
    expect((await house.asHost(listWorkspaces, {})).data).toHaveLength(1);
    expect((await house.asHost(listRoles, {})).data.map(({ name }) => name)).toEqual(['admin', 'member', 'support']);
    expect((await house.asHost(listAuditEvents, { action: 'installation.set_up' })).data).toHaveLength(1);
  });

  it('takes the code for 30 minutes and not a millisecond longer', async () => {
    const late = await issueSetupCode(house.engine);
    house.clock.advance(SETUP_CODE_LIFETIME_MS);
    expect(await rejectionOf(become(late))).toMatchObject({ code: 'setup_code_invalid' });
    const inTime = await issueSetupCode(house.engine);
    house.clock.advance(SETUP_CODE_LIFETIME_MS - 1);
    await become(inTime);
  });

  it('takes the newest code only: a restart ends the one before', async () => {
    const first = await issueSetupCode(house.engine);
    const second = await issueSetupCode(house.engine);
    expect(await rejectionOf(become(first))).toMatchObject({ code: 'setup_code_invalid' });
    await become(second);
  });

  it('bounds guessing: after ten wrong codes the right one has ended too', async () => {
    const format = house.engine.authenticator.profile.profile.token;
    const guess = () => generateToken(format, 'setup', 'live', house.engine.random);
    const code = await issueSetupCode(house.engine);
    for (let count = 0; count < 9; count++) {
      expect(await rejectionOf(become(guess()))).toMatchObject({ code: 'setup_code_invalid' });
    }
    const spared = await issueSetupCode(house.engine);
    for (let count = 0; count < 10; count++) await rejectionOf(become(guess()));
    expect(await rejectionOf(become(spared))).toMatchObject({ code: 'setup_code_invalid' });
    expect(await rejectionOf(become(code))).toMatchObject({ code: 'setup_code_invalid' });
    await become(await issueSetupCode(house.engine));
  });

  it('charges nothing for a code that is mistyped, and does not look for it', async () => {
    const code = await issueSetupCode(house.engine);
    for (const typo of [
      code.slice(0, -1),
      `${code}x`,
      'kh_live_00000000000000000000000000000000',
      '',
      code.toUpperCase(),
    ]) {
      for (let count = 0; count < 5; count++) {
        expect(await rejectionOf(become(typo))).toMatchObject({
          code: 'setup_code_invalid',
          message: 'The set-up code is incomplete or mistyped.',
        });
      }
    }
    await become(code);
  });

  it('asks for a password and a person worth the name before it spends the code', async () => {
    const code = await issueSetupCode(house.engine);
    const attempt = async (input: object) => (await rejectionOf(become(code, { ...PERSON, ...input }))).problems;
    expect(await attempt({ password: 'short' })).toEqual([
      { path: 'password', message: 'Use at least 10 characters.' },
    ]);
    expect(await attempt({ password: 'grace@provider.example' })).toMatchObject([{ path: 'password' }]);
    expect(await attempt({ email: 'nobody' })).toMatchObject([{ path: 'email' }]);
    expect(await attempt({ workspace: '' })).toHaveLength(1);
    expect(await attempt({ role: 'admin' })).toMatchObject([{ path: 'role' }]);
    await become(code);
  });

  it('keeps neither the code nor the password nor the token in the audit log', async () => {
    const code = await issueSetupCode(house.engine);
    const { token, user } = await become(code);
    const { data } = await house.asHost(listAuditEvents, { limit: 100 });
    const text = JSON.stringify(data);
    for (const secret of [code, PERSON.password, token.value]) expect(text).not.toContain(secret);
    expect(data.find((event) => event.action === 'installation.set_up')).toMatchObject({
      actor: { kind: 'user', id: user.id },
      personal: { email: 'grace@provider.example', ip: '192.0.2.7' },
    });
    expect(JSON.stringify(data[0]?.details)).not.toContain('grace');
  });

  it('names the home workspace after the provider’s own id for it, if it has one', async () => {
    const made = await become(await issueSetupCode(house.engine), {
      ...PERSON,
      name: 'Grace',
      workspace: { name: 'Provider', external_id: 'internal' },
    });
    expect(made.workspace).toMatchObject({ external_id: 'internal', home: true });
    expect(made.user.name).toBe('Grace');
  });

  it('is over where the host application has made users itself', async () => {
    await house.asHost(createUser, { email: 'made@example.com' });
    expect(await hasAdmin(house.engine)).toBe(true);
    expect(await rejectionOf(become(await issueSetupCode(house.engine)))).toMatchObject({ code: 'already_set_up' });
  });
});

describe('set-up under a profile with one token per owner and no environments', () => {
  const sole: Profile = {
    ...keyhouse,
    name: 'sole',
    token: { ...keyhouse.token, environments: [] },
    grants: ['inherit'],
    onePerOwner: true,
    expiry: { lifetime: '365d', lifetimeMax: null },
    rotation: { gracePeriod: '0s' },
    limits: { ...keyhouse.limits, tiers: { standard: keyhouse.limits.tiers.standard as never } },
  };
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine({ profile: sole });
  });
  afterAll(() => house.close());

  it('makes a management token that the administrator’s own API token does not end', async () => {
    const { token, user } = await becoming(house)(await issueSetupCode(house.engine));
    expect(token).toMatchObject({ environment: null, limits: { tier: 'standard' } });
    expect(token.expires_at).not.toBeNull();
    const own = await house.asHost(createToken, { name: 'API', owner: { id: user.id }, inherit: true });
    expect(own.value).not.toBeNull();
    expect(await house.verdict(token.value, ['keyhouse-tokens:read'])).toBe('ok');
    expect(await house.verdict(own.value as string, ['anything:at-all'])).toBe('ok');
    expect(await house.verdict(own.value as string, ['keyhouse-tokens:read'])).toBe('insufficient_permissions');
  });
});

suiteNeeding('postgresql', 'becoming the first administrator on PostgreSQL', () => {
  it('row 30c: is done by one of 20 at the same moment, over two processes', async () => {
    const database = await requireDatabase();
    const house = await testEngine({ databaseUrl: database.url });
    const other = await testEngine({ databaseUrl: database.url, besides: house });
    const code = await issueSetupCode(house.engine);
    const attempts = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        becoming(index % 2 === 0 ? house : other)(code, { ...PERSON, email: `person${index}@example.com` }),
      ),
    );
    const codes = attempts.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'done'));
    expect(codes.filter((one) => one === 'done')).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set(['done', 'already_set_up']));
    await other.close();
    await house.close();
    await database.drop();
  });
});
