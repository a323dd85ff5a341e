import { z } from 'zod';
import type { Route } from '../http/index.ts';
import {
  auditDraft,
  type CheckpointWire,
  checkpointSchema,
  checkpointWire,
  defineOperation,
  Rejection,
} from '../manage/index.ts';
import { signCheckpoint } from '../upkeep/index.ts';
import type { OpenedEngine } from './open-engine.ts';
import { verifyStoreTrail } from './verify-audit.ts';
import { evidenceOf } from './verify-store-at-rest.ts';

/** What only the operator of this machine may do with the audit log: it is about files and private keys. */
export function auditRoutes(opened: OpenedEngine): readonly Route[] {
  return [
    ['POST', '/v1/local/audit/verify', 'local', verifyAuditOf(opened), 200],
    ['POST', '/v1/local/audit/checkpoint', 'local', signAuditOf(opened), 200],
    ['POST', '/v1/local/audit/rotate-key', 'local', rotateAuditKeyOf(opened), 200],
  ];
}

const verifyInput = z.strictObject({ keys: z.string().nullable(), checkpoints: z.string().nullable() });
const reportSchema = z
  .object({
    sound: z.boolean(),
    events: z.int(),
    first_seq: z.int().nullable(),
    last_seq: z.int().nullable(),
    checkpoints: z.int(),
    signed_seq: z.int().nullable(),
    unsigned_events: z.int(),
    erased_fields: z.int(),
    findings: z
      .array(
        z.object({
          problem: z.string(),
          seq: z.int().nullable(),
          checkpoint: z.int().nullable(),
          message: z.string(),
        }),
      )
      .readonly(),
    further_findings: z.int(),
  })
  .meta({ id: 'AuditReport' });

function verifyAuditOf({ store: { handle, secretsDir, owned } }: OpenedEngine) {
  return defineOperation<z.infer<typeof verifyInput>, z.infer<typeof reportSchema>>({
    id: 'verifyAudit',
    summary: 'Verify the audit chain against itself and its checkpoints',
    access: { local: true },
    effect: 'reads',
    input: verifyInput,
    output: reportSchema,
    run: async (_engine, _caller, files) =>
      verifyStoreTrail(handle, await evidenceOf(secretsDir, files, owned !== null)),
  });
}

/** Signs what is not signed yet, without waiting for the job. */
function signAuditOf({ engine }: OpenedEngine) {
  return defineOperation<Record<string, never>, { checkpoint: CheckpointWire | null }>({
    id: 'signAudit',
    summary: 'Sign the audit chain as it stands',
    access: { local: true },
    effect: 'reads',
    input: z.strictObject({}),
    output: z.object({ checkpoint: checkpointSchema.nullable() }),
    run: async () => {
      const signed = await signCheckpoint(engine, engine.clock.now(), (newest, head) => head.seq > (newest?.seq ?? 0));
      if (signed !== 'no_key') return { checkpoint: signed === null ? null : checkpointWire(signed) };
      throw new Rejection(
        'conflict',
        'Earlier checkpoints were signed with a key that the secrets folder does not have. Copy audit-keys.json there, or make a new key: keyhouse audit rotate-key',
      );
    },
  });
}

const keyOutput = z.object({ kid: z.string(), published: z.array(z.string()) }).meta({ id: 'AuditKeyRotation' });

/** The file is what every process reads, so the change is in the file and its record here. */
function rotateAuditKeyOf({ engine }: OpenedEngine) {
  return defineOperation<Record<string, never>, z.infer<typeof keyOutput>>({
    id: 'rotateAuditKey',
    summary: 'Sign the audit chain with a new key',
    access: { local: true },
    effect: 'changes',
    input: z.strictObject({}),
    output: keyOutput,
    run: async (_engine, caller) => {
      const { keys } = engine.auditSeal;
      const made = keys.rotate();
      await engine.changes.commit(async () => ({
        value: null,
        subjects: [],
        tightening: false,
        audit: auditDraft(caller, engine.clock.now(), {
          action: 'audit_key.rotated',
          subject: null,
          workspaceId: null,
          details: { kid: made.kid },
        }),
      }));
      return { kid: made.kid, published: keys.published().map(({ kid }) => kid) };
    },
  });
}
