import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Route } from '../http/index.ts';
import { type Caller, defineOperation, invalidInput, Rejection } from '../manage/index.ts';
import { hasAdmin, issueSetupCode } from '../people/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { AuditReads } from '../ports/index.ts';
import { type BackupMade, backupTo, canariesOf, FolderRefused, rotatePepper } from '../stores/data-folder/index.ts';
import { type ChainVerdict, type SqlStoreHandle, verifyAuditChain } from '../stores/sql/index.ts';
import { sqliteCopies } from '../stores/sql/sqlite/restored-copy.ts';
import { attachedRoutes } from './attached-operations.ts';
import { auditRoutes } from './audit-operations.ts';
import { rotateIdentityKeyOf } from './identity-key-operation.ts';
import { installationRoutes } from './installation-operations.ts';
import type { OpenedEngine } from './open-engine.ts';
import { writeCanaries } from './open-store.ts';
import { VERSION } from './version.ts';

const EVENTS_AT_ONCE = 1_000;

/**
 * What only the operator of this machine may do, because it is about files. These operations touch adapters, so they are
 * made here, over one open engine; they are served on the private socket and to commands that open the store themselves.
 */
export function localOperations(opened: OpenedEngine) {
  return {
    backUp: backUpOf(opened),
    rotatePepper: rotatePepperOf(opened),
    rotateIdentityKey: rotateIdentityKeyOf(opened),
    checkStore: checkStoreOf(opened),
    issueSetupCode: issueSetupCodeOf(opened),
  };
}

export function localRoutes(opened: OpenedEngine): readonly Route[] {
  const operations = localOperations(opened);
  const routes: readonly Route[] = [
    ['POST', '/v1/local/backup', 'local', operations.backUp, 201],
    ['POST', '/v1/local/pepper/rotate', 'local', operations.rotatePepper, 200],
    ['POST', '/v1/local/identity-key/rotate', 'local', operations.rotateIdentityKey, 200],
    ['GET', '/v1/local/check', 'local', operations.checkStore, 200],
    ['POST', '/v1/local/setup-code', 'local', operations.issueSetupCode, 201],
  ];
  return [...routes, ...auditRoutes(opened), ...installationRoutes(opened), ...attachedRoutes(opened.engine, routes)];
}

const backupInput = z.strictObject({ file: z.string().min(1).max(4096) });
const backupOutput = z
  .object({ file: z.string(), bytes: z.int(), store_id: z.string(), newest_change: z.int() })
  .meta({ id: 'Backup' });

/** Copies the running store into one file, without pepper and witness. */
function backUpOf({ store: { handle } }: OpenedEngine) {
  return defineOperation<z.infer<typeof backupInput>, z.infer<typeof backupOutput>>({
    id: 'backUp',
    summary: 'Write a consistent copy of the store to a file',
    access: { local: true },
    effect: 'reads',
    input: backupInput,
    output: backupOutput,
    run: async (_engine, _caller, { file }) => {
      if (!isAbsolute(file))
        throw invalidInput('file', 'Give an absolute path: the server may work in another folder.');
      if (handle.backup === undefined) {
        throw new Rejection('conflict', 'This store is on PostgreSQL: back it up with the tools of PostgreSQL.');
      }
      const { bytes, file: written, storeId, newestSeq } = await copyTo(file, handle.backup);
      return { file: written, bytes, store_id: storeId, newest_change: newestSeq };
    },
  });
}

async function copyTo(file: string, writeCopy: NonNullable<SqlStoreHandle['backup']>): Promise<BackupMade> {
  try {
    return await backupTo(file, writeCopy, sqliteCopies);
  } catch (error) {
    if (error instanceof FolderRefused) throw new Rejection('conflict', error.message);
    throw error;
  }
}

const pepperOutput = z.object({ current: z.int(), versions: z.array(z.int()) }).meta({ id: 'PepperRotation' });

/** Digests new tokens with a new pepper. Tokens under older ones go on working and move to it as they are used. */
function rotatePepperOf({ engine, store: opened }: OpenedEngine) {
  return defineOperation<Record<string, never>, z.infer<typeof pepperOutput>>({
    id: 'rotatePepper',
    summary: 'Add a pepper and make it the current one',
    access: { local: true },
    effect: 'changes',
    input: z.strictObject({}),
    output: pepperOutput,
    run: async (_engine, caller) => {
      if (opened.owned === null) {
        const message = 'On PostgreSQL other processes would refuse tokens under a pepper that they do not have yet.';
        throw new Rejection('not_available_yet', message);
      }
      const secrets = rotatePepper(opened.secretsDir, engine.random);
      await writeCanaries(opened.handle, canariesOf(secrets));
      const { current, versions } = secrets.pepper;
      await engine.changes.commit(async () => ({
        value: null,
        subjects: [],
        tightening: false,
        audit: pepperEvent(caller, engine.clock.now(), current),
      }));
      opened.secrets = secrets;
      return { current, versions: [...versions.keys()].sort((a, b) => a - b) };
    },
  });
}

function pepperEvent({ actor, circumstances }: Caller, at: number, current: number) {
  return {
    at,
    action: 'pepper.rotated',
    actor,
    onBehalfOf: null,
    subject: null,
    workspaceId: null,
    requestId: circumstances.requestId,
    details: { current },
    personal: {},
  };
}

const setupCodeOutput = z.object({ code: z.string() }).meta({ id: 'SetupCode' });

/** A one-time code for whoever becomes the first administrator; the one printed before ends. */
function issueSetupCodeOf({ engine }: OpenedEngine) {
  return defineOperation<Record<string, never>, z.infer<typeof setupCodeOutput>>({
    id: 'issueSetupCode',
    summary: 'Issue a one-time set-up code',
    access: { local: true },
    effect: 'reads',
    input: z.strictObject({}),
    output: setupCodeOutput,
    run: async () => {
      if (await hasAdmin(engine)) throw new Rejection('already_set_up');
      return { code: await issueSetupCode(engine) };
    },
  });
}

const checkOutput = z
  .object({
    store_id: z.string(),
    pepper: z.object({ current: z.int(), versions: z.array(z.int()) }),
    newest_change: z.int(),
    newest_event_at: z.string().nullable(),
    audit: z.object({ sound: z.boolean(), seq: z.int(), problem: z.string().nullable() }),
    now: z.string(),
    version: z.string(),
  })
  .meta({ id: 'StoreCheck' });

/** What the process that has the store open knows about its state. */
function checkStoreOf({ engine, store: { handle, ...opened } }: OpenedEngine) {
  return defineOperation<Record<string, never>, z.infer<typeof checkOutput>>({
    id: 'checkStore',
    summary: 'Verify the audit chain and tell the state of the store',
    access: { local: true },
    effect: 'reads',
    input: z.strictObject({}),
    output: checkOutput,
    run: async () => {
      const audit = await verifyAudit(engine.store.audit, await handle.auditHead());
      const { rows: events } = await engine.store.audit.list({}, { limit: 1, after: null });
      const { current, versions } = engine.pepper();
      return {
        store_id: opened.storeId,
        pepper: { current, versions: [...versions.keys()].sort((a, b) => a - b) },
        newest_change: await engine.store.changeFeed.newest(),
        audit: { sound: audit.sound, seq: audit.seq, problem: audit.sound ? null : audit.problem },
        newest_event_at: events[0] === undefined ? null : formatInstant(events[0].at),
        now: formatInstant(engine.clock.now()),
        version: VERSION,
      };
    },
  });
}

/** Verifies the chain up to `head`, in pieces: it may be long, and requests are answered meanwhile. */
async function verifyAudit(
  audit: AuditReads,
  head: { readonly seq: number; readonly hash: string },
): Promise<ChainVerdict> {
  let verdict: ChainVerdict = { sound: true, seq: 0, hash: '' };
  while (verdict.sound && verdict.seq < head.seq) {
    const events = await audit.read(verdict.seq, EVENTS_AT_ONCE);
    const known = events.filter((event) => event.seq <= head.seq);
    const isLast = known.length < EVENTS_AT_ONCE;
    verdict = verifyAuditChain(known, verdict, isLast ? head : null);
    if (isLast) break;
  }
  return verdict;
}
