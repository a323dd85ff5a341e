import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { Finding } from '../ports/index.ts';
import { nextCursor, pageRequest } from './cursor.ts';
import { defineOperation, type Engine } from './operation.ts';
import { idSchema, pageSchema, timeSchema } from './schemas.ts';
import { ownerSummary, ownerSummarySchema, workspaceSummary, workspaceSummarySchema } from './token-wire.ts';
import { OBSERVED_CHANGES } from './trial-kinds.ts';
import { changeOf, describeTrial, findTrial, trialSchema } from './trial-wire.ts';

const inputSchema = z.strictObject({ id: idSchema, ...pageSchema });
type Input = z.infer<typeof inputSchema>;

const findingSchema = z
  .object({
    id: z.string(),
    token: z.object({ id: z.string(), name: z.string(), hint: z.string() }),
    owner: ownerSummarySchema,
    workspace: workspaceSummarySchema,
    reason: z.string().describe('As the refusal would say it'),
    missing: z.array(z.string()).describe('Permissions needed and not held'),
    address: z.string().nullable().describe('Where it came from, when that is why'),
    window: z.string().nullable().describe('Of the limit, the window that is full'),
    route: z.string().nullable().describe('Method and path of the rule that accepts it now'),
    count: z.int(),
    first_at: timeSchema,
    last_at: timeSchema,
    last_request_id: z.string().nullable(),
  })
  .meta({ id: 'TrialFinding' });
export type FindingWire = z.infer<typeof findingSchema>;

const outputSchema = trialSchema
  .extend({
    change: z.record(z.string(), z.unknown()),
    findings: z.array(findingSchema).describe('Who would break, newest first'),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'TrialWithFindings' });
type Output = z.infer<typeof outputSchema>;

/** A trial with whom it would refuse: one finding for each token and each thing that it would be refused for. */
export const readTrial = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'readTrial',
  summary: 'Read a trial and who would break',
  access: { needsOneOf: OBSERVED_CHANGES },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const trial = await findTrial(engine, caller, input.id);
    const list = `trial ${trial.id}`;
    const wire = await describeTrial(engine, trial);
    const page = await engine.trials.log.findings(trial.id, pageRequest(engine, caller, list, {}, input));
    const findings = await Promise.all(page.rows.map((finding) => describeFinding(engine, finding)));
    return {
      ...wire,
      change: changeOf(trial),
      findings: findings.filter((finding) => finding !== null),
      next_cursor: nextCursor(engine, caller, list, {}, page),
    };
  },
});

async function describeFinding(engine: Engine, finding: Finding): Promise<FindingWire | null> {
  const row = await engine.store.facts.findByTokenId(finding.tokenId);
  if (row === null) return null;
  const { missing = [], address = null, window = null, route = null } = finding.about;
  const { id, name, hint } = row.token;
  return {
    id: finding.id,
    token: { id, name, hint },
    owner: ownerSummary(row.owner),
    workspace: workspaceSummary(row.workspace),
    reason: finding.reason,
    missing: [...missing],
    address,
    window,
    route,
    count: finding.count,
    first_at: formatInstant(finding.firstAt),
    last_at: formatInstant(finding.lastAt),
    last_request_id: finding.lastRequestId,
  };
}
