import { z } from 'zod';
import { type Decision, type Question, renderRefusal, type TokenFacts } from '../authenticate/index.ts';
import { canonicalAddress, isPermission } from '../policy/index.ts';
import { identitySchema, identityWire, rateLimitSchema, rateLimitWire } from './identity-wire.ts';
import { noteDenial, sampleAccess } from './note-denial.ts';
import { defineOperation, type Engine } from './operation.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { environmentSchema } from './schemas.ts';
import { askedBy } from './verify-tokens.ts';

const COST_MAX = 1_000_000;
const NOT_LOOKED_UP = 'Too many tokens that nobody has were asked about, so this one was not looked up. Ask again.';

const inputSchema = z
  .strictObject({
    token: z.string().min(1).max(16_384).describe('The value exactly as the client sent it'),
    token_type_hint: z.string().max(200).optional().describe('Taken and not needed: the value says what it is'),
    client_id: z.string().max(200).optional().describe('Taken and not needed: the caller is who authenticated'),
    client_ip: z.string().max(64).optional().describe('Address of the client, to be judged by the address list'),
    required_scope: z.string().max(16_384).optional().describe('Permissions, all of them needed, one space between'),
    cost: z
      .union([z.int().min(0).max(COST_MAX), z.string().regex(/^(?:0|[1-9]\d{0,5}|1000000)$/)])
      .optional()
      .describe('What the request costs in every window of the limit; 0 asks without spending'),
    environment: environmentSchema.default('live').describe('Whose tokens are active here'),
  })
  .meta({ id: 'IntrospectionRequest' });
type Input = z.infer<typeof inputSchema>;

const inactiveSchema = z
  .object({
    active: z.literal(false),
    code: z.string().optional().describe('Only where client_ip, required_scope or cost asked, like the rest'),
    status: z.int().optional(),
    message: z.string().optional(),
    missing: z.array(z.string()).optional(),
    retry_after: z.number().nullable().optional().describe('Seconds; null when no waiting helps'),
  })
  .meta({ id: 'InactiveToken' });

const activeSchema = identitySchema
  .omit({ effective_permissions: true })
  .extend({
    active: z.literal(true),
    scope: z.string().optional().describe('Effective permissions, one space between; left out where there are none'),
    client_id: z.string().describe('Id of the token'),
    username: z.string().optional().describe('E-mail address of the owner, or the name'),
    sub: z.string().describe('Id of the owner'),
    token_type: z.literal('Bearer'),
    exp: z.int().optional().describe('Seconds since 1970; left out where the token does not end'),
    iat: z.int().optional().describe('Seconds since 1970'),
    jti: z.string().describe('Id of the token'),
    rate_limit: rateLimitSchema.nullable().optional().describe('Only where cost asked'),
  })
  .meta({ id: 'ActiveToken' });

const outputSchema = z.union([activeSchema, inactiveSchema]);
type Output = z.infer<typeof outputSchema>;

/**
 * What a token is, for stock resource servers (RFC 7662). It spends nothing and counts no use unless `cost` says so, and
 * says why a token is not active only to who asked about a request with `client_ip`, `required_scope` or `cost`. A token
 * restricted to addresses is active for an address it allows and for none that is not known.
 * @throws {StorageUnavailable} an outage is no answer about the token. @throws {Rejection} `busy`: it was not looked up.
 */
export const introspectToken = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'introspectToken',
  summary: 'Say whether a token is active and what it may do (RFC 7662)',
  access: { needs: 'keyhouse-tokens:verify' },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const question = askedBy(caller, questionOf(input));
    const decision = await engine.authenticator.decide(question);
    const seen = {
      requestId: caller.circumstances.requestId,
      door: 'introspection',
      method: null,
      target: null,
    } as const;
    if (decision.allowed) {
      sampleAccess(engine, caller, { ...seen, question, decision });
      return active(engine, decision.facts, input.cost === undefined ? undefined : decision.limit);
    }
    // A limit is judged only where a cost was named: what is used up for now is still an active token.
    if (decision.denial.cause === 'limit_reached' && input.cost === undefined && decision.facts !== null) {
      return active(engine, decision.facts, undefined);
    }
    const { client_ip, required_scope, cost } = input;
    const isAboutRequest = client_ip !== undefined || required_scope !== undefined || cost !== undefined;
    if (!isAboutRequest) {
      if (decision.denial.cause === 'too_many_failures') throw new Rejection('busy', NOT_LOOKED_UP);
      return { active: false };
    }
    noteDenial(engine, caller, { ...seen, question, decision });
    return refusal(engine, input, question, decision);
  },
});

function questionOf({ token, client_ip, required_scope = '', cost = 0, environment }: Input): Question {
  const ip = client_ip === undefined ? null : canonicalAddress(client_ip);
  if (client_ip !== undefined && ip === null) throw invalidInput('client_ip', 'Not an IP address.');
  const allOf = required_scope.split(' ').filter((permission) => permission !== '');
  if (!allOf.every(isPermission)) {
    throw invalidInput('required_scope', 'Concrete permissions, resource:action, one space between.');
  }
  return {
    credential: { found: 'text', text: token },
    environments: [environment],
    ip,
    allOf,
    anyOf: [],
    cost: Number(cost),
  };
}

/** @param limit left out where nobody asked about it. */
async function active(engine: Engine, facts: TokenFacts, limit: Decision['limit'] | undefined): Promise<Output> {
  const { effective_permissions: permissions, ...identity } = identityWire(engine, facts);
  const { id, email, name } = facts.membership.owner;
  const username = email ?? name;
  const endsAt = Math.min(facts.expiresAt ?? Infinity, facts.end?.graceEndsAt ?? Infinity);
  const stored = await engine.store.tokens.findById(facts.id);
  return {
    active: true,
    ...(permissions.length > 0 && { scope: permissions.join(' ') }),
    client_id: facts.id,
    ...(username !== null && { username }),
    sub: id,
    token_type: 'Bearer',
    ...(endsAt !== Infinity && { exp: seconds(endsAt) }),
    ...(stored !== null && { iat: seconds(stored.createdAt) }),
    jti: facts.id,
    ...identity,
    ...(limit !== undefined && { rate_limit: rateLimitWire(limit, engine.clock.now()) }),
  };
}

function refusal(
  engine: Engine,
  { token }: Input,
  { environments, allOf }: Question,
  { denial }: Extract<Decision, { allowed: false }>,
): Output {
  const { reason: code, missing, retryAfterMs } = denial;
  const { status, message } = renderRefusal(engine.authenticator.profile.profile, denial, {
    rawHeaders: ['Authorization', `Bearer ${token}`],
    headerNames: [],
    environments,
    needed: allOf,
    requestId: '',
    facts: null,
    dashboardUrl: null,
  });
  return {
    active: false,
    code,
    status,
    message,
    ...(missing !== undefined && { missing: [...missing] }),
    ...(retryAfterMs !== undefined && {
      retry_after: retryAfterMs === Infinity ? null : Math.ceil(retryAfterMs / 1000),
    }),
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
