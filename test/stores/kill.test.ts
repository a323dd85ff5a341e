/**
 * Prevents a store that loses what it has acknowledged, or that does not open again, when its process is killed.
 * `KEYHOUSE_KILL_ROUNDS` makes it long; each run kills at other moments.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresStore, openSqliteStore, verifyAuditChain } from '../../src/stores/sql/index.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { requireDatabase } from '../services/postgres.ts';
import { runProcess, startProcess } from '../services/process.ts';

const ROUNDS = Number(process.env.KEYHOUSE_KILL_ROUNDS ?? 4);
/** Every statement in a long run, some in a short one. */
const MIGRATION_STEP = ROUNDS > 4 ? 1 : 29;
const WRITER = fileURLToPath(new URL('./fixtures/write-until-killed.ts', import.meta.url));
const MIGRATOR = fileURLToPath(new URL('./fixtures/migrate-until-killed.ts', import.meta.url));
describe('a SQLite store whose process is killed', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyhouse-kill-'));
    file = join(folder, 'keyhouse.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('row 81: has every change it acknowledged, and is sound', { timeout: 60_000 + ROUNDS * 10_000 }, async () => {
    const ledger = new Map<number, string>();
    for (let round = 0; round < ROUNDS; round++) {
      const writer = await startProcess(process.execPath, [WRITER, file]);
      await writer.waitForLine(/^acknowledged/);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      writer.signal('SIGKILL');
      await writer.waitForEnd();
      for (const [, seq, id] of writer.stdout().matchAll(/^acknowledged (\d+) (\S+)\n/gm)) {
        ledger.set(Number(seq), String(id));
      }

      const { store, auditHead } = await openSqliteStore({ file });
      const events = await store.audit.read(0, 1_000_000);
      const changes = await store.changeFeed.readAfter(0, 1_000_000);
      for (const [seq, id] of ledger) {
        expect(await store.owners.find({ id })).not.toBeNull();
        expect(events[seq - 1]?.subject?.id).toBe(id);
        expect(changes[seq - 1]).toEqual({ seq, kind: 'owner', id });
      }
      expect(verifyAuditChain(events, undefined, await auditHead())).toMatchObject({ sound: true });
      expect(await store.changeFeed.newest()).toBe(events.length);
      await store.close();
      expect(integrityOf(file)).toBe('ok');
    }
    expect(ledger.size).toBeGreaterThan(ROUNDS);
  });

  it('row 94: completes at the next start a migration killed after any statement', { timeout: 180_000 }, async () => {
    let wasKilled = true;
    for (let statements = 1; wasKilled; statements += MIGRATION_STEP) {
      const half = join(folder, `after-${statements}.sqlite`);
      wasKilled = await migrateUntilKilled(half, statements);
      const { store } = await openSqliteStore({ file: half });
      expect(await store.changeFeed.newest()).toBe(0);
      expect(await store.owners.listRoles()).toEqual([]);
      await store.close();
      expect(integrityOf(half)).toBe('ok');
    }
  });
});

suiteNeeding('postgresql', 'a PostgreSQL store whose first process is killed while it migrates', () => {
  it('row 94: is completed at the next start', { timeout: 180_000 }, async () => {
    let wasKilled = true;
    for (let statements = 1; wasKilled; statements += MIGRATION_STEP) {
      const database = await requireDatabase();
      wasKilled = await migrateUntilKilled(database.url, statements);
      const { store } = await openPostgresStore({ url: database.url });
      expect(await store.changeFeed.newest()).toBe(0);
      expect(await store.owners.listRoles()).toEqual([]);
      await store.close();
      await database.drop();
    }
  });
});

async function migrateUntilKilled(place: string, statements: number): Promise<boolean> {
  const run = await runProcess(process.execPath, [MIGRATOR, place, `${statements}`]);
  const wasKilled = run.signal === 'SIGKILL';
  expect(wasKilled || run.stdout === 'complete\n', run.stderr).toBe(true);
  return wasKilled;
}

function integrityOf(file: string): unknown {
  const database = new DatabaseSync(file);
  try {
    return database.prepare('pragma integrity_check').get()?.integrity_check;
  } finally {
    database.close();
  }
}
