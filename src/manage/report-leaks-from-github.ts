import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { ReporterUnreachable } from '../ports/index.ts';
import type { Caller } from './caller.ts';
import { findLeaked, takeLeak } from './draft-leak.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { chargeBudget, requireBudget } from './report-leak.ts';

const inputSchema = z.strictObject({
  key_identifier: z.string().max(200),
  signature: z.string().max(1_000).describe('Base64 of the DER of ECDSA P-256 over SHA-256 of the body'),
  body: z.instanceof(Uint8Array).describe('Exactly as it came'),
});
type Input = z.infer<typeof inputSchema>;

const reportSchema = z.array(
  z.object({
    token: z.string().max(16_384),
    type: z.string().max(200),
    url: z.string().max(4_000).nullish(),
    source: z.string().max(100).nullish(),
  }),
);

const outputSchema = z.array(
  z.object({
    token_hash: z.string().describe('SHA-256, hex'),
    token_type: z.string(),
    label: z.enum(['true_positive', 'false_positive']),
  }),
);
type Output = z.infer<typeof outputSchema>;

/**
 * Takes what GitHub has found, by the protocol of its secret scanning partners, and says which of it are tokens. That is told
 * only after a signature that fits: to anybody else it would tell which values are real.
 * @throws {Rejection} `not_found` where this is not switched on, `authentication_required`, `rate_limited`, `busy`.
 */
export const reportLeaksFromGithub = defineOperation<Input, Output>({
  id: 'reportLeaksFromGithub',
  summary: 'Take what GitHub secret scanning has found',
  access: { open: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    requireBudget(engine, caller);
    await requireSignature(engine, caller, input);
    const found = readReport(input.body);
    const labels = new Map<string, Output[number]['label']>();
    for (const { token: text, url, source } of found) {
      if (labels.has(text)) continue;
      const leaked = await findLeaked(engine, text);
      labels.set(text, leaked === null ? 'false_positive' : 'true_positive');
      const where = { url: url == null || url === '' ? null : url, note: source == null ? null : `in: ${source}` };
      if (leaked !== null) await takeLeak(engine, caller, leaked, { texts: [text], reporter: 'github', ...where });
    }
    return found.map(({ token: text, type }) => ({
      token_hash: createHash('sha256').update(text).digest('hex'),
      token_type: type,
      label: labels.get(text) ?? 'false_positive',
    }));
  },
});

async function requireSignature(engine: Engine, caller: Caller, input: Input): Promise<void> {
  const { reporterKeys } = engine;
  if (reporterKeys === null) throw new Rejection('not_found', 'There is nothing at this path.');
  let pem: string | null;
  try {
    pem = await reporterKeys.find(input.key_identifier);
  } catch (cause) {
    if (!(cause instanceof ReporterUnreachable)) throw cause;
    throw new Rejection('busy', 'The keys of GitHub cannot be had at the moment. Send it again.', { cause });
  }
  const key = pem === null ? null : keyOf(pem);
  if (key !== null && verify('sha256', input.body, key, Buffer.from(input.signature, 'base64'))) return;
  chargeBudget(engine, caller, 1);
  throw new Rejection('authentication_required', 'The signature does not fit the body.');
}

/** null for a key of another kind than the protocol has. */
function keyOf(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

function readReport(body: Uint8Array): z.infer<typeof reportSchema> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw new Rejection('invalid_input', 'The body is not JSON.', { cause });
  }
  const read = reportSchema.safeParse(json);
  if (!read.success) throw new Rejection('invalid_input', 'The body is no list of what was found.');
  return read.data;
}
