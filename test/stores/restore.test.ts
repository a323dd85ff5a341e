/**
 * Prevents a restore that brings revoked tokens back, that loses the database it replaces, or that leaves a folder which a
 * start would take for something it is not. `KEYHOUSE_KILL_ROUNDS` makes the killing long.
 */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenRecord } from '../../src/ports/index.ts';
import {
  acquireOwnership,
  archiveStore,
  backupTo,
  canariesOf,
  canaryKey,
  confirmSecrets,
  createSecrets,
  DATABASE_FILE,
  decideStart,
  FolderRefused,
  type OwnedFolder,
  openSecrets,
  openWitness,
  type RestoreOptions,
  readWitness,
  restoreDatabase,
  STORE_ID_KEY,
  type StartDecision,
  USAGE_FILE,
} from '../../src/stores/data-folder/index.ts';
import { openSqliteStore, type SqlStoreHandle, verifyAuditChain } from '../../src/stores/sql/index.ts';
import { sqliteCopies } from '../../src/stores/sql/sqlite/restored-copy.ts';
import { sampleDraft, sampleOwner, sampleToken, sampleWorkspace } from '../../src/testing/sample-records.ts';
import { systemRandom } from '../../src/token/index.ts';
import { startProcess } from '../services/process.ts';

const ROUNDS = Number(process.env.KEYHOUSE_KILL_ROUNDS ?? 4);
const WRITER = fileURLToPath(new URL('./fixtures/own-and-write.ts', import.meta.url));
const RESTORER = fileURLToPath(new URL('./fixtures/restore-until-killed.ts', import.meta.url));
const noon = Date.parse('2026-03-04T12:00:00Z');
const clock = { now: () => noon, monotonic: () => 0 };

let root: string;
let dir: string;
let secretsDir: string;
let owned: OwnedFolder | null;
let handle: SqlStoreHandle | null;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'keyhouse-restore-')));
  dir = join(root, 'data');
  secretsDir = join(root, 'data.secrets');
  owned = null;
  handle = null;
});

afterEach(async () => {
  await handle?.store.close();
  owned?.release();
  rmSync(root, { recursive: true, force: true });
});

function own(): OwnedFolder {
  owned ??= acquireOwnership(dir, { clock, version: '0.0.0' });
  return owned;
}

async function openStore(): Promise<SqlStoreHandle> {
  handle = await openSqliteStore({ file: join(own().dir, DATABASE_FILE) });
  return handle;
}

async function closeStore() {
  await handle?.store.close();
  handle = null;
}

/** A store with its secrets, as a first start makes them, and one live token in it. */
async function makeStore(): Promise<{ store: SqlStoreHandle; token: TokenRecord }> {
  const store = await openStore();
  const secrets = createSecrets(secretsDir, 'sto_1', systemRandom);
  await store.meta.put(STORE_ID_KEY, secrets.storeId);
  for (const [version, canary] of canariesOf(secrets)) await store.meta.put(canaryKey(version), canary);
  await (await openWitness(secretsDir, 'sto_1')).close();
  confirmSecrets(secretsDir);
  return { store, token: await addToken(store) };
}

async function addToken({ store }: SqlStoreHandle): Promise<TokenRecord> {
  const owner = sampleOwner();
  const workspace = sampleWorkspace();
  const token = sampleToken(owner, workspace, { soleKey: `${owner.id}/${workspace.id}` });
  await store.transact(async ({ owners, tokens, changes, audit }) => {
    await owners.directory.insertWorkspace(workspace);
    await owners.insertOwner(owner);
    await tokens.insert(token);
    await audit.append(await changes.append([{ kind: 'lineage', id: token.lineageId }], noon), sampleDraft());
  });
  return token;
}

async function revoke({ store }: SqlStoreHandle, token: TokenRecord): Promise<number> {
  const seq = await store.transact(async ({ tokens, changes, audit }) => {
    await tokens.update(token.id, { revokedAt: noon, soleKey: null });
    const at = await changes.append([{ kind: 'lineage', id: token.lineageId }], noon);
    await audit.append(at, sampleDraft({ action: 'token.revoked' }));
    return at;
  });
  const [event] = await store.audit.read(seq - 1, 1);
  const witness = await openWitness(secretsDir, 'sto_1');
  await witness.record(seq, event?.hash ?? null);
  await witness.close();
  return seq;
}

const backUp = (store: SqlStoreHandle, name = 'backup.sqlite') =>
  backupTo(join(root, name), async (file) => store.backup?.(file), sqliteCopies);

const restore = (file: string, options: Partial<RestoreOptions> = {}) =>
  restoreDatabase(own(), {
    file,
    keys: 'revoke-all',
    newPepper: false,
    secretsDir,
    clock,
    random: systemRandom,
    copies: sqliteCopies,
    ...options,
  });

/** What a start would decide about the folder as it is. */
function startDecision(): StartDecision {
  const copy = sqliteCopies.inspect(join(dir, DATABASE_FILE));
  const canaries = new Map<number, string>();
  for (const [key, value] of copy.sound ? copy.meta : []) {
    const [name, version] = key.split(':');
    if (name === 'pepper_canary') canaries.set(Number(version), value);
  }
  const storeId = copy.sound ? copy.meta.get(STORE_ID_KEY) : undefined;
  const store =
    copy.sound && storeId !== undefined
      ? { storeId, canaries, newestSeq: copy.newestSeq, auditHashAtWitness: null }
      : null;
  const places = { database: join(dir, DATABASE_FILE), secrets: secretsDir };
  return decideStart({ store, secrets: openSecrets(secretsDir), witness: readWitness(secretsDir) }, places);
}

describe('backupTo', () => {
  it('row 15: writes one file for its user alone, with the store in it and neither pepper nor witness', async () => {
    const { store, token } = await makeStore();
    const made = await backUp(store);
    expect(made).toMatchObject({ file: join(root, 'backup.sqlite'), storeId: 'sto_1', newestSeq: 1 });
    expect(made.bytes).toBe(statSync(made.file).size);
    if (process.platform !== 'win32') expect(statSync(made.file).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(made.file, 'latin1');
    expect(bytes).toContain(token.id);
    const pepper = openSecrets(secretsDir)?.pepper.versions.get(1) ?? new Uint8Array();
    expect(bytes).not.toContain(Buffer.from(pepper).toString('base64url'));
    expect(bytes).not.toContain(Buffer.from(pepper).toString('latin1'));
  });

  it('is of one moment, however much is written meanwhile', async () => {
    const { store } = await makeStore();
    const backup = backUp(store);
    for (let at = 0; at < 20; at++) await addToken(store);
    const copy = sqliteCopies.inspect((await backup).file);
    expect(copy).toMatchObject({ sound: true });
  });

  it('overwrites nothing and leaves nothing behind where it fails', async () => {
    const { store } = await makeStore();
    writeFileSync(join(root, 'taken'), 'mine');
    await expect(backUp(store, 'taken')).rejects.toThrow(FolderRefused);
    await expect(backUp(store, 'no/folder')).rejects.toThrow('There is no folder');
    const failing = backupTo(
      join(root, 'b.sqlite'),
      async (file) => {
        writeFileSync(file, 'half a copy');
        throw new Error('the disk is full');
      },
      sqliteCopies,
    );
    await expect(failing).rejects.toThrow('the disk is full');
    const unsound = backupTo(join(root, 'b.sqlite'), async (file) => writeFileSync(file, 'half a copy'), sqliteCopies);
    await expect(unsound).rejects.toThrow('not sound');
    expect(readFileSync(join(root, 'taken'), 'utf8')).toBe('mine');
    expect(readdirSync(root).sort()).toEqual(['data', 'data.secrets', 'taken']);
  });
});

describe('restoreDatabase', () => {
  it('row 69: backup, revoke, restore with revoke-all: nothing in the copy is live', async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    const revokedAt = await revoke(store, token);
    const unrelated = await addToken(store);
    await closeStore();
    const restored = await restore(file);
    expect(restored).toMatchObject({ storeId: 'sto_1', tokensRevoked: 1 });
    expect(restored.seq).toBeGreaterThan(revokedAt + 1);
    expect(startDecision().decision).toBe('ok');
    const again = await openStore();
    expect(await again.store.tokens.findById(token.id)).toMatchObject({ revokedAt: noon, soleKey: null });
    expect(await again.store.tokens.findById(unrelated.id)).toBeNull();
    expect(await again.store.changeFeed.newest()).toBe(restored.seq);
    expect(readWitness(secretsDir)).toMatchObject({ storeId: 'sto_1', seq: restored.seq });
    const [event] = await again.store.audit.read(restored.seq - 1, 1);
    expect(event).toMatchObject({
      action: 'store.restored',
      details: { keys: 'revoke-all', tokens_revoked: 1, newest_change_in_copy: 1 },
    });
    const events = await again.store.audit.read(0, 100);
    expect(verifyAuditChain(events, undefined, await again.auditHead())).toMatchObject({ sound: true });
  });

  it('row 69: with trust the tokens of the copy live on, above every change that was answered', async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    const revokedAt = await revoke(store, token);
    await closeStore();
    const restored = await restore(file, { keys: 'trust' });
    expect(restored).toMatchObject({ tokensRevoked: 0 });
    expect(restored.seq).toBeGreaterThan(revokedAt);
    expect(startDecision().decision).toBe('ok');
    const again = await openStore();
    expect((await again.store.tokens.findById(token.id))?.revokedAt).toBeNull();
    expect(await again.store.changeFeed.readAfter(restored.seq - 1, 10)).toEqual([
      { seq: restored.seq, kind: 'profile', id: '*' },
    ]);
  });

  it('keeps the database it replaces, and usage where it is', async () => {
    const { store } = await makeStore();
    const { file } = await backUp(store);
    const later = await addToken(store);
    await store.usage.add([{ tokenId: later.id, hour: noon, outcome: 'ok', count: 3 }], []);
    await closeStore();
    const { archive } = await restore(file);
    expect(archive).toBe(join(dir, 'archive-20260304T120000000Z'));
    const old = await openSqliteStore({ file: join(String(archive), DATABASE_FILE) });
    expect(await old.store.tokens.findById(later.id)).not.toBeNull();
    await old.store.close();
    expect(existsSync(join(dir, USAGE_FILE))).toBe(true);
    const again = await openStore();
    expect(await again.usage.read(later.id, 0, Infinity)).toHaveLength(1);
    await closeStore();
    expect((await restore(file)).archive).toBe(`${archive}-2`);
  });

  it('works where the database is gone, and is then the way out of the refused start', async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    await revoke(store, token);
    await closeStore();
    rmSync(join(dir, DATABASE_FILE));
    expect(startDecision()).toMatchObject({ because: 'database_missing' });
    expect((await restore(file)).archive).toBeNull();
    expect(startDecision().decision).toBe('ok');
  });

  it('declares an old copy that was put in place by hand, journal and all', async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    await revoke(store, token);
    await closeStore();
    copyFileSync(file, join(dir, DATABASE_FILE));
    expect(startDecision()).toMatchObject({ because: 'database_older' });
    await restore(join(dir, DATABASE_FILE), { keys: 'trust' });
    expect(startDecision().decision).toBe('ok');
  });

  it.each(['missing', 'damaged'])('begins a new witness where the old one is %s', async (state) => {
    const { store } = await makeStore();
    const { file } = await backUp(store);
    await closeStore();
    if (state === 'missing') rmSync(join(secretsDir, 'witness'));
    else writeFileSync(join(secretsDir, 'witness'), 'x');
    expect(startDecision()).toMatchObject({ because: `witness_${state}` });
    const { seq } = await restore(file);
    expect(readWitness(secretsDir)).toMatchObject({ seq });
    expect(startDecision().decision).toBe('ok');
  });

  it('row 16: with a lost pepper keeps everything but the tokens, under a new one', async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    const revokedAt = await revoke(store, token);
    await closeStore();
    rmSync(join(secretsDir, 'pepper.json'));
    await expect(restore(file)).rejects.toThrow('--new-pepper');
    await expect(restore(file, { newPepper: true, keys: 'trust' })).rejects.toThrow('--keys=revoke-all');
    const { seq, tokensRevoked } = await restore(file, { newPepper: true });
    expect(tokensRevoked).toBe(1);
    expect(seq).toBeGreaterThan(revokedAt);
    expect(openSecrets(secretsDir)).toMatchObject({ storeId: 'sto_1', isConfirmed: true });
    expect(startDecision().decision).toBe('ok');
    expect(readdirSync(secretsDir).some((name) => name.startsWith('archive-'))).toBe(true);
  });

  it('refuses what does not fit, says why, and changes nothing', async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    await store.meta.put(canaryKey(1), 'the canary of some other pepper');
    const { file: otherPepper } = await backUp(store, 'other-pepper.sqlite');
    await store.meta.put(STORE_ID_KEY, 'sto_2');
    const { file: otherStore } = await backUp(store, 'other-store.sqlite');
    await store.meta.put(STORE_ID_KEY, 'sto_1');
    await store.meta.put(canaryKey(1), canariesOf(openSecrets(secretsDir) ?? fail()).get(1) ?? '');
    await closeStore();

    const newer = alteredCopy(file, 'newer', "insert into keyhouse_migration values ('9999-later', '2099')");
    const foreign = alteredCopy(file, 'foreign', 'drop table meta');
    const empty = alteredCopy(file, 'empty', 'delete from meta');
    const dangling = alteredCopy(file, 'dangling', 'pragma foreign_keys = off; delete from owner');
    const text = join(root, 'text');
    writeFileSync(text, 'CREATE TABLE token;'.repeat(1_000));
    const cut = join(root, 'cut');
    copyFileSync(file, cut);
    truncateSync(cut, statSync(cut).size - 4_096);

    // Reading a database leaves an empty journal beside it; that is no change.
    const present = () =>
      readdirSync(dir)
        .filter((name) => !/-(wal|shm)$/.test(name))
        .sort();
    const before = present();
    const witnessed = readWitness(secretsDir);
    for (const [bad, words] of [
      [otherPepper, 'Pepper 1'],
      [otherStore, 'sto_2'],
      [newer, 'newer Keyhouse'],
      [foreign, 'not a database of Keyhouse'],
      [empty, 'there is no store in it'],
      [dangling, 'damaged'],
      [text, 'cannot be read'],
      [cut, 'cannot be restored'],
      [join(root, 'nothing'), 'cannot be restored'],
      [root, 'cannot be restored'],
    ] as const) {
      await expect(restore(bad), bad).rejects.toThrow(words);
      expect(present()).toEqual(before);
    }
    expect(readWitness(secretsDir)).toEqual(witnessed);
    expect(startDecision().decision).toBe('ok');
    const again = await openStore();
    expect((await again.store.tokens.findById(token.id))?.revokedAt).toBeNull();
  });

  it('takes what a killed owner left in its journal, from the present database itself', {
    timeout: 60_000,
  }, async () => {
    await makeStore();
    await closeStore();
    own().release();
    owned = null;
    const writer = await startProcess(process.execPath, [WRITER, dir]);
    const [, tokenId] = await writer.waitForLine(/^written (\S+)/);
    await writer.stop('SIGKILL');
    expect(statSync(join(dir, `${DATABASE_FILE}-wal`)).size).toBeGreaterThan(0);
    const { tokensRevoked } = await restore(join(dir, DATABASE_FILE));
    expect(tokensRevoked).toBe(2);
    expect(existsSync(join(dir, `${DATABASE_FILE}-wal`))).toBe(false);
    const again = await openStore();
    expect((await again.store.tokens.findById(String(tokenId)))?.revokedAt).toBe(noon);
  });

  it('leaves the old store, none with both ways out, or the new one, wherever it is killed', {
    timeout: 60_000 + ROUNDS * 10_000,
  }, async () => {
    const { store, token } = await makeStore();
    const { file } = await backUp(store);
    await revoke(store, token);
    await closeStore();
    for (let round = 0; round < ROUNDS; round++) {
      own().release();
      owned = null;
      const restorer = await startProcess(process.execPath, [RESTORER, dir, secretsDir, file]);
      await restorer.waitForLine(/^begun/);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 250));
      await restorer.stop('SIGKILL');
      const decision = startDecision();
      if (decision.decision !== 'ok') {
        expect(decision).toMatchObject({ because: 'database_missing' });
        await restore(file);
      }
      const again = await openStore();
      expect((await again.store.tokens.findById(token.id))?.revokedAt).not.toBeNull();
      await closeStore();
    }
    await restore(file);
    expect(startDecision().decision).toBe('ok');
    expect(readdirSync(dir).filter((name) => name.startsWith('restoring-'))).toEqual([]);
  });
});

describe('archiveStore', () => {
  it('puts database, usage and secrets aside for a new store', async () => {
    await makeStore();
    await closeStore();
    const { database, secrets } = archiveStore(own(), secretsDir, noon);
    expect(readdirSync(String(database)).sort()).toEqual([USAGE_FILE, DATABASE_FILE].sort());
    expect(readdirSync(String(secrets)).sort()).toEqual(['pepper.json', 'witness']);
    expect(startDecision()).toEqual({ decision: 'create', secrets: null });
    expect(archiveStore(own(), secretsDir, noon)).toEqual({ database: null, secrets: null });
  });
});

function alteredCopy(file: string, name: string, statements: string): string {
  const copy = join(root, name);
  copyFileSync(file, copy);
  const database = new DatabaseSync(copy);
  database.exec(statements);
  database.close();
  return copy;
}

function fail(): never {
  throw new Error('there are no secrets');
}
