import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { UnpackedFile } from './unpack-archive.ts';

/** A collection as it is installed. */
export interface Collection {
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
  readonly file_count: number;
  readonly bytes: number;
  /** Of the archive it came in. */
  readonly sha256: string;
  readonly installed_at: string;
  /** Id of the token's owner. */
  readonly installed_by: string;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
}

/** Where a file lies on disk. */
export interface FilePlace extends StoredFile {
  readonly folder: string;
  /** Of the installed version: in that folder, the file that holds all of its files. */
  readonly version: string;
  readonly offset: number;
}

/** A folder in which something is being installed. Whatever still lies in it when it is over is removed. */
export interface Workbench {
  readonly id: string;
  readonly archive: string;
  readonly content: string;
}

const COLUMNS = 'name, version, description, file_count, bytes, sha256, installed_at, installed_by';

/**
 * The installed collections of every workspace: an index in SQLite, and beside it one file for each installed version,
 * which holds all of its files. A version is there from the one transaction that names it, and gone with the one that names
 * another: what no row names is left over from a process that ended half-way, and removed at the next start.
 */
export class Collections {
  readonly #database: DatabaseSync;
  readonly #incoming: string;
  readonly #installed: string;

  /** @param folder for one process alone. */
  constructor(folder: string) {
    this.#incoming = join(folder, 'incoming');
    this.#installed = join(folder, 'installed');
    this.#database = new DatabaseSync(join(folder, 'collections.sqlite'));
    this.#database.exec(SCHEMA);
    this.#recover();
  }

  list(workspace: string, limit: number, after: string): { data: readonly Collection[]; next_cursor: string | null } {
    const rows = this.#all<Collection>(
      `select ${COLUMNS} from collections where workspace = ? and name > ? order by name limit ?`,
      workspace,
      after,
      limit + 1,
    );
    const data = rows.slice(0, limit);
    return { data, next_cursor: rows.length > limit ? (data.at(-1)?.name ?? null) : null };
  }

  read(workspace: string, name: string): (Collection & { readonly files: readonly StoredFile[] }) | null {
    const [found] = this.#all<Collection & { content: string }>(
      `select ${COLUMNS}, content from collections where workspace = ? and name = ?`,
      workspace,
      name,
    );
    if (found === undefined) return null;
    const { content, ...collection } = found;
    return {
      ...collection,
      files: this.#all<StoredFile>('select path, bytes from files where content = ? order by path', content),
    };
  }

  findFile(workspace: string, name: string, path: string): FilePlace | null {
    const [found] = this.#all<StoredFile & { version: string; offset: number }>(
      `select path, files.bytes, "offset", content as version from files join collections using (content)
       where workspace = ? and name = ? and path = ?`,
      workspace,
      name,
      path,
    );
    return found === undefined ? null : { ...found, folder: this.#installed };
  }

  async openWorkbench(): Promise<Workbench> {
    const id = randomUUID();
    const folder = join(this.#incoming, id);
    await mkdir(folder, { mode: 0o700 });
    return { id, archive: join(folder, 'upload.zip'), content: join(folder, 'content') };
  }

  async clear({ id }: Workbench): Promise<void> {
    await removeNow(join(this.#incoming, id));
  }

  /**
   * Installs what was unpacked on a workbench, in place of what is there under this name.
   * @returns what it replaced, or null.
   */
  async install(
    workspace: string,
    { id, content }: Workbench,
    collection: Collection,
    files: readonly UnpackedFile[],
  ): Promise<Collection | null> {
    const installed = join(this.#installed, id);
    await rename(content, installed);
    const replaced = await this.#name(workspace, id, collection, files).catch(async (error) => {
      await removeNow(installed);
      throw error;
    });
    if (replaced === null) return null;
    await removeNow(join(this.#installed, replaced.content));
    return replaced.collection;
  }

  /** @returns whether there was one of this name. */
  async remove(workspace: string, name: string): Promise<boolean> {
    const removed = this.#atOnce(() => this.#remove(workspace, name));
    if (removed !== null) await removeNow(join(this.#installed, removed.content));
    return removed !== null;
  }

  close(): void {
    this.#database.close();
  }

  async #name(workspace: string, content: string, collection: Collection, files: readonly UnpackedFile[]) {
    await syncFolder(this.#installed);
    return this.#atOnce(() => {
      const before = this.#remove(workspace, collection.name);
      this.#insert(workspace, content, collection, files);
      return before;
    });
  }

  #recover(): void {
    rmSync(this.#incoming, { recursive: true, force: true });
    for (const folder of [this.#incoming, this.#installed]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const rows = this.#all<{ content: string }>('select content from collections');
    const named = new Set(rows.map(({ content }) => content));
    for (const content of readdirSync(this.#installed)) {
      if (!named.has(content)) rmSync(join(this.#installed, content), { recursive: true, force: true });
    }
  }

  #remove(workspace: string, name: string): { readonly content: string; readonly collection: Collection } | null {
    const [removed] = this.#all<Collection & { content: string }>(
      `delete from collections where workspace = ? and name = ? returning ${COLUMNS}, content`,
      workspace,
      name,
    );
    if (removed === undefined) return null;
    const { content, ...collection } = removed;
    return { content, collection };
  }

  #insert(workspace: string, content: string, collection: Collection, files: readonly UnpackedFile[]): void {
    const { name, version, description, file_count, bytes, sha256, installed_at, installed_by } = collection;
    this.#database
      .prepare(`insert into collections (workspace, content, ${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(workspace, content, name, version, description, file_count, bytes, sha256, installed_at, installed_by);
    const insert = this.#database.prepare('insert into files (content, path, "offset", bytes) values (?, ?, ?, ?)');
    for (const { path, offset, sizeBytes } of files) insert.run(content, path, offset, sizeBytes);
  }

  /** All of it or nothing; nobody else writes in between, because nothing here waits. */
  #atOnce<T>(write: () => T): T {
    this.#database.exec('begin immediate');
    try {
      const result = write();
      this.#database.exec('commit');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw error;
    }
  }

  #all<Row>(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    const rows = this.#database.prepare(sql).all(...values);
    return rows.map((row) => ({ ...row }) as Row);
  }
}

const SCHEMA = `
  pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
  create table if not exists collections (
    workspace text not null, name text not null, content text not null unique,
    version text, description text, file_count integer not null, bytes integer not null, sha256 text not null,
    installed_at text not null, installed_by text not null,
    primary key (workspace, name)
  ) strict;
  create table if not exists files (
    content text not null references collections (content) on delete cascade,
    path text not null, "offset" integer not null, bytes integer not null,
    primary key (content, path)
  ) strict, without rowid;
`;

/** What cannot be removed now is removed at the next start; nothing that is named anywhere depends on it. */
async function removeNow(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) => console.error(error));
}

/** Makes names in a folder outlast a power failure. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
