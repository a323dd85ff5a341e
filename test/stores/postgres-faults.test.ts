/**
 * Prevents a store on PostgreSQL that takes a lost commit for a made one, reads from a server that may be behind, or
 * does not come back after the server did.
 */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Transaction } from '../../src/ports/index.ts';
import { openPostgresStore, SchemaTooNew, type SqlStoreHandle, verifyAuditChain } from '../../src/stores/sql/index.ts';
import { sampleDraft, sampleOwner, sampleToken } from '../../src/testing/sample-records.ts';
import { seedMember } from '../../src/testing/store-cases/store-case.ts';
import { type ChaosProxy, startChaosProxy } from '../services/chaos-proxy.ts';
import { eventually, within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type FreshDatabase, requireDatabase, startPostgres } from '../services/postgres.ts';
import type { PostgresCluster } from '../services/postgres-cluster.ts';

const unavailable = { name: 'StorageUnavailable' };

async function change({ owners, changes, audit }: Transaction): Promise<string> {
  const owner = sampleOwner();
  await owners.insertOwner(owner);
  const seq = await changes.append([{ kind: 'owner', id: owner.id }], 1);
  await audit.append(seq, sampleDraft({ subject: { kind: 'owner', id: owner.id } }));
  return owner.id;
}

async function asAdmin<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

suiteNeeding('postgresql', 'a store on PostgreSQL behind a bad network', () => {
  let database: FreshDatabase;
  let network: ChaosProxy;
  let handle: SqlStoreHandle;
  let direct: SqlStoreHandle;
  beforeEach(async () => {
    database = await requireDatabase();
    network = await startChaosProxy(database);
    direct = await openPostgresStore({ url: database.url });
    handle = await openPostgresStore({ url: network.through(database.url) });
  });
  afterEach(async () => {
    await network?.close();
    await handle?.store.close();
    await direct?.store.close();
    await database?.drop();
  });

  it('row 88: a connection cut anywhere in a transaction is never taken for a commit, and the next one is new', async () => {
    const { store } = handle;
    const acknowledged: string[] = [];
    const refused: string[] = [];
    for (let bytes = 0; acknowledged.length === 0; bytes += 5) {
      await store.transact(change);
      let id = '';
      network.cutAnswerAfter(bytes);
      try {
        await store.transact(async (transaction) => {
          id = await change(transaction);
        });
        acknowledged.push(id);
      } catch (error) {
        expect(error).toMatchObject(unavailable);
        refused.push(id);
      }
      network.heal();
    }
    for (const each of acknowledged) expect(await direct.store.owners.find({ id: each })).not.toBeNull();
    const unknown = refused.filter((id) => id !== '');
    expect(unknown.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(20);
    const events = await direct.store.audit.read(0, 10_000);
    const audited = new Set(events.map(({ subject }) => subject?.id));
    for (const each of unknown) expect(audited.has(each)).toBe((await direct.store.owners.find({ id: each })) !== null);
    expect(verifyAuditChain(events, undefined, await direct.auditHead())).toMatchObject({ sound: true });
  });

  it('row 88: a read whose idle connection has died is asked again on a new one', async () => {
    const { owner, workspace } = await seedMember(handle.store);
    const token = sampleToken(owner, workspace);
    await handle.store.transact(({ tokens }) => tokens.insert(token));
    for (let round = 0; round < 5; round++) {
      expect((await handle.store.facts.findByDigest([token.digest]))?.token.id).toBe(token.id);
      network.cut();
    }
  });

  it('row 91: a server that does not answer is an outage within a second, and no queue remains of it', async () => {
    await handle.store.facts.findByDigest(['none']);
    network.stall('answers');
    const asked = Array.from({ length: 50 }, () => handle.store.facts.findByDigest(['none']));
    for (const result of await within(Promise.allSettled(asked), 10_000, 'every read is refused')) {
      expect(result).toMatchObject({ status: 'rejected', reason: unavailable });
    }
    const counted = handle.counters?.consume('lin_1', [{ name: 'day', limit: 1, seconds: 86_400 }], 1);
    await expect(counted).rejects.toMatchObject(unavailable);
    network.heal();
    await eventually(
      async () => (await handle.store.facts.findByDigest(['none'])) === null,
      10_000,
      'reads work again',
    );
  });

  it('row 70: more lookups than can be waited for are refused at once, and none is accepted', async () => {
    await handle.store.facts.findByDigest(['none']);
    network.stall('answers');
    const asked = Array.from({ length: 10_000 }, async () => handle.store.facts.findByDigest(['none']));
    const waiting = Promise.allSettled(asked);
    await expect(handle.store.facts.findByDigest(['none'])).rejects.toThrow('too many lookups');
    for (const result of await within(waiting, 20_000, 'every lookup is refused')) {
      expect(result).toMatchObject({ status: 'rejected', reason: unavailable });
    }
    network.heal();
    await eventually(
      async () => (await handle.store.facts.findByDigest(['none'])) === null,
      10_000,
      'lookups work again',
    );
  });

  it('row 91: transactions that hold every connection of theirs hold up no decision', async () => {
    const small = await openPostgresStore({ url: database.url, poolMax: 2 });
    const { owner } = await seedMember(small.store);
    await asAdmin(database.url, async (client) => {
      await client.query('begin');
      await client.query('select 1 from keyhouse.owner for update');
      const waiting = Promise.allSettled(
        [1, 2, 3].map(() => small.store.transact(({ owners }) => owners.lockOwner({ id: owner.id }))),
      );
      expect(await small.store.facts.findByDigest(['none'])).toBeNull();
      const results = await within(waiting, 15_000, 'those who wait for the row are refused');
      expect(results[0]).toMatchObject({ status: 'rejected', reason: { name: 'StorageBusy' } });
      await client.query('rollback');
    });
    await small.store.close();
  });
});

suiteNeeding('postgresql', 'a store on a PostgreSQL server that goes away', () => {
  let cluster: PostgresCluster;
  let handle: SqlStoreHandle;
  beforeAll(async () => {
    cluster = await startPostgres();
    handle = await openPostgresStore({ url: cluster.url });
  });
  afterAll(async () => {
    await handle?.store.close();
    await cluster?.stop();
  });

  it('row 88: answers nothing while the server is down, keeps what it acknowledged, and heals by itself', async () => {
    const { store } = handle;
    const acknowledged: string[] = [];
    for (const mode of ['immediate', 'fast'] as const) {
      let isOver = false;
      const writers = Array.from({ length: 4 }, async () => {
        while (!isOver) {
          try {
            acknowledged.push(await store.transact(change));
          } catch (error) {
            expect(error).toMatchObject(unavailable);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      });
      await eventually(() => acknowledged.length > 10, 20_000, 'changes are being made');
      await cluster.restart(mode);
      await eventually(async () => (await store.facts.findByDigest(['none'])) === null, 10_000, 'decisions work again');
      const before = acknowledged.length;
      await eventually(() => acknowledged.length > before + 10, 20_000, 'changes are made again');
      isOver = true;
      await Promise.all(writers);
    }
    for (const id of acknowledged) expect(await store.owners.find({ id })).not.toBeNull();
    const events = await store.audit.read(0, 100_000);
    expect(verifyAuditChain(events, undefined, await handle.auditHead())).toMatchObject({ sound: true });
  });

  it('row 89: a commit that a standby was not waited for is not acknowledged', async () => {
    await asAdmin(cluster.url, async (client) => {
      await client.query(`alter system set synchronous_standby_names = 'nobody'`);
      await client.query('select pg_reload_conf()');
      await eventually(
        async () =>
          (await client.query('show synchronous_standby_names')).rows[0].synchronous_standby_names === 'nobody',
        10_000,
        'the server waits for a standby',
      );
      // The server takes up the setting a moment later: commits of before that do not wait.
      const commits: Promise<unknown>[] = [];
      let isCommitting = false;
      const commit = (): void => {
        isCommitting = true;
        const made = handle.store.transact(change).finally(() => {
          isCommitting = false;
        });
        made.catch(() => {});
        commits.push(made);
      };
      await eventually(
        async () => {
          const cancelled = await client.query(
            `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
          );
          if (cancelled.rowCount === 1) return true;
          if (!isCommitting) commit();
          return false;
        },
        10_000,
        'a commit waits for the standby',
      );
      await expect(commits.at(-1)).rejects.toMatchObject(unavailable);
      await expect(commits.at(-1)).rejects.toThrow(/with a warning/);
      await client.query('alter system reset synchronous_standby_names');
      await client.query('select pg_reload_conf()');
    });
  });

  it('row 90: a server that has become a replica is not asked any more', async () => {
    await asAdmin(cluster.url, async (client) => {
      const { rows } = await client.query('show data_directory');
      await client.query(`copy (select 1) to '${rows[0].data_directory}/standby.signal'`);
    });
    await cluster.restart('fast');
    await expect(handle.store.facts.findByDigest(['none'])).rejects.toMatchObject(unavailable);
    await expect(handle.store.changeFeed.newest()).rejects.toThrow(/replica/);
    await expect(handle.store.transact(change)).rejects.toThrow(/replica/);
    await expect(openPostgresStore({ url: cluster.url })).rejects.toThrow(/replica/);
  });
});

suiteNeeding('postgresql', 'opening a store on PostgreSQL', () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await requireDatabase();
  });
  afterEach(() => database?.drop());

  it('row 94: refuses data of a newer build', async () => {
    await (await openPostgresStore({ url: database.url })).store.close();
    await asAdmin(database.url, (client) =>
      client.query(`insert into keyhouse.keyhouse_migration values ('0999-future', '2030-01-01')`),
    );
    await expect(openPostgresStore({ url: database.url })).rejects.toThrow(SchemaTooNew);
  });

  it('lives beside the tables of an application, and beside another store in a schema of its own', async () => {
    await asAdmin(database.url, async (client) => {
      await client.query('create table token (id int)');
      await client.query('create table kysely_migration (name text)');
    });
    const one = await openPostgresStore({ url: database.url });
    const two = await openPostgresStore({ url: database.url, schema: 'second_store' });
    await one.store.transact(change);
    expect(await one.store.changeFeed.newest()).toBe(1);
    expect(await two.store.changeFeed.newest()).toBe(0);
    await Promise.all([one.store.close(), two.store.close()]);
    await expect(openPostgresStore({ url: database.url, schema: 'x"; drop' })).rejects.toThrow(TypeError);
  });

  it('refuses a server that is not there, or a database that is not, as unavailable', async () => {
    const nowhere = database.url.replace(/:\d+\//, ':1/');
    await expect(openPostgresStore({ url: nowhere })).rejects.toMatchObject(unavailable);
    const noDatabase = database.url.replace(database.name, 'no_such_database');
    await expect(openPostgresStore({ url: noDatabase })).rejects.toMatchObject(unavailable);
  });

  it('gives the name in force when two processes put one if absent', async () => {
    const handles = await Promise.all([0, 1].map(() => openPostgresStore({ url: database.url })));
    const ids = await Promise.all(handles.map(({ meta }, index) => meta.putIfAbsent('store_id', `id ${index}`)));
    expect(ids[0]).toBe(ids[1]);
    await handles[0]?.meta.put('store_id', 'other');
    expect(await handles[1]?.meta.get('store_id')).toBe('other');
    await Promise.all(handles.map(({ store }) => store.close()));
  });
});
