import type { Config, InstallationFacts } from '../server/operator.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'problem';
  /** What is so, and what to do about it. */
  readonly message: string;
}

/** What the process that has the store open says about it. */
export interface StoreCheck {
  readonly store_id: string;
  readonly pepper: { readonly current: number; readonly versions: readonly number[] };
  readonly newest_change: number;
  readonly newest_event_at: string | null;
  readonly audit: { readonly sound: boolean; readonly seq: number; readonly problem: string | null };
  /** What time it is there. */
  readonly now: string;
  readonly version: string;
}

const DAY_MS = 86_400_000;
const CERTIFICATE_SOON_MS = 21 * DAY_MS;
const FREE_BYTES_LOW = 256 * 1024 * 1024;
const CLOCK_TOLERANCE_MS = 2_000;
/** No clock that is right shows less: this program did not exist before. */
const RELEASED_AT = Date.UTC(2026, 0, 1);

/** Node.js, folders, secrets, disk. */
export function judgeInstallation(facts: InstallationFacts): readonly Finding[] {
  return [
    facts.runtimeProblem === null
      ? ok('node', `Node.js ${facts.nodeVersion}, Keyhouse ${facts.version}.`)
      : problem('node', facts.runtimeProblem),
    ...(facts.dataFolder === null ? [] : [judgeFolder('data folder', facts.dataFolder)]),
    judgeFolder('secrets', facts.secretsFolder),
    ...(facts.secretsFolder.exists ? [judgePepper(facts)] : []),
    ...judgeDisk(facts),
    facts.now < RELEASED_AT
      ? problem('clock', `It shows ${instant(facts.now)}, which is past. Set it: expiry and audit depend on it.`)
      : ok('clock', `${instant(facts.now)}.`),
  ];
}

function judgeFolder(check: string, folder: InstallationFacts['secretsFolder']): Finding {
  const { path, exists, openToOthers, foreignUser } = folder;
  if (!exists) return ok(check, `${path} is not there yet; a first start makes it.`);
  if (foreignUser !== null) return problem(check, `${path} belongs to user ${foreignUser}: run Keyhouse as that user.`);
  if (openToOthers !== null) {
    return problem(check, `${path} can be reached by other users (${openToOthers}). Close it: chmod 700 ${path}`);
  }
  return ok(check, `${path}, closed to other users.`);
}

function judgePepper({ pepperFile: { path, exists, openToOthers }, secretsAmongData }: InstallationFacts): Finding {
  if (!exists) return problem('pepper', `${path} is missing. Without it no token can be verified: put your copy back.`);
  if (openToOthers !== null) {
    return problem('pepper', `${path} can be read by other users (${openToOthers}). Close it: chmod 600 ${path}`);
  }
  if (secretsAmongData) {
    const message = `${path} lies inside the data folder: whoever copies the data has the pepper too. Name another secrets folder.`;
    return { check: 'pepper', status: 'warning', message };
  }
  return ok('pepper', `${path}. Keep a copy of it apart from the backups.`);
}

function judgeDisk({ freeBytes }: InstallationFacts): readonly Finding[] {
  if (freeBytes === null) return [];
  const free = `${Math.floor(freeBytes / 1024 / 1024)} MiB are free.`;
  if (freeBytes >= FREE_BYTES_LOW) return [ok('disk', free)];
  return [{ check: 'disk', status: 'warning', message: `${free} On a full disk nothing can be changed or revoked.` }];
}

/** Addresses and TLS. */
export function judgeListeners(
  config: Pick<Config, 'api' | 'dashboard' | 'tls' | 'trustedProxies' | 'unsafe'>,
  { certificateEndsAt, now }: InstallationFacts,
): readonly Finding[] {
  const addresses = [config.api, config.dashboard].map(({ host, port }) => `${host}:${port}`).join(' and ');
  const how =
    config.tls !== null ? 'with TLS' : config.trustedProxies !== null ? 'behind a trusted proxy' : 'without TLS';
  const listeners: Finding[] = [ok('addresses', `${addresses}, ${how}.`)];
  for (const message of config.unsafe) listeners.push({ check: 'addresses', status: 'warning', message });
  if (certificateEndsAt === null) return listeners;
  const ends = `The certificate ends at ${instant(certificateEndsAt)}.`;
  if (certificateEndsAt <= now) return [...listeners, problem('certificate', `${ends} Clients refuse it: renew it.`)];
  const isSoon = certificateEndsAt - now < CERTIFICATE_SOON_MS;
  return [...listeners, { check: 'certificate', status: isSoon ? 'warning' : 'ok', message: ends }];
}

/** The store as its owner sees it. */
export function judgeStore(check: StoreCheck, facts: InstallationFacts, isServed: boolean): readonly Finding[] {
  const { audit, pepper } = check;
  const difference = Math.abs(Date.parse(check.now) - facts.now);
  const newest = check.newest_event_at === null ? null : Date.parse(check.newest_event_at);
  return [
    ok(
      'store',
      `${check.store_id}, change ${check.newest_change}, pepper ${pepper.current} of ${pepper.versions.join(', ')}.`,
    ),
    owner(check, facts, isServed),
    audit.sound
      ? ok('audit', `${audit.seq} changes, chain unbroken.`)
      : problem(
          'audit',
          `The chain breaks at change ${audit.seq} (${audit.problem}): an entry was altered or removed.`,
        ),
    ...(newest !== null && newest > facts.now + CLOCK_TOLERANCE_MS
      ? [problem('clock', `The newest change is of ${instant(newest)}, which is still to come: the clock went back.`)]
      : []),
    ...(difference > CLOCK_TOLERANCE_MS * 15
      ? [problem('clock', `The server's clock shows ${check.now}, this command's ${instant(facts.now)}.`)]
      : []),
  ];
}

function owner(check: StoreCheck, { ownerNote, dataFolder, version }: InstallationFacts, isServed: boolean): Finding {
  if (dataFolder === null) return ok('owner', 'PostgreSQL: any number of processes share the store.');
  if (!isServed || ownerNote === null) return ok('owner', 'Nobody: no server runs on this folder.');
  const who = `Process ${ownerNote.pid}, Keyhouse ${check.version}, since ${instant(ownerNote.startedAt)}.`;
  if (check.version === version) return ok('owner', who);
  return { check: 'owner', status: 'warning', message: `${who} This command is ${version}: restart the server.` };
}

function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

function problem(check: string, message: string): Finding {
  return { check, status: 'problem', message };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
