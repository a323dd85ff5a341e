import { z } from 'zod';
import { defineOperation } from './operation.ts';

const keySchema = z
  .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), use: z.literal('sig'), kid: z.string(), x: z.string() })
  .meta({ id: 'AuditKey' });
const outputSchema = z.object({ keys: z.array(keySchema) }).meta({ id: 'AuditKeys' });

/** The public keys of checkpoints, as a JSON Web Key Set. Kept apart, they verify an export without this Keyhouse. */
export const listAuditKeys = defineOperation<Record<string, never>, z.infer<typeof outputSchema>>({
  id: 'listAuditKeys',
  summary: 'Read the public keys of audit checkpoints',
  access: { needs: 'keyhouse-audit:read' },
  effect: 'reads',
  input: z.strictObject({}),
  output: outputSchema,
  run: async ({ auditSeal }) => ({
    keys: auditSeal.keys.published().map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', use: 'sig', kid, x }) as const),
  }),
});
