import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { compileStoredProfile } from '../authenticate/index.ts';
import type { Route } from '../http/index.ts';
import { auditDraft, type Caller, defineOperation, invalidInput, Rejection } from '../manage/index.ts';
import { formatInstant, rotationDueAt } from '../policy/index.ts';
import type { ProfileVersion, TokenRecord, Transaction } from '../ports/index.ts';
import { addPeppers, canariesOf, FolderRefused, readPepperFile } from '../stores/data-folder/index.ts';
import { type InstallationLine, installationLines, Tally, withoutDigest } from './installation-lines.ts';
import type { OpenedEngine } from './open-engine.ts';
import { writeCanaries } from './open-store.ts';

const LAYOUT = 1;
/** Beyond it a copy of the database is the better way. */
const TOKENS_MAX = 100_000;

/** What only the operator of this machine may do: everything leaves, or comes in, at once. */
export function installationRoutes(opened: OpenedEngine): readonly Route[] {
  return [
    ['POST', '/v1/local/installation/export', 'local', exportInstallationOf(opened), 200],
    [
      'POST',
      '/v1/local/installation/import?pepper_file',
      'local',
      importInstallationOf(opened),
      200,
      'application/x-ndjson',
    ],
  ];
}

const exportInput = z.strictObject({ with_digests: z.boolean() });
const exportOutput = z
  .object({ text: z.string(), counts: z.record(z.string(), z.int()), sha256: z.string() })
  .meta({ id: 'ExportedInstallation' });

/** Writes down all that is not history, as JSON lines. Changes wait meanwhile, so that it fits together. */
function exportInstallationOf({ engine, store: { storeId } }: OpenedEngine) {
  return defineOperation<z.infer<typeof exportInput>, z.infer<typeof exportOutput>>({
    id: 'exportInstallation',
    summary: 'Export who exists, what they may do, and their tokens',
    access: { local: true },
    effect: 'reads',
    input: exportInput,
    output: exportOutput,
    run: async (_engine, caller, { with_digests: withDigests }) => {
      const tally = new Tally();
      const lines: string[] = [];
      await engine.store.transact(async (transaction) => {
        for await (const line of installationLines(transaction)) {
          tally.add(line);
          if ((tally.counts.token ?? 0) > TOKENS_MAX) throw tooMany();
          lines.push(JSON.stringify(withDigests ? line : withoutDigest(line)));
        }
      });
      const now = engine.clock.now();
      const { counts } = tally;
      const sha256 = tally.digest();
      const head = {
        type: 'keyhouse',
        layout: LAYOUT,
        store_id: storeId,
        at: formatInstant(now),
        digests: withDigests,
      };
      const end = { type: 'end', counts, sha256 };
      await engine.changes.commit(async () => ({
        value: null,
        subjects: [],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'installation.exported',
          subject: null,
          workspaceId: null,
          details: { counts, sha256, digests: withDigests },
        }),
      }));
      return { text: `${[JSON.stringify(head), ...lines, JSON.stringify(end)].join('\n')}\n`, counts, sha256 };
    },
  });
}

function tooMany(): Rejection {
  return new Rejection(
    'conflict',
    `There are more than ${TOKENS_MAX} tokens: move the database itself, with a backup.`,
  );
}

const headSchema = z.object({ type: z.literal('keyhouse'), layout: z.literal(LAYOUT), store_id: z.string() });
const endSchema = z.object({ type: z.literal('end'), counts: z.record(z.string(), z.int()), sha256: z.string() });
const TYPES = ['profile', 'workspace', 'role', 'owner', 'membership', 'token'] as const;
const lineSchema = z.object({ type: z.enum(TYPES), record: z.record(z.string(), z.unknown()) });

const importInput = z.strictObject({
  pepper_file: z.string().max(4096).optional(),
  lines: z.array(z.strictObject({ line: z.int(), value: z.unknown() })),
});
const importOutput = z
  .object({ counts: z.record(z.string(), z.int()), sha256: z.string(), tokens_left_out: z.int() })
  .meta({ id: 'ImportedInstallation' });
type Imported = z.infer<typeof importOutput>;

/**
 * Fills an installation in which nobody has been made yet with an exported one, in one transaction, and reads all of it again:
 * unless counts and content are those of the file, nothing of it stays.
 */
function importInstallationOf(opened: OpenedEngine) {
  const { engine } = opened;
  return defineOperation<z.infer<typeof importInput>, Imported>({
    id: 'importInstallation',
    summary: 'Fill an empty installation with an exported one',
    access: { local: true },
    effect: 'changes',
    input: importInput,
    output: importOutput,
    run: async (_engine, caller, { lines, pepper_file: pepperFile }) => {
      const file = readFile(lines.map(({ value }) => value));
      await refuseUnlessEmpty(engine.store);
      const hasDigests = file.lines.some((line) => line.type === 'token' && line.record.digest !== undefined);
      const versions = hasDigests ? await takePeppers(opened, file.storeId, pepperFile) : null;
      const { value } = await engine.changes.commit(async (transaction) => {
        await refuseUnlessEmpty(transaction);
        const profile = await fill(transaction, file.lines, versions, engine.clock.now());
        const found = await verify(transaction, file, hasDigests);
        return {
          value: { found, profile },
          subjects: [{ kind: 'profile' as const, id: '*' }],
          tightening: true,
          audit: importAudit(caller, engine.clock.now(), file, hasDigests),
        };
      });
      if (value.profile !== null) engine.authenticator.adopt(compileStoredProfile(value.profile));
      return value.found;
    },
  });
}

interface ExportedFile {
  readonly storeId: string;
  readonly lines: readonly InstallationLine[];
  readonly counts: Readonly<Record<string, number>>;
  readonly sha256: string;
}

/** @throws {Rejection} the file is none of ours, is cut off, or was altered. */
function readFile(values: readonly unknown[]): ExportedFile {
  const head = headSchema.safeParse(values[0]);
  const end = endSchema.safeParse(values.at(-1));
  if (!head.success) throw invalidInput('lines', 'This is no exported installation of this layout.');
  if (!end.success) throw invalidInput('lines', 'The file has no end: it was cut off.');
  const tally = new Tally();
  const lines = values.slice(1, -1).map((value, at) => {
    if (!lineSchema.safeParse(value).success) throw invalidInput(`lines.${at + 2}`, 'Not a line of an export.');
    const line = value as InstallationLine;
    tally.add(line);
    return line;
  });
  const { counts, sha256 } = end.data;
  if (tally.digest() !== sha256) throw invalidInput('lines', 'The file is not as it was exported: its digest differs.');
  return { storeId: head.data.store_id, lines, counts, sha256 };
}

async function refuseUnlessEmpty({
  owners,
}: Pick<Transaction, 'owners'> | OpenedEngine['engine']['store']): Promise<void> {
  const { rows } = await owners.listWorkspaces({ limit: 1, after: null });
  if (rows.length === 0) return;
  throw new Rejection('conflict', 'Somebody is here already: only an installation that was not set up can be filled.');
}

/** The peppers of that installation beside ours. @returns their numbers here by their numbers there. */
async function takePeppers(
  opened: OpenedEngine,
  storeId: string,
  file: string | undefined,
): Promise<ReadonlyMap<number, number>> {
  if (file === undefined || !isAbsolute(file)) {
    throw invalidInput(
      'pepper_file',
      'The tokens can be verified with the pepper.json of that installation alone: name it.',
    );
  }
  try {
    const theirs = readPepperFile(file);
    if (theirs.storeId !== storeId) {
      throw invalidInput('pepper_file', 'This pepper is that of another installation.');
    }
    const { secrets, numbers } = addPeppers(opened.store.secretsDir, theirs.pepper);
    await writeCanaries(opened.store.handle, canariesOf(secrets));
    opened.store.secrets = secrets;
    return numbers;
  } catch (error) {
    if (error instanceof FolderRefused) throw new Rejection('conflict', error.message);
    throw error;
  }
}

async function fill(
  transaction: Transaction,
  lines: readonly InstallationLine[],
  versions: ReadonlyMap<number, number> | null,
  now: number,
): Promise<ProfileVersion | null> {
  const { owners, tokens, profiles, imports } = transaction;
  for (const line of lines) {
    switch (line.type) {
      case 'profile':
        await profiles.append({ ...line.record, appliedAt: now });
        break;
      case 'workspace':
        await owners.directory.insertWorkspace(line.record);
        break;
      case 'role':
        await owners.directory.insertRole(line.record);
        break;
      case 'owner':
        await owners.insertOwner(line.record);
        break;
      case 'membership':
        await owners.putMembership(line.record);
        break;
      case 'token': {
        const { digest, pepperVersion } = line.record;
        const version = pepperVersion === undefined ? undefined : versions?.get(pepperVersion);
        if (digest === undefined || version === undefined) continue;
        const record = { ...line.record, digest, pepperVersion: version } as TokenRecord;
        await tokens.insert(record);
        await transaction.rotations.lookAt(record.id, record.supersededAt === null ? rotationDueAt(record) : null);
        const [, source] = record.digestScheme.split(':');
        if (source !== undefined && line.foreignId !== null) {
          await imports.note(source, line.foreignId, record.id, now);
        }
      }
    }
  }
  return profiles.inForce();
}

/** @throws {Error} what is stored is not what the file holds: nothing of it stays. */
async function verify(transaction: Transaction, file: ExportedFile, hasDigests: boolean): Promise<Imported> {
  const wanted = new Tally();
  for (const line of file.lines) if (hasDigests || line.type !== 'token') wanted.add(line);
  const found = new Tally();
  for await (const line of installationLines(transaction)) found.add(line);
  const sha256 = found.digest();
  if (sha256 !== wanted.digest()) throw new Error('what was imported is not what the file holds');
  return { counts: found.counts, sha256, tokens_left_out: hasDigests ? 0 : (file.counts.token ?? 0) };
}

function importAudit(caller: Caller, now: number, { storeId, counts, sha256 }: ExportedFile, hasDigests: boolean) {
  return auditDraft(caller, now, {
    action: 'installation.imported',
    subject: null,
    workspaceId: null,
    details: { from_store: storeId, counts, sha256, digests: hasDigests },
  });
}
