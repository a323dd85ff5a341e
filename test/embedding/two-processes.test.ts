import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse } from '../../src/index.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { startPostgres } from '../services/postgres.ts';
import type { PostgresCluster } from '../services/postgres-cluster.ts';
import { startLoad, statusesAfter } from './load.ts';
import {
  type Account,
  addPerson,
  type OwnUsersApp,
  type Person,
  signIn,
  startOwnUsersApp,
  withToken,
} from './own-users.ts';

const ROUNDS = 30;

suiteNeeding('postgresql', 'the example application as two processes on one PostgreSQL', () => {
  let cluster: PostgresCluster;
  let folder: string;
  let apps: readonly [OwnUsersApp, OwnUsersApp];
  let admin: Person;
  let editor: Person & { id: string };
  /** A third process on the same store: this one. */
  let host: Keyhouse;

  beforeAll(async () => {
    cluster = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-two-'));
    const first = await startOwnUsersApp(cluster.url, folder);
    apps = [first, await startOwnUsersApp(cluster.url, folder)];
    admin = await signIn(first.api, first.admin as Account);
    editor = await addPerson(first.api, admin, 'editor');
    host = await createKeyhouse({ databaseUrl: cluster.url, secretsDir: join(folder, 'keyhouse.secrets') });
  }, 180_000);
  afterAll(async () => {
    await host?.close();
    await Promise.all((apps ?? []).map(({ process: running }) => running.stop()));
    await cluster?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Both directions in turn: where something is changed, and where it must be felt. */
  const direction = (round: number) => {
    const [here, there] = round % 2 === 0 ? apps : [apps[1], apps[0]];
    return { here: here.api, there: there.api };
  };
  /** A token that a loop of requests does not run into the limits of. */
  const unlimited = async (person: Person, at: string) => {
    const token = await person.mint(at);
    await host.tokens.update({ id: token.id, limits: 'unlimited' });
    return token;
  };
  const statuses = async (token: string, method = 'GET', body?: unknown) =>
    Promise.all(apps.map(async ({ api }) => (await withToken(api, token, method, body)).status));
  const change = async (at: string, person: { readonly id: string }, method: string, body?: unknown) => {
    const answer = await admin.request(at, `/admin/users/${person.id}`, method, body);
    expect(answer.status).toBeLessThan(300);
  };

  it('a second process joins the users and the signing key of the first', () => {
    expect(apps[0].admin).not.toBeNull();
    expect(apps[1]).toMatchObject({ admin: null, token: null });
  });

  it('rows 58, 65: what one creates the other takes at once, and what one revokes the other refuses at once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { here, there } = direction(round);
      const { id, value } = await unlimited(editor, here);
      expect((await withToken(there, value)).status).toBe(200);
      const revoke = () => editor.request(here, `/settings/tokens/${id}`, 'DELETE');
      expect(await statusesAfter(() => withToken(there, value), revoke)).toEqual([401]);
      expect(await statuses(value)).toEqual([401, 401]);
      expect((await revoke()).json).toMatchObject({ revoked_ids: [id], guarantee: { class: 'cluster' } });
    }
  }, 120_000);

  it('row 58: an admin of one process revokes on the page what the other accepts', async () => {
    for (let round = 0; round < 6; round++) {
      const { here, there } = direction(round);
      const { id, value } = await unlimited(editor, there);
      const revoke = async () => {
        const answer = await admin.request(here, `/admin/tokens/${id}`, 'POST');
        expect(answer.status).toBe(303);
      };
      expect(await statusesAfter(() => withToken(there, value), revoke)).toEqual([401]);
    }
  }, 60_000);

  it('row 29: a role that shrinks on one process shrinks the tokens of its user on the other', async () => {
    const person = await addPerson(apps[0].api, admin, 'editor');
    for (let round = 0; round < 10; round++) {
      const { here, there } = direction(round);
      const { value } = await unlimited(person, there);
      const write = () => withToken(there, value, 'POST', { title: 'read the log' });
      expect(await statusesAfter(write, () => change(here, person, 'PATCH', { role: 'viewer' }))).toEqual([403]);
      expect((await write()).json).toMatchObject({ code: 'insufficient_permissions', missing: ['tasks:write'] });
      expect(await statuses(value)).toEqual([200, 200]);
      await change(there, person, 'PATCH', { role: 'editor' });
      expect(await statuses(value, 'POST', { title: 'read it again' })).toEqual([201, 201]);
    }
  }, 120_000);

  it('row 29: a user suspended on one process has no working token on the other, until the suspension ends', async () => {
    const person = await addPerson(apps[0].api, admin, 'editor');
    const { value } = await unlimited(person, apps[0].api);
    for (let round = 0; round < 10; round++) {
      const { here, there } = direction(round);
      const suspend = () => change(here, person, 'PATCH', { suspended: true });
      expect(await statusesAfter(() => withToken(there, value), suspend)).toEqual([401]);
      await change(there, person, 'PATCH', { suspended: false });
      expect(await statuses(value)).toEqual([200, 200]);
    }
  }, 120_000);

  it('row 29: a user deleted on one process has no working token on the other', async () => {
    for (let round = 0; round < 6; round++) {
      const { here, there } = direction(round);
      const person = await addPerson(here, admin, 'editor');
      const { value } = await unlimited(person, there);
      expect(
        await statusesAfter(
          () => withToken(there, value),
          () => change(here, person, 'DELETE'),
        ),
      ).toEqual([401]);
      expect(await statuses(value)).toEqual([401, 401]);
    }
  }, 120_000);

  it('row 29: a workspace disabled by a third process stops every token in it', async () => {
    const { value } = await unlimited(editor, apps[0].api);
    const [{ api }, { api: other }] = apps;
    const workspace = (await host.owners.read({ external_id: editor.id })).memberships[0]?.workspace.id as string;
    for (const at of [api, other]) {
      const disable = () => host.workspaces.update({ id: workspace, disabled: true });
      expect(await statusesAfter(() => withToken(at, value), disable)).toEqual([401]);
      await host.workspaces.update({ id: workspace, disabled: false });
      expect(await statuses(value)).toEqual([200, 200]);
    }
  }, 60_000);

  it('a profile applied by a third process is in force for the next request', async () => {
    const { value } = await unlimited(editor, apps[0].api);
    const { profile } = await host.profile.read({});
    const closed = {
      ...profile,
      catalogue: [{ permission: 'projects:read', description: 'See projects', operations: [] }],
    };
    try {
      for (const { api } of apps) {
        const narrow = () => host.profile.apply({ profile: closed, allow_narrowing: true });
        expect(await statusesAfter(() => withToken(api, value), narrow)).toEqual([403]);
        await host.profile.apply({ profile });
        expect(await statuses(value)).toEqual([200, 200]);
      }
    } finally {
      await host.profile.apply({ profile, allow_narrowing: true });
    }
  }, 60_000);

  it('row 64: both processes together admit exactly the limit, however the requests are spread', async () => {
    for (let round = 0; round < 3; round++) {
      const { value } = await editor.mint(apps[0].api, { tier: 'standard' });
      const answers: number[] = [];
      for (let wave = 0; wave < 8; wave++) {
        const asked = Array.from({ length: 20 }, (_, index) => withToken(apps[index % 2 === 0 ? 0 : 1].api, value));
        answers.push(...(await Promise.all(asked)).map(({ status }) => status));
      }
      expect(answers.filter((status) => status === 200)).toHaveLength(100);
      expect(answers.filter((status) => status === 429)).toHaveLength(60);
    }
  }, 120_000);

  it('row 88: a crash of PostgreSQL is 503 and never an accept, and both processes heal by themselves', async () => {
    const { value } = await unlimited(editor, apps[0].api);
    const ended = await unlimited(editor, apps[1].api);
    await editor.request(apps[0].api, `/settings/tokens/${ended.id}`, 'DELETE');
    const loads = apps.flatMap(({ api }) => [
      { good: true, load: startLoad(() => withToken(api, value)) },
      { good: false, load: startLoad(() => withToken(api, ended.value)) },
    ]);
    await Promise.all(loads.map(({ load }) => load.answered(8)));
    const made: Promise<number>[] = [];
    const create = (at: string) => editor.request(at, '/settings/tokens', 'POST', { name: 'x', permissions: [] });
    for (const { api } of apps) made.push(create(api).then(({ status }) => status));
    await cluster.restart('immediate');
    for (const { api } of apps) made.push(create(api).then(({ status }) => status));
    for (const { api } of apps) {
      await eventually(async () => (await withToken(api, value)).status === 200, 10_000, 'tokens are accepted again');
      await eventually(async () => (await create(api)).status === 201, 10_000, 'tokens are created again');
    }
    for (const { load } of loads) load.mark();
    const felt = new Set<number>();
    await Promise.all(loads.map(({ load }) => load.answered(8)));
    for (const { good, load } of loads) {
      const { before, after } = await load.stop();
      for (const status of before) felt.add(status);
      expect([...before].filter((status) => status !== (good ? 200 : 401) && status !== 503)).toEqual([]);
      expect([...after]).toEqual([good ? 200 : 401]);
    }
    expect(felt).toContain(503);
    expect((await Promise.all(made)).filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect(apps.map(({ process: { pid } }) => isRunning(pid))).toEqual([true, true]);
  }, 60_000);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
