/** What surrounds trials: who may, what is no trial, and that nothing of them can reach a decision. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrialObserver, TrialRecorder } from '../../src/authenticate/index.ts';
import { createKeyhouse } from '../../src/index.ts';
import { StorageUnavailable } from '../../src/ports/index.ts';
import { externalToken, workspaceManager } from '../../src/testing/cast.ts';
import { eventually } from '../services/deadline.ts';
import { type ObservedHouse, openObservedHouse } from './observed-house.ts';

const WRITE = { all_of: ['servers:write'] };
const BOTH = ['servers:read', 'servers:write'];
const CUT = { permissions: ['servers:read'] };

describe('trials', () => {
  let observed: ObservedHouse;
  beforeAll(async () => {
    observed = await openObservedHouse(null);
  });
  afterAll(() => observed?.close());

  it('row 30: a token, owner or trial of another workspace is answered like one that does not exist', async () => {
    const { house, api, caller, observe } = observed;
    const ours = await caller('ours', BOTH);
    const trial = await observe({ kind: 'token', id: ours.id }, CUT);
    const { value } = await workspaceManager(house, 'org-8', ['keyhouse-tokens:write', 'keyhouse-owners:write']);
    const shapes = await Promise.all(
      [
        api('POST', '/v1/trials', { subject: { kind: 'token', id: ours.id }, change: CUT }, value),
        api('POST', '/v1/trials', { subject: { kind: 'token', id: 'tok_0000000000000000000000' }, change: CUT }, value),
        api(
          'POST',
          '/v1/trials',
          { subject: { kind: 'owner', external_id: 'ours' }, change: { memberships: [] } },
          value,
        ),
        api(
          'POST',
          '/v1/trials',
          { subject: { kind: 'owner', external_id: 'nobody' }, change: { memberships: [] } },
          value,
        ),
        api('GET', `/v1/trials/${trial.id}`, undefined, value),
        api('GET', '/v1/trials/trl_0000000000000000000000', undefined, value),
        api('DELETE', `/v1/trials/${trial.id}`, undefined, value),
        api('POST', `/v1/trials/${trial.id}/enforce`, undefined, value),
      ].map(async (asked) => {
        const { status, json } = await asked;
        return [status, json.code];
      }),
    );
    expect(shapes).toEqual(shapes.map(() => [404, 'not_found']));
    expect((await api('GET', '/v1/trials', undefined, value)).json.data).toEqual([]);
    await api('DELETE', `/v1/trials/${trial.id}`);
  });

  it('a manager of one workspace observes, reads and enforces there, and no role or profile', async () => {
    const { house, api, caller, verify } = observed;
    const ours = await caller('within', BOTH);
    const { value } = await workspaceManager(house, 'org-7', ['keyhouse-tokens:write', 'keyhouse-roles:write']);
    const made = await api('POST', '/v1/trials', { subject: { kind: 'token', id: ours.id }, change: CUT }, value);
    expect(made.status).toBe(201);
    await verify(ours.value, WRITE);
    const { json: seen } = await api('GET', '/v1/trials', undefined, value);
    expect(seen.data.find(({ id }: { id: string }) => id === made.json.id)).toMatchObject({ would_break: 1 });
    const role = { subject: { kind: 'role', id: 'rol_0000000000000000000000' }, change: CUT };
    expect((await api('POST', '/v1/trials', role, value)).status).toBe(403);
    expect((await api('POST', '/v1/trials', { subject: { kind: 'profile' }, change: {} }, value)).status).toBe(403);
    expect((await api('POST', `/v1/trials/${made.json.id}/enforce`, undefined, value)).status).toBe(200);
    expect((await api('GET', '/v1/trials', undefined, ours.value)).status).toBe(403);
  });

  it('says what is wrong at its place, and refuses what would refuse nothing', async () => {
    const { api, caller } = observed;
    const { id } = await caller('wrong', ['servers:read']);
    const subject = { kind: 'token', id };
    const cases = [
      [{ subject, change: { permissions: ['nonsense'] } }, 400, 'change.permissions.0'],
      [{ subject, change: { ip_allowlist: ['203.0.113.0/24', 'x'] } }, 400, 'change.ip_allowlist.1'],
      [{ subject, change: { disabled: true } }, 400, 'change.disabled'],
      [{ subject, change: {} }, 400, 'change'],
      [{ subject: { kind: 'token' }, change: CUT }, 400, 'subject.id'],
      [{ subject, change: CUT, ends_in: '91d' }, 400, 'ends_in'],
      [{ subject, change: CUT, ends_at: '2020-01-01T00:00:00Z' }, 400, 'ends_at'],
      [{ subject, change: { permissions: ['servers:read', 'servers:write'] } }, 403, 'permissions'],
      [{ subject, change: { permissions: ['servers:read'] } }, 409, undefined],
      [{ subject, change: { ip_allowlist: null } }, 409, undefined],
    ] as const;
    for (const [body, status, path] of cases) {
      const answer = await api('POST', '/v1/trials', body);
      const place = answer.json.problems?.[0]?.path ?? answer.json.errors?.[0]?.path;
      expect([answer.status, place?.replace(/^change\.(?=permissions$)/, '')], JSON.stringify(body)).toEqual([
        status,
        path,
      ]);
    }
    expect((await api('GET', `/v1/tokens/${id}`)).json.grant.permissions).toEqual(['servers:read']);
  });

  it('row 74: runs twenty trials of a workspace at once and no more, whatever runs in another', async () => {
    const { api, caller, observe, house } = observed;
    const { id } = await caller('many', BOTH);
    const before = await house.engine.store.trials.inForce(house.clock.now());
    const ids = before.filter(({ workspaceId }) => workspaceId !== null).map((trial) => trial.id);
    while (ids.length < 20) ids.push((await observe({ kind: 'token', id }, CUT)).id);
    expect((await api('POST', '/v1/trials', { subject: { kind: 'token', id }, change: CUT })).status).toBe(409);
    const elsewhere = await externalToken(house, { externalId: 'elsewhere', workspace: 'org-9', may: BOTH });
    ids.push((await observe({ kind: 'token', id: elsewhere.token.id }, CUT)).id);
    for (const one of ids) await api('DELETE', `/v1/trials/${one}`);
  });

  it('row 30: lists trials to who could make their change, and in the workspace of the caller alone', async () => {
    const { house, api, caller, observe } = observed;
    await caller('listed', BOTH);
    const trial = await observe(
      { kind: 'owner', external_id: 'listed' },
      { workspace: { external_id: 'org-7' }, permissions: ['servers:read'] },
    );
    const seenBy = async (workspace: string, permission: string) => {
      const { value } = await workspaceManager(house, workspace, [permission]);
      const { json } = await api('GET', '/v1/trials?limit=100', undefined, value);
      return json.data.some(({ id }: { id: string }) => id === trial.id);
    };
    expect(await seenBy('org-7', 'keyhouse-owners:write')).toBe(true);
    expect(await seenBy('org-7', 'keyhouse-users:write')).toBe(false);
    expect(await seenBy('org-7', 'keyhouse-tokens:write')).toBe(false);
    expect(await seenBy('org-9', 'keyhouse-owners:write')).toBe(false);
    await api('DELETE', `/v1/trials/${trial.id}`);
  });

  it('a trial that cannot count refuses nobody and is told once', async () => {
    const { house, caller, observe } = observed;
    const { id, value } = await caller('uncounted', BOTH);
    await observe({ kind: 'token', id }, { limits: [{ name: 'hour', limit: 1, seconds: 3_600 }] });
    const failures: unknown[] = [];
    let asked = 0;
    const observer = new TrialObserver({
      recorder: new TrialRecorder(house.engine.trials.log),
      counter: {
        consume() {
          asked += 1;
          if (asked % 2 === 0) throw new StorageUnavailable('no counters');
          return Promise.reject(new StorageUnavailable('no counters'));
        },
        close: async () => {},
      },
      onFailed: (error) => failures.push(error),
    });
    observer.follow(await house.engine.store.trials.inForce(house.clock.now()), []);
    house.engine.authenticator.observeWith(observer);
    for (let times = 0; times < 4; times++) expect(await house.verdict(value)).toBe('ok');
    await observer.settled();
    expect([asked, failures.length]).toEqual([4, 1]);
    await house.engine.trials.follow();
  });
});

describe('a trial in a data folder', () => {
  it('goes on after a restart, and judges what attached processes ask', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-trials-'));
    const open = (attach = false) => createKeyhouse({ dataDir: join(folder, 'data'), ...(attach && { attach }) });
    const running: Awaited<ReturnType<typeof open>>[] = [];
    try {
      const first = await open();
      running.push(first);
      await first.owners.put({
        external_id: 'user-42',
        workspace: { external_id: 'org-7' },
        permissions: BOTH,
      });
      const made = await first.tokens.create({ name: 'ci', owner: { external_id: 'user-42' }, permissions: BOTH });
      const trial = await first.trials.create({ subject: { kind: 'token', id: made.id }, change: CUT });
      const request = {
        rawHeaders: ['Authorization', `Bearer ${made.value}`],
        url: '/servers',
        method: 'POST',
        ip: '203.0.113.9',
      };
      const call = (from: typeof first) => from.authenticate(request, { permission: 'servers:write' });
      expect((await call(first)).allowed).toBe(true);
      await first.close();

      const second = await open();
      running.push(second);
      const attached = await open(true);
      running.push(attached);
      expect((await call(second)).allowed).toBe(true);
      expect((await call(attached)).allowed).toBe(true);
      const read = await eventually(
        async () => {
          const answer = await attached.trials.read({ id: trial.id });
          return answer.judged === 3 ? answer : null;
        },
        10_000,
        'all three requests to be judged',
      );
      expect(read.findings).toMatchObject([{ missing: ['servers:write'], count: 3, token: { name: 'ci' } }]);
      const { guarantee } = await attached.trials.enforce({ id: trial.id });
      expect(guarantee?.class).toBe('process');
      expect((await call(attached)).allowed).toBe(false);
    } finally {
      for (const one of running.reverse()) await one.close().catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
