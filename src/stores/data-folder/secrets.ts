import { createHmac, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PepperRing, RandomSource } from '../../token/index.ts';
import { ARCHIVE_PREFIX, archiveFiles } from './archive.ts';
import { writeFileDurably } from './durable-file.ts';
import { PEPPER_FILE, SECRETS_FOLDER_LANDMARKS } from './layout.ts';
import { FolderRefused, isOpenToOthers, modeText, openPrivateFolder, statIfThere } from './private-folder.ts';

const PEPPER_BYTES = 32;

/** What the secrets folder of a store holds, apart from the witness. */
export interface StoreSecrets {
  /** The one store these secrets belong to. */
  readonly storeId: string;
  readonly pepper: PepperRing;
  /** False from their creation until the new store is known to have been committed: a first start may have been cut off. */
  readonly isConfirmed: boolean;
}

/**
 * Reads the secrets; null where there are none.
 * @throws {FolderRefused} others can read them, or the file is damaged.
 */
export function openSecrets(folder: string): StoreSecrets | null {
  const file = join(folder, PEPPER_FILE);
  const stats = statIfThere(file);
  if (stats === null) return null;
  for (const path of [folder, file]) {
    const found = statSync(path);
    if (!isOpenToOthers(found)) continue;
    const mode = found.isDirectory() ? '700' : '600';
    throw new FolderRefused(
      `${path} can be reached by other users (${modeText(found)}). Close it: chmod ${mode} ${path}`,
    );
  }
  const secrets = parseSecrets(readFileSync(file, 'utf8'));
  if (secrets !== null) return secrets;
  throw new FolderRefused(
    `${file} is damaged. Put your copy of it back; without it no token of this store can be verified.`,
  );
}

/**
 * Makes the secrets of a new store, unconfirmed until `confirmSecrets`.
 * @throws {FolderRefused} there are secrets already; they are never overwritten.
 */
export function createSecrets(folder: string, storeId: string, random: RandomSource): StoreSecrets {
  return saveNewSecrets(folder, generateSecrets(storeId, random));
}

/** New secrets that are nowhere yet. */
export function generateSecrets(storeId: string, random: RandomSource): StoreSecrets {
  const pepper = { current: 1, versions: new Map([[1, random.bytes(PEPPER_BYTES)]]) };
  return { storeId, pepper, isConfirmed: false };
}

/**
 * Writes secrets where there are none.
 * @throws {FolderRefused} there are.
 */
export function saveNewSecrets(folder: string, secrets: StoreSecrets): StoreSecrets {
  const real = openPrivateFolder(folder, [...SECRETS_FOLDER_LANDMARKS, ...archivesIn(folder)], 'Keyhouse secrets');
  if (statIfThere(join(real, PEPPER_FILE)) !== null) {
    throw new FolderRefused(`${real} already holds the secrets of a store.`);
  }
  return writeSecrets(real, secrets);
}

/** Notes that the store these secrets were made for exists: from now on they never start an empty one. */
export function confirmSecrets(folder: string): StoreSecrets {
  const secrets = requireSecrets(folder);
  return secrets.isConfirmed ? secrets : writeSecrets(folder, { ...secrets, isConfirmed: true });
}

/**
 * Adds a pepper and makes it the current one. Older ones stay: tokens digested with them go on verifying. The store must
 * take the new one's canary before anything is digested with it.
 */
export function rotatePepper(folder: string, random: RandomSource): StoreSecrets {
  const secrets = requireSecrets(folder);
  const next = Math.max(...secrets.pepper.versions.keys()) + 1;
  const versions = new Map([...secrets.pepper.versions, [next, random.bytes(PEPPER_BYTES)]]);
  return writeSecrets(folder, { ...secrets, pepper: { current: next, versions } });
}

/**
 * Adds the peppers of another installation, for tokens that come from there. The current one stays.
 * @returns the numbers they have here, by those they have there.
 */
export function addPeppers(
  folder: string,
  others: PepperRing,
): { readonly secrets: StoreSecrets; readonly numbers: ReadonlyMap<number, number> } {
  const secrets = requireSecrets(folder);
  const versions = new Map(secrets.pepper.versions);
  const numbers = new Map<number, number>();
  for (const [number, pepper] of others.versions) {
    const known = [...versions].find(([, one]) => Buffer.from(one).equals(pepper))?.[0];
    const here = known ?? Math.max(...versions.keys()) + 1;
    versions.set(here, pepper);
    numbers.set(number, here);
  }
  const { current } = secrets.pepper;
  return { secrets: writeSecrets(folder, { ...secrets, pepper: { current, versions } }), numbers };
}

/** @throws {FolderRefused} it cannot be read, or holds no peppers. */
export function readPepperFile(file: string): StoreSecrets {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new FolderRefused(`${file} cannot be read.`);
  }
  const secrets = parseSecrets(text);
  if (secrets === null) throw new FolderRefused(`${file} is no pepper.json.`);
  return secrets;
}

/**
 * Forgets an older pepper. Every token still digested with it is lost.
 * @throws {FolderRefused} it is the current one, or there is none of that number.
 */
export function retirePepper(folder: string, version: number): StoreSecrets {
  const secrets = requireSecrets(folder);
  const { current, versions } = secrets.pepper;
  if (version === current || !versions.has(version)) {
    throw new FolderRefused(`Pepper ${version} cannot be retired: the current one is ${current}.`);
  }
  const kept = new Map([...versions].filter(([number]) => number !== version));
  return writeSecrets(folder, { ...secrets, pepper: { current, versions: kept } });
}

/**
 * Moves everything in the folder (pepper, witness, identity keys) into `archive-<time>` inside it, for whoever needs an old backup again.
 * @returns where it went; null when there was nothing.
 */
export function archiveSecrets(folder: string, now: number): string | null {
  return archiveFiles(folder, SECRETS_FOLDER_LANDMARKS, now);
}

/** Where the store's own facts name the store, */
export const STORE_ID_KEY = 'store_id';

/** and the canary of each pepper. */
export function canaryKey(version: number): string {
  return `pepper_canary:${version}`;
}

/** What a store keeps of a pepper so that a wrong one is noticed before a token is refused: it reveals nothing about it. */
export function pepperCanary(pepper: Uint8Array, storeId: string, version: number): string {
  return createHmac('sha256', pepper).update(`keyhouse pepper canary ${version} ${storeId}`).digest('base64url');
}

/** Canaries of every pepper, by version. */
export function canariesOf(secrets: StoreSecrets): ReadonlyMap<number, string> {
  return new Map(
    [...secrets.pepper.versions].map(([version, pepper]) => [version, pepperCanary(pepper, secrets.storeId, version)]),
  );
}

export function sameCanary(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function requireSecrets(folder: string): StoreSecrets {
  const secrets = openSecrets(folder);
  if (secrets === null) throw new FolderRefused(`${folder} holds no secrets.`);
  return secrets;
}

function writeSecrets(folder: string, secrets: StoreSecrets): StoreSecrets {
  const versions = [...secrets.pepper.versions].map(([version, pepper]) => [
    String(version),
    Buffer.from(pepper).toString('base64url'),
  ]);
  const document = {
    about:
      'The peppers that token digests are keyed with. Keep a copy apart from the database: without it every token is lost.',
    store_id: secrets.storeId,
    confirmed: secrets.isConfirmed,
    current: secrets.pepper.current,
    versions: Object.fromEntries(versions),
  };
  writeFileDurably(join(folder, PEPPER_FILE), `${JSON.stringify(document, null, 2)}\n`);
  return secrets;
}

function parseSecrets(text: string): StoreSecrets | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof document !== 'object' || document === null) return null;
  const { store_id: storeId, confirmed, current, versions } = document as Record<string, unknown>;
  if (typeof storeId !== 'string' || typeof confirmed !== 'boolean' || typeof current !== 'number') return null;
  if (typeof versions !== 'object' || versions === null) return null;
  const peppers = new Map<number, Uint8Array>();
  for (const [version, encoded] of Object.entries(versions)) {
    if (!/^[1-9]\d{0,8}$/.test(version) || typeof encoded !== 'string') return null;
    const pepper = Buffer.from(encoded, 'base64url');
    if (pepper.length !== PEPPER_BYTES) return null;
    peppers.set(Number(version), pepper);
  }
  return peppers.has(current) ? { storeId, pepper: { current, versions: peppers }, isConfirmed: confirmed } : null;
}

function archivesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder).filter((name) => name.startsWith(ARCHIVE_PREFIX));
}
