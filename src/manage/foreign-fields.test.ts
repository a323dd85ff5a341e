import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUp } from '../people/index.ts';
import { externalToken, rejectionOf } from '../testing/cast.ts';
import { type AnyOperation, type TestEngine, testEngine } from '../testing/engine.ts';
import * as manage from './index.ts';
import { anonymousCaller, type Operation } from './index.ts';

type Tried = AnyOperation<unknown> & Pick<Operation, 'effect'>;
const EXPORTED: readonly unknown[] = [...Object.values(manage), setUp];
const OPERATIONS = EXPORTED.filter(
  (value): value is Tried => typeof value === 'object' && value !== null && 'effect' in value && 'run' in value,
);

/** What the server alone says of a thing, and what would say who somebody is. */
const NOT_FOR_CALLERS = {
  user_id: 'usr_0000000000000000000000',
  owner_id: 'own_0000000000000000000000',
  as: 'admin',
  is_admin: true,
  kind: 'user',
  state: 'active',
  value: 'kh_live_00000000000000000000000000000000',
  digest: 'x',
  hint: 'kh_live_x',
  pepper_version: 1,
  parent_id: null,
  sole_key: null,
  superseded_by: null,
  grace_ends_at: null,
  revoked_at: null,
  deleted_at: null,
  disabled_at: null,
  disabled_by_provider_at: null,
  created_at: '2020-01-01T00:00:00Z',
  created_by: { kind: 'operator', id: null },
  first_used_at: null,
  home: true,
  built_in: true,
  everything: true,
  version: 99,
  password_hash: 'x',
};

/** Of exports, which are written down: what narrows a list is called like what it is about. */
const FILTERS: Readonly<Record<string, readonly string[]>> = { exportAccesses: ['owner_id'] };

describe('row 30b: what the server says is never the body’s to say', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());
  const nobody = anonymousCaller({ ip: null, requestId: 'req_1', idempotencyKey: null });

  for (const operation of OPERATIONS.filter(({ effect }) => effect === 'changes')) {
    it(`${operation.id} refuses every such field by name`, async () => {
      const before = await house.engine.store.changeFeed.newest();
      for (const [field, value] of Object.entries(NOT_FOR_CALLERS)) {
        if (FILTERS[operation.id]?.includes(field)) continue;
        const caller = operation.id === 'setUp' ? nobody : house.host();
        const { code, problems } = await rejectionOf(house.as(caller, operation, { [field]: value }));
        expect(code, field).toBe('invalid_input');
        expect(problems).toContainEqual({ path: field, message: 'There is no such field.' });
      }
      expect(await house.engine.store.changeFeed.newest()).toBe(before);
    });
  }

  it('peers §5 row 1: without a token nothing is done, whatever the body says about who it is', async () => {
    const { owner, token } = await externalToken(house, { externalId: 'a', workspace: 'o', may: ['servers:read'] });
    const bodies = [
      {},
      { id: token.id },
      { id: owner.id },
      { external_id: 'a' },
      { name: 'x', permissions: ['servers:read'] },
      { name: 'x', permissions: ['servers:read'], owner: { external_id: 'a' } },
      { name: 'x', permissions: ['servers:read'], actor: { external_id: 'a' } },
      { email: 'x@example.com', roles: ['admin'], workspace: { external_id: 'o' } },
      { id: 'current' },
      { token: 'x', all_of: [] },
      { lines: [] },
      { profile: {} },
    ];
    const before = await house.engine.store.changeFeed.newest();
    for (const operation of OPERATIONS) {
      for (const body of bodies) {
        const { code } = await rejectionOf(house.as(nobody, operation, body));
        const refusals = ['insufficient_permissions', 'authentication_required', 'not_found', 'invalid_input'];
        expect(refusals, `${operation.id} ${JSON.stringify(body)}`).toContain(code);
      }
    }
    expect(await house.engine.store.changeFeed.newest()).toBe(before);
  });

  it('a token without a permission is told which one it lacks, by every operation that needs one', async () => {
    const { value } = await externalToken(house, { externalId: 'b', workspace: 'o', may: ['servers:read'] });
    for (const operation of OPERATIONS) {
      const { access } = operation;
      if (!('needs' in access) || access.orSelf === true) continue;
      const { code } = await rejectionOf(house.asBearer(value, operation, {}));
      expect(code, operation.id).toBe('denied: insufficient_permissions');
    }
  });
});
