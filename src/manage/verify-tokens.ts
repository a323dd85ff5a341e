import { z } from 'zod';
import {
  answerHeaders,
  type Decision,
  helpFor,
  type ProfileInForce,
  type Question,
  renderRefusal,
} from '../authenticate/index.ts';
import { StorageUnavailable } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import { identitySchema, identityWire, rateLimitSchema, rateLimitWire } from './identity-wire.ts';
import { noteDenial, sampleAccess } from './note-denial.ts';
import { defineOperation, type Engine } from './operation.ts';
import { newRequestId } from './request-id.ts';
import { furtherNames, linesOf, type QuestionInput, questionOf, questionSchema } from './verify-question.ts';

const inputSchema = z.union([questionSchema, z.strictObject({ requests: z.array(questionSchema).min(1).max(100) })]);
type Input = z.infer<typeof inputSchema>;

const resultSchema = z
  .object({
    allowed: z.boolean(),
    code: z.string(),
    request_id: z.string(),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe("For the application's own answer to an accepted request: request id and limits"),
    status: z.int().optional(),
    message: z.string().optional(),
    missing: z.array(z.string()).optional(),
    retry_after: z.number().nullable().optional().describe('Seconds; null when no waiting helps'),
    foreign: z.literal(true).optional().describe('The request carries no credential of ours'),
    token: z.union([identitySchema, z.object({ id: z.string() })]).optional(),
    rate_limit: rateLimitSchema.nullable().optional(),
    response: z.object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.unknown() }).optional(),
  })
  .meta({ id: 'Verdict' });
type Result = z.infer<typeof resultSchema>;

const outputSchema = z.union([resultSchema, z.object({ results: z.array(resultSchema) })]);
type Output = z.infer<typeof outputSchema>;

/**
 * Whether a token may do something now: for doors that are not in this process. The answer to a well-formed question is
 * a result, allowed or not, never an HTTP error; what to send to the client stands in `response`.
 */
export const verifyTokens = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'verifyTokens',
  summary: 'Ask whether a token may do something',
  access: { needs: 'keyhouse-tokens:verify' },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    if (!('requests' in input)) return verify(engine, caller, input, 'ip');
    const results: Result[] = [];
    // In order: one token asked about several times in a batch is charged in the order of the questions.
    for (const [index, question] of input.requests.entries()) {
      results.push(await verify(engine, caller, question, `requests.${index}.ip`));
    }
    return { results };
  },
});

async function verify(engine: Engine, caller: Caller, input: QuestionInput, ipPath: string): Promise<Result> {
  const requestId = newRequestId(engine);
  let inForce: ProfileInForce;
  let question: Question;
  let decision: Decision;
  // Taking the decision may tell of a newer profile, whose rules may ask for more. That is rare, and costs another count.
  do {
    inForce = engine.authenticator.profile;
    question = askedBy(caller, { ...questionOf(inForce, input, ipPath), requestId });
    decision = await decide(engine, question);
  } while (input.route !== undefined && engine.authenticator.profile !== inForce);
  if (!decision.allowed) {
    const { route = null, target } = input;
    const seen = { method: route?.method ?? null, target: route?.target ?? target ?? null };
    const lines = { rawHeaders: linesOf(input), headerNames: furtherNames(input), environments: question.environments };
    const help = decision.facts === null ? helpFor(inForce.profile, decision.denial, lines) : null;
    noteDenial(engine, caller, { requestId, door: 'verify', ...seen, question, decision, help });
    return refusal(engine, input, question, decision, requestId);
  }
  sampleAccess(engine, caller, {
    requestId,
    door: 'verify',
    method: input.route?.method ?? null,
    target: input.route?.target ?? input.target ?? null,
    question,
    decision,
  });
  return {
    allowed: true,
    code: 'ok',
    request_id: requestId,
    headers: { 'X-Request-Id': requestId, ...answerHeaders(decision, engine.clock.now()) },
    token: identityWire(engine, decision.facts),
    rate_limit: rateLimitWire(decision.limit, engine.clock.now()),
  };
}

async function decide(engine: Engine, question: Question): Promise<Decision> {
  try {
    return await engine.authenticator.decide(question);
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    const denial = { reason: 'authority_unavailable', cause: 'authority_unavailable' } as const;
    return { allowed: false, denial, facts: null, limit: null };
  }
}

/**
 * The question as this caller may ask it. Whoever verifies for one workspace learns of another's token what it learns of
 * one that does not exist; failures without a client's address are the caller's own.
 */
export function askedBy(caller: Caller, question: Question): Question {
  return {
    ...question,
    ...(caller.token !== null && { asker: caller.token.lineageId }),
    ...(caller.reach !== 'installation' && { reaches: (workspaceId) => reaches(caller, workspaceId) }),
  };
}

function refusal(
  engine: Engine,
  input: QuestionInput,
  question: Question,
  decision: Extract<Decision, { allowed: false }>,
  requestId: string,
): Result {
  const { denial, facts } = decision;
  const response = renderRefusal(engine.authenticator.profile.profile, denial, {
    rawHeaders: linesOf(input),
    headerNames: furtherNames(input),
    environments: question.environments,
    needed: [...question.allOf, ...question.anyOf],
    requestId,
    facts,
    dashboardUrl: engine.dashboardUrl(),
  });
  return {
    allowed: false,
    code: denial.reason,
    request_id: requestId,
    status: response.status,
    message: response.message,
    ...(denial.missing !== undefined && { missing: [...denial.missing] }),
    retry_after: secondsOrNull(denial.retryAfterMs),
    ...((denial.cause === 'no_credential' || denial.cause === 'foreign') && { foreign: true }),
    ...(facts !== null && { token: { id: facts.id } }),
    response: {
      status: response.status,
      headers: { ...response.headers, ...answerHeaders(decision, engine.clock.now()) },
      body: response.body,
    },
  };
}

function secondsOrNull(ms: number | undefined): number | null {
  return ms === undefined || ms === Infinity ? null : Math.ceil(ms / 1000);
}
