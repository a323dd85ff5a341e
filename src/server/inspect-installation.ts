import { X509Certificate } from 'node:crypto';
import { lstatSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PEPPER_FILE, readOwnerNote, secretsFolderOf } from '../stores/data-folder/index.ts';
import { checkRuntime } from './check-runtime.ts';
import type { Config } from './config.ts';
import { systemClock } from './system-clock.ts';
import { VERSION } from './version.ts';

/** What can be seen of an installation from outside the process that serves it. */
export interface InstallationFacts {
  readonly version: string;
  readonly nodeVersion: string;
  /** One sentence when this Node.js is too old. */
  readonly runtimeProblem: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** null on PostgreSQL. */
  readonly dataFolder: FolderFacts | null;
  readonly secretsFolder: FolderFacts;
  readonly pepperFile: FolderFacts;
  /** Whether the secrets lie inside the data folder, where every copy of the data takes them along. */
  readonly secretsAmongData: boolean;
  /** What the last owner wrote about itself; it may have ended since. */
  readonly ownerNote: { readonly pid: number; readonly startedAt: number; readonly version: string } | null;
  /** Free bytes where the data is; null where that cannot be told. */
  readonly freeBytes: number | null;
  /** End of the certificate's life, milliseconds since 1970; null without TLS. */
  readonly certificateEndsAt: number | null;
}

export interface FolderFacts {
  readonly path: string;
  readonly exists: boolean;
  /** Other users can reach it; mode as `chmod` takes it. */
  readonly openToOthers: string | null;
  /** The user it belongs to, when that is another one than this process'. */
  readonly foreignUser: number | null;
}

export function inspectInstallation({ dataDir, secretsDir, databaseUrl, tls }: Config): InstallationFacts {
  const secrets = secretsFolderOf(dataDir, secretsDir);
  const isLocal = databaseUrl === null;
  return {
    version: VERSION,
    nodeVersion: process.versions.node,
    runtimeProblem: checkRuntime(process.versions.node),
    now: systemClock.now(),
    dataFolder: isLocal ? folderFacts(dataDir) : null,
    secretsFolder: folderFacts(secrets),
    pepperFile: folderFacts(join(secrets, PEPPER_FILE)),
    secretsAmongData: isLocal && `${secrets}/`.startsWith(`${dataDir}/`),
    ownerNote: isLocal ? readOwnerNote(dataDir) : null,
    freeBytes: isLocal ? freeBytes(dataDir) : null,
    certificateEndsAt: tls === null ? null : certificateEnd(tls.cert),
  };
}

function folderFacts(path: string): FolderFacts {
  const link = lstatSync(path, { throwIfNoEntry: false });
  const stats = link === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { path, exists: false, openToOthers: null, foreignUser: null };
  const mode = stats.mode & 0o777;
  const user = process.getuid?.() ?? stats.uid;
  return {
    path,
    exists: true,
    openToOthers: process.platform !== 'win32' && (mode & 0o077) !== 0 ? `0${mode.toString(8)}` : null,
    foreignUser: stats.uid === user ? null : stats.uid,
  };
}

function freeBytes(dir: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function certificateEnd(pem: string): number | null {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return null;
  }
}
