import { z } from 'zod';
import {
  askedByRules,
  type Decision,
  type ProfileInForce,
  type Question,
  renderRefusal,
} from '../authenticate/index.ts';
import { canonicalAddress, isPermission } from '../policy/index.ts';
import { StorageUnavailable } from '../ports/index.ts';
import { type Credential, generateId, readShape } from '../token/index.ts';
import { type Caller, reaches } from './caller.ts';
import { identitySchema, identityWire, rateLimitSchema, rateLimitWire } from './identity-wire.ts';
import { defineOperation, type Engine } from './operation.ts';
import { invalidInput } from './rejection.ts';
import { environmentSchema } from './schemas.ts';

const PROBLEMS = ['duplicate', 'empty', 'syntax', 'two_methods', 'too_many', 'in_url'] as const;

const SAID_BY_ROUTES = ['all_of', 'any_of', 'environment', 'cost'] as const;

const permissionSchema = z.string().refine(isPermission, 'A concrete permission, resource:action.');

const routeSchema = z
  .strictObject({ method: z.string(), target: z.string() })
  .describe('Method and target of the request: what it needs is in the route rules of the profile in force');

const questionSchema = z
  .strictObject({
    token: z.string().max(16_384).nullable().describe('The credential exactly as it was sent, or null'),
    problem: z.enum(PROBLEMS).optional().describe('What the door found wrong in the field lines'),
    all_of: z.array(permissionSchema).max(200).optional(),
    any_of: z.array(permissionSchema).max(200).optional(),
    route: routeSchema.optional(),
    ip: z.string().max(64).nullable().optional(),
    environment: environmentSchema.optional().describe('live unless told'),
    cost: z.int().min(0).max(1_000_000).optional().describe('1 unless told'),
  })
  .superRefine(({ route, ...question }, context) => {
    if (route === undefined) {
      if (question.all_of !== undefined || question.any_of !== undefined) return;
      const message =
        'Say what the token must be allowed to do; "all_of": [] means any valid token, "route" leaves it to the rules.';
      context.addIssue({ code: 'custom', message, path: ['all_of'] });
    }
    for (const field of SAID_BY_ROUTES) {
      if (route === undefined || question[field] === undefined) continue;
      const message = `With "route" the rules of the profile say what ${field} would.`;
      context.addIssue({ code: 'custom', message, path: [field] });
    }
  })
  .meta({ id: 'VerifyRequest' });
type QuestionInput = z.infer<typeof questionSchema>;

const inputSchema = z.union([questionSchema, z.strictObject({ requests: z.array(questionSchema).min(1).max(100) })]);
type Input = z.infer<typeof inputSchema>;

const resultSchema = z
  .object({
    allowed: z.boolean(),
    code: z.string(),
    request_id: z.string(),
    status: z.int().optional(),
    message: z.string().optional(),
    missing: z.array(z.string()).optional(),
    retry_after: z.number().nullable().optional().describe('Seconds; null when no waiting helps'),
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
  const requestId = generateId('req', engine.random);
  let inForce: ProfileInForce;
  let question: Question;
  let decision: Decision;
  // Taking the decision may tell of a newer profile, whose rules may ask for more. That is rare, and costs another count.
  do {
    inForce = engine.authenticator.profile;
    question = questionOf(inForce, input, ipPath);
    decision = await decide(engine, caller, question);
  } while (input.route !== undefined && engine.authenticator.profile !== inForce);
  return decision.allowed
    ? {
        allowed: true,
        code: 'ok',
        request_id: requestId,
        token: identityWire(engine, decision.facts),
        rate_limit: rateLimitWire(decision.limit, engine.clock.now()),
      }
    : refusal(engine, input, question, decision, requestId);
}

async function decide(engine: Engine, caller: Caller, question: Question): Promise<Decision> {
  try {
    if (await isOutOfReach(engine, caller, question)) {
      return { allowed: false, denial: { reason: 'invalid_token', cause: 'unknown' }, facts: null, limit: null };
    }
    return await engine.authenticator.decide(question);
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    const denial = { reason: 'authority_unavailable', cause: 'authority_unavailable' } as const;
    return { allowed: false, denial, facts: null, limit: null };
  }
}

/** Whoever verifies for one workspace learns of another's token what it learns of one that does not exist. */
async function isOutOfReach(engine: Engine, caller: Caller, { credential }: Question): Promise<boolean> {
  if (caller.reach === 'installation' || credential.found !== 'text') return false;
  const shape = readShape(credential.text, engine.authenticator.profile.profile.token);
  if (shape.is !== 'ours' || shape.kind !== 'token') return false;
  const facts = await engine.authenticator.find(credential.text);
  return facts !== null && !reaches(caller, facts.membership.workspace.id);
}

function questionOf(inForce: ProfileInForce, input: QuestionInput, ipPath: string): Question {
  const ip = input.ip == null ? null : canonicalAddress(input.ip);
  if (input.ip != null && ip === null) throw invalidInput(ipPath, 'Not an IP address.');
  const { route, all_of: allOf = [], any_of: anyOf = [], environment = 'live', cost = 1 } = input;
  const asked =
    route === undefined
      ? { environments: [environment], allOf, anyOf, cost }
      : askedByRules(inForce, route.method, route.target);
  return { credential: credentialOf(input), ip, ...asked };
}

function credentialOf({ token, problem }: QuestionInput): Credential {
  if (problem === 'in_url') return { found: 'in_url' };
  if (problem !== undefined) return { found: 'malformed', problem };
  return token === null ? { found: 'none' } : { found: 'text', text: token };
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
    rawHeaders: input.token === null ? [] : ['Authorization', `Bearer ${input.token}`],
    headerNames: [],
    environments: question.environments,
    needed: [...question.allOf, ...question.anyOf],
    requestId,
  });
  return {
    allowed: false,
    code: denial.reason,
    request_id: requestId,
    status: response.status,
    message: response.message,
    ...(denial.missing !== undefined && { missing: [...denial.missing] }),
    retry_after: secondsOrNull(denial.retryAfterMs),
    ...(facts !== null && { token: { id: facts.id } }),
    response: { status: response.status, headers: { ...response.headers }, body: response.body },
  };
}

function secondsOrNull(ms: number | undefined): number | null {
  return ms === undefined || ms === Infinity ? null : Math.ceil(ms / 1000);
}
