import { z } from 'zod';
import {
  type Decision,
  denialRecord,
  isHiddenFromHolder,
  type Question,
  type TokenFacts,
} from '../authenticate/index.ts';
import type { DenialRecord } from '../ports/index.ts';
import { diagnose, findCredential } from '../token/index.ts';
import type { Caller } from './caller.ts';
import { type ExplanationWire, explanationSchema, reducedExplanation, shapeExplanation } from './denial-wire.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { askedText } from './schemas.ts';

const LATEST = 10;

const inputSchema = z
  .strictObject({
    token: z.string().min(1).max(16_384).describe('The token that was refused'),
    request_id: askedText(64).optional().describe('Of the refused request; left out, its latest denials are told'),
  })
  .meta({ id: 'WhyRequest' });
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    now: explanationSchema.describe('What would be decided about a request from here that needs no permission'),
    denials: z.array(explanationSchema).describe('Newest first'),
  })
  .meta({ id: 'Why' });
type Output = z.infer<typeof outputSchema>;

/**
 * Tells the bearer of a token why it is or was refused. It spends nothing and counts no use. A token that is no longer valid
 * is told what one that never was is told (threats row 18), and whoever calls from an address the token may not be used
 * from learns of requests from that address alone.
 */
export const askWhy = defineOperation<Input, Output>({
  id: 'askWhy',
  summary: 'Ask with a refused token why it was refused',
  access: { oneTimeSecret: true },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { token, request_id }) => {
    const header = /^bearer\b/i.test(token) ? token : `Bearer ${token}`;
    const question = questionOf(engine, caller, header);
    const decision = await engine.authenticator.decide(question);
    const now = nowWire(engine, caller, question, decision, header);
    if (decision.facts === null || (!decision.allowed && isHiddenFromHolder(decision.denial.cause))) {
      return { now, denials: [] };
    }
    // Whoever sits at this machine has no address, and may see them all.
    const isHere = caller.actor.kind === 'operator' || caller.actor.kind === 'host';
    const isElsewhere = !isHere && !decision.allowed && decision.denial.reason !== 'rate_limited';
    const seen = { facts: decision.facts, ip: isElsewhere ? question.ip : undefined };
    return {
      now,
      denials: request_id === undefined ? await latest(engine, seen) : [await one(engine, seen, request_id)],
    };
  },
});

/** Whose denials are told, and of which address alone; undefined is any. */
interface Seen {
  readonly facts: TokenFacts;
  readonly ip: string | null | undefined;
}

function questionOf({ authenticator }: Engine, { circumstances: { ip } }: Caller, header: string): Question {
  const format = authenticator.profile.profile.token;
  const credential = findCredential(['Authorization', header], null, [], format);
  return { credential, environments: format.environments, ip, allOf: [], anyOf: [], cost: 0, isLook: true };
}

function nowWire(engine: Engine, caller: Caller, question: Question, decision: Decision, header: string) {
  const { profile, catalogue } = engine.authenticator.profile;
  const { requestId, addressFrom = null } = caller.circumstances;
  const at = engine.clock.now();
  const record = denialRecord({
    requestId,
    at,
    door: 'api',
    method: null,
    target: null,
    addressFrom,
    question,
    decision,
    catalogue,
  });
  const explained = reducedExplanation(record, profile.words);
  if (explained.token !== null) return explained;
  const help = diagnose(['Authorization', header], profile.token, {
    sampleTokens: profile.token.samples,
    tokenWord: profile.words.token,
  });
  return { ...explained, advice: help ?? explained.advice };
}

async function latest(engine: Engine, { facts, ip }: Seen): Promise<ExplanationWire[]> {
  if (ip === null) return [];
  const filter = { lineageId: facts.lineageId, ...(ip !== undefined && { ip }) };
  const { rows } = await engine.denials.list(filter, { limit: LATEST, after: null });
  return rows.map((record) => reducedExplanation(record, engine.authenticator.profile.profile.words));
}

/** @throws {Rejection} `not_found` alike for what is not there and for the denial of another token. */
async function one(engine: Engine, seen: Seen, requestId: string): Promise<ExplanationWire> {
  const record = await engine.denials.find(requestId);
  const { words } = engine.authenticator.profile.profile;
  if (record !== null && isOf(record, seen)) return reducedExplanation(record, words);
  if (record !== null && isOfNoToken(record)) return shapeExplanation(record, words);
  throw new Rejection('not_found', `No denial of this ${words.token} is kept under that request id.`);
}

/** What somebody signed in was refused of another workspace names no token either, and is the operator's alone (row 30). */
function isOfNoToken({ lineageId, tokenId, details }: DenialRecord): boolean {
  return lineageId === null && tokenId === null && details.foreign === undefined;
}

function isOf({ lineageId, ip }: DenialRecord, seen: Seen): boolean {
  return lineageId === seen.facts.lineageId && (seen.ip === undefined || (ip !== null && ip === seen.ip));
}
