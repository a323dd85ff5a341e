import type { Decision, Denial, ProfileInForce, Question, RouteProblem, TokenFacts } from '../authenticate/index.ts';
import {
  anonymousCaller,
  bearerCaller,
  type Caller,
  type Circumstances,
  localCaller,
  signedInCaller,
} from '../manage/index.ts';
import type { AgentClass, RateLimitVerdict, WindowState } from '../policy/index.ts';
import { type FactsWire, factsOf, factsWire } from './attached-facts.ts';

/**
 * What an attached process and the owner of its data folder say to each other, as plain JSON. Both belong to one user of
 * one machine and may be of different versions: members are only added.
 */
export interface QuestionWire {
  readonly text: string;
  readonly environments: Question['environments'];
  readonly ip: string | null;
  readonly all_of: readonly string[];
  readonly any_of: readonly string[];
  readonly cost: number;
  readonly route_problem?: RouteProblem | null | undefined;
  readonly allow_replaced: boolean;
  readonly route?: { readonly method: string; readonly target: string } | null | undefined;
  readonly request_id?: string | undefined;
  readonly agent?: AgentClass | undefined;
}

export interface LimitWire {
  readonly admitted: boolean;
  /** null is never. */
  readonly retry_after_ms: number | null;
  readonly remaining: number;
  readonly limit: number;
  readonly windows: readonly WindowState[];
}

/** Facts as far as an answer is worded from them; they are never judged again. */

export interface DecisionWire {
  /** null for an accepted token. */
  readonly denial: (Omit<Denial, 'retryAfterMs'> & { readonly retryAfterMs?: number | null }) | null;
  readonly facts: FactsWire | null;
  readonly limit: LimitWire | null;
  /** Under which the decision was taken. */
  readonly profile_version: number;
}

/** One of the answers to many questions: `unavailable` where no decision could be taken. */
export type AnswerWire = DecisionWire | { readonly unavailable: string };

/** Who calls an operation, for the owner to find again. */
export type CallerWire = {
  readonly ip: string | null;
  readonly address_from?: string | null | undefined;
  readonly request_id: string;
  readonly idempotency_key: string | null;
} & (
  | { readonly by: 'host' | 'nobody' }
  | { readonly by: 'owner'; readonly owner_id: string; readonly workspace_id: string; readonly external_id: string }
  | { readonly by: 'bearer'; readonly token: string; readonly limit: LimitWire | null }
);

export function questionWire(text: string, question: Question): QuestionWire {
  const { environments, ip, allOf, anyOf, cost, routeProblem = null, route = null, allowReplaced = false } = question;
  return {
    text,
    environments,
    ip,
    all_of: allOf,
    any_of: anyOf,
    cost,
    route_problem: routeProblem,
    allow_replaced: allowReplaced,
    route,
    request_id: question.requestId,
    agent: question.agent,
  };
}

export function questionOf(wire: QuestionWire): Question {
  const { text, environments, ip, cost, route = null, request_id: requestId, agent } = wire;
  const { all_of: allOf, any_of: anyOf, route_problem: routeProblem = null, allow_replaced: allowReplaced } = wire;
  return {
    credential: { found: 'text', text },
    environments,
    ip,
    allOf,
    anyOf,
    cost,
    routeProblem,
    allowReplaced,
    route,
    ...(requestId !== undefined && { requestId }),
    ...(agent !== undefined && { agent }),
  };
}

export function decisionWire(decision: Decision, profileVersion: number): DecisionWire {
  const { facts, limit } = decision;
  return {
    // Infinity becomes null in JSON.
    denial: decision.allowed ? null : decision.denial,
    facts: facts === null ? null : factsWire(facts),
    limit: limit === null ? null : limitWire(limit),
    profile_version: profileVersion,
  };
}

export function decisionOf({ denial, facts: wire, limit }: DecisionWire, profile: ProfileInForce): Decision {
  const facts = wire === null ? null : factsOf(wire, profile);
  const verdict = limit === null ? null : verdictOf(limit);
  if (denial === null) {
    if (facts === null) throw new TypeError('an accepted token without facts');
    return { allowed: true, facts, limit: verdict };
  }
  const { retryAfterMs, ...rest } = denial;
  return {
    allowed: false,
    denial: retryAfterMs === undefined ? rest : { ...rest, retryAfterMs: retryAfterMs ?? Infinity },
    facts,
    limit: verdict,
  };
}

export function callerWire(caller: Caller): CallerWire {
  const { circumstances, presented, limit, self, actor } = caller;
  const { ip, addressFrom: address_from, requestId: request_id, idempotencyKey: idempotency_key } = circumstances;
  const common = { ip, address_from, request_id, idempotency_key };
  if (presented !== null)
    return { ...common, by: 'bearer', token: presented, limit: limit === null ? null : limitWire(limit) };
  if (self !== null) {
    return {
      ...common,
      by: 'owner',
      owner_id: self.ownerId,
      workspace_id: self.workspaceId,
      external_id: actor.id ?? '',
    };
  }
  return { ...common, by: actor.kind === 'host' ? 'host' : 'nobody' };
}

/** @param find reads the facts of a bearer's token; null for one that is not there any more. */
export async function callerOf(
  wire: CallerWire,
  find: (text: string) => TokenFacts | null | Promise<TokenFacts | null>,
): Promise<Caller | null> {
  const circumstances: Circumstances = {
    ip: wire.ip,
    addressFrom: wire.address_from ?? null,
    requestId: wire.request_id,
    idempotencyKey: wire.idempotency_key,
  };
  switch (wire.by) {
    case 'host':
      return localCaller('host', circumstances);
    case 'nobody':
      return anonymousCaller(circumstances);
    case 'owner': {
      const { owner_id: ownerId, workspace_id: workspaceId, external_id: id } = wire;
      return signedInCaller({ ownerId, workspaceId, actor: { kind: 'external', id } }, circumstances);
    }
    case 'bearer': {
      const facts = await find(wire.token);
      const limit = wire.limit === null ? null : verdictOf(wire.limit);
      return facts === null ? null : bearerCaller({ allowed: true, facts, limit }, wire.token, circumstances);
    }
  }
}

function limitWire(verdict: RateLimitVerdict): LimitWire {
  const { admitted, retryAfterMs, remaining, limit } = verdict;
  return {
    admitted,
    retry_after_ms: Number.isFinite(retryAfterMs) ? retryAfterMs : null,
    remaining,
    limit,
    windows: verdict.describe(),
  };
}

function verdictOf({ admitted, retry_after_ms, remaining, limit, windows }: LimitWire): RateLimitVerdict {
  return { admitted, retryAfterMs: retry_after_ms ?? Infinity, remaining, limit, describe: () => windows };
}
