import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageUnavailable } from '../../ports/index.ts';
import { writeFileDurably } from './durable-file.ts';
import { WITNESS_FILE } from './layout.ts';

/** The file is two of these; a write touches one, so that a torn write leaves the other. One disk sector each. */
const SLOT_BYTES = 512;

/** The newest tightening that was answered: a database that does not know it is an old copy. */
export interface WitnessNote {
  readonly storeId: string;
  /** Its change sequence; 0 in a new store. */
  readonly seq: number;
  /** Hash of the audit event of that sequence, where it was known. */
  readonly auditHash: string | null;
}

/** Reads the witness of a stopped store. */
export function readWitness(folder: string): WitnessNote | 'missing' | 'damaged' {
  const file = join(folder, WITNESS_FILE);
  if (!existsSync(file)) return 'missing';
  return newestSlot(readFileSync(file))?.note ?? 'damaged';
}

/**
 * Opens the witness of a running store, beginning one at sequence 0 where there is none.
 * @throws {StorageUnavailable} it cannot be read or written, or is another store's: the start must have decided that.
 */
export async function openWitness(folder: string, storeId: string): Promise<Witness> {
  const file = join(folder, WITNESS_FILE);
  try {
    if (!existsSync(file)) {
      const slot = encodeSlot({ storeId, seq: 0, auditHash: null });
      writeFileDurably(file, slot.toString('latin1').repeat(2));
    }
    const newest = newestSlot(readFileSync(file));
    if (newest?.note.storeId !== storeId) throw new Error(`${file} is damaged or belongs to another store`);
    return new Witness(file, newest.note, newest.slot === 0 ? 1 : 0, await open(file, 'r+'));
  } catch (error) {
    throw new StorageUnavailable('the witness cannot be kept', { cause: error });
  }
}

/** Keeps the newest tightening on disk. */
export class Witness {
  readonly #file: string;
  #durable: WitnessNote;
  #wanted: WitnessNote;
  /** The slot to write next: never the one that holds `#durable`. */
  #slot: 0 | 1;
  #handle: FileHandle | null;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(file: string, durable: WitnessNote, slot: 0 | 1, handle: FileHandle) {
    this.#file = file;
    this.#durable = durable;
    this.#wanted = durable;
    this.#slot = slot;
    this.#handle = handle;
  }

  get newest(): WitnessNote {
    return this.#durable;
  }

  /**
   * Resolves once a witness of this tightening or a newer one is on disk. Called after its commit and before its answer;
   * calls that arrive during a write share the next one.
   * @throws {StorageUnavailable} it is not known to be on disk; the tightening itself stands.
   */
  record(seq: number, auditHash: string | null = null): Promise<void> {
    if (seq <= this.#durable.seq) return Promise.resolve();
    if (seq > this.#wanted.seq) this.#wanted = { storeId: this.#durable.storeId, seq, auditHash };
    if (this.#next === null) {
      this.#next = this.#running.then(() => this.#write());
      this.#running = this.#next.catch(() => {});
    }
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#handle?.close();
    this.#handle = null;
  }

  async #write(): Promise<void> {
    this.#next = null;
    const note = this.#wanted;
    try {
      this.#handle ??= await open(this.#file, 'r+');
      await this.#handle.write(encodeSlot(note), 0, SLOT_BYTES, this.#slot * SLOT_BYTES);
      await this.#handle.datasync();
    } catch (error) {
      await this.#dropHandle();
      throw new StorageUnavailable('the witness could not be written', { cause: error });
    }
    this.#durable = note;
    this.#slot = this.#slot === 0 ? 1 : 0;
  }

  /** After a failed flush the system may forget that it failed: the next write goes through a new handle, to the same slot. */
  async #dropHandle(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch(() => {});
  }
}

function encodeSlot(note: WitnessNote): Buffer {
  const text = JSON.stringify({ store_id: note.storeId, seq: note.seq, audit_hash: note.auditHash });
  return Buffer.from(`${checkOf(text)} ${text}`.padEnd(SLOT_BYTES - 1).concat('\n'), 'latin1');
}

function newestSlot(file: Buffer): { readonly note: WitnessNote; readonly slot: 0 | 1 } | null {
  const [first, second] = [decodeSlot(file, 0), decodeSlot(file, 1)];
  if (first === null && second === null) return null;
  if (first === null || (second !== null && second.seq > first.seq)) return { note: second as WitnessNote, slot: 1 };
  return { note: first, slot: 0 };
}

function decodeSlot(file: Buffer, slot: 0 | 1): WitnessNote | null {
  const line = file.toString('latin1', slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES).trimEnd();
  const [check, text] = [line.slice(0, 16), line.slice(17)];
  if (text === '' || checkOf(text) !== check) return null;
  const { store_id: storeId, seq, audit_hash: auditHash } = JSON.parse(text) as Record<string, string & number>;
  return { storeId: String(storeId), seq: Number(seq), auditHash: auditHash ?? null };
}

function checkOf(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 16);
}
