import { z } from 'zod';
import { type Decision, denialRecord, helpFor, type ProfileInForce, type Question } from '../authenticate/index.ts';
import type { DenialRecord } from '../ports/index.ts';
import { type Caller, requirePermission } from './caller.ts';
import { explanationSchema, explanationWire, reducedExplanation } from './denial-wire.ts';
import { defineOperation, type Engine } from './operation.ts';
import { askedText, environmentSchema } from './schemas.ts';
import { linesOf, type QuestionInput, questionOf, questionSchema } from './verify-question.ts';
import { askedBy } from './verify-tokens.ts';

const { all_of, any_of, route } = questionSchema.shape;

const inputSchema = z.strictObject({
  token: z.string().min(1).max(16_384).describe('The value, as a request would carry it'),
  route: route.describe('Method and target of a request, where the rules in force say what it needs'),
  all_of: all_of.describe('Permissions instead, where there are no rules; none where both are left out'),
  any_of,
  ip: askedText(64).nullable().optional().describe('Address of the client; unknown where it is left out'),
  environment: environmentSchema.optional().describe('Which the request goes to; live unless told'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({ allowed: z.boolean(), explanation: explanationSchema }).meta({ id: 'TriedToken' });
type Output = z.infer<typeof outputSchema>;

/**
 * What would be decided about a request with this token, check by check. Nothing is spent, counted or kept. Who may read
 * denials is told everything within reach; anybody else what the bearer would be told, of tokens of their own alone.
 */
export const tryToken = defineOperation<Input, Output>({
  id: 'tryToken',
  summary: 'Try what a token may do, without spending',
  access: { needs: 'keyhouse-denials:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    if (caller.self === null) requirePermission(caller, 'keyhouse-denials:read');
    const inForce = engine.authenticator.profile;
    const asked = questionInput(input);
    const { rule, ...question } = askedBy(caller, questionOf(inForce, asked, 'ip'));
    // The limits are asked with a cost of 0, which no window refuses that is not overfull: what it would cost is compared here.
    const decision = withLimit(
      visibleTo(caller, await engine.authenticator.decide({ ...question, cost: 0, isLook: true })),
      question.cost,
    );
    const help = decision.allowed || decision.facts !== null ? null : helpOf(inForce, asked, decision, question);
    const record = denialRecord({
      requestId: caller.circumstances.requestId,
      at: engine.clock.now(),
      door: 'verify',
      method: input.route?.method ?? null,
      target: input.route?.target ?? null,
      addressFrom: question.ip === null ? null : 'question',
      question,
      decision,
      rule,
      help,
      catalogue: inForce.catalogue,
    });
    return { allowed: decision.allowed, explanation: explained(engine, caller, record) };
  },
});

function questionInput({ token, route: target, all_of: allOf, any_of: anyOf, ip, environment }: Input): QuestionInput {
  const text = token.trim().replace(/^bearer\s+/i, '');
  if (target !== undefined) return { token: text, route: target, ip };
  return { token: text, all_of: allOf ?? [], any_of: anyOf ?? [], ip, environment };
}

function explained({ authenticator }: Engine, caller: Caller, record: DenialRecord): Output['explanation'] {
  const { words } = authenticator.profile.profile;
  if (!caller.may('keyhouse-denials:read')) return reducedExplanation(record, words);
  const { allowlist } = record.details;
  return {
    ...explanationWire(record, words),
    cause: record.cause,
    lineage_id: record.lineageId,
    ip_allowlist: allowlist == null ? null : [...allowlist],
  };
}

/** Somebody else's token is one that never was, for who may not read denials. */
function visibleTo(caller: Caller, decision: Decision): Decision {
  const { facts } = decision;
  if (facts === null || caller.may('keyhouse-denials:read')) return decision;
  const { lineageId, membership } = facts;
  const isTheirs =
    caller.token === null
      ? membership.owner.id === caller.self?.ownerId && membership.workspace.id === caller.self.workspaceId
      : lineageId === caller.token.lineageId;
  if (isTheirs) return decision;
  return { allowed: false, denial: { reason: 'invalid_token', cause: 'unknown' }, facts: null, limit: null };
}

function withLimit(decision: Decision, cost: number): Decision {
  if (!decision.allowed || decision.limit === null) return decision;
  const full = decision.limit.describe().filter(({ remaining }) => remaining < cost);
  if (full.length === 0) return decision;
  const retryAfterMs = Math.max(
    ...full.map(({ limit, resetMs }) => (cost > limit ? Number.POSITIVE_INFINITY : resetMs)),
  );
  return { ...decision, allowed: false, denial: { reason: 'rate_limited', cause: 'limit_reached', retryAfterMs } };
}

function helpOf(
  { profile }: ProfileInForce,
  asked: QuestionInput,
  decision: Extract<Decision, { allowed: false }>,
  { environments }: Pick<Question, 'environments'>,
) {
  return helpFor(profile, decision.denial, { rawHeaders: linesOf(asked), headerNames: [], environments });
}
