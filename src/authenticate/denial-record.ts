import { listEffective, type RateLimitVerdict, type RouteRule } from '../policy/index.ts';
import type { DenialDetails, DenialDoor, DenialRecord } from '../ports/index.ts';
import { loggedPath, maskToken, withoutSecrets } from '../token/index.ts';
import type { Decision, Question } from './decision.ts';
import type { DenialOrigin } from './denial-queue.ts';
import type { TokenFacts } from './facts.ts';

/** What stays of any list. */
const LISTED_MAX = 50;
const PATH_MAX = 512;
const METHOD_MAX = 32;

/** A decision as a door saw it, with what only the door knows. */
export interface SeenDecision {
  readonly requestId: string;
  readonly at: number;
  readonly door: DenialDoor;
  readonly method: string | null;
  readonly target: string | null;
  /** Name of the header the address came from, `connection`, or `question` where the asking application told it. */
  readonly addressFrom: string | null;
  readonly question: Question;
  readonly decision: Decision;
  readonly rule?: RouteRule | null | undefined;
  /** What `helpFor` says of the field lines, where no token matched. */
  readonly help?: string | null;
  /** Every permission of a closed catalogue; null where it is open. */
  readonly catalogue: readonly string[] | null;
  /** Of an application that asks for one workspace alone. */
  readonly askingWorkspaceId?: string | null;
}

/** Whose denial it is, and why. */
export function denialOrigin(decision: Decision, { ip }: Pick<Question, 'ip'>): DenialOrigin {
  const { facts } = decision;
  const cause = decision.allowed ? 'ok' : decision.denial.cause;
  return { lineageId: facts?.lineageId ?? null, ownerId: facts?.membership.owner.id ?? null, ip, cause };
}

/** What is kept of a denial: ids and rules, never a value, a header line or a body. An accepted request has cause `ok`. */
export function denialRecord(seen: SeenDecision): DenialRecord {
  const { decision, question, method, target } = seen;
  const { facts } = decision;
  return {
    requestId: seen.requestId,
    at: seen.at,
    door: seen.door,
    method: method === null ? null : storable(withoutSecrets(method), METHOD_MAX),
    path: target === null ? null : storable(loggedPath(target), PATH_MAX),
    reason: decision.allowed ? 'ok' : decision.denial.reason,
    cause: decision.allowed ? 'ok' : decision.denial.cause,
    ip: question.ip,
    tokenId: facts?.id ?? null,
    lineageId: facts?.lineageId ?? null,
    ownerId: facts?.membership.owner.id ?? null,
    workspaceId: facts?.membership.workspace.id ?? seen.askingWorkspaceId ?? null,
    details: detailsOf(seen),
  };
}

function detailsOf(seen: SeenDecision): DenialDetails {
  const { decision, question, rule, at } = seen;
  const { facts, limit } = decision;
  const denial = decision.allowed ? null : decision.denial;
  return {
    environments: question.environments,
    allOf: bounded(question.allOf),
    anyOf: bounded(question.anyOf),
    addressFrom: seen.addressFrom,
    ...(facts !== null && { token: tokenOf(facts, question), allowlist: allowlistOf(facts) }),
    ...(facts !== null && (decision.allowed || denial?.missing !== undefined) && heldBy(facts, seen.catalogue)),
    ...(rule !== undefined && { rule: rule === null ? null : { methods: methodsOf(rule), path: rule.path } }),
    ...(limit !== null && { windows: windowsOf(limit, at) }),
    ...(seen.help != null && { help: seen.help }),
    ...(denial?.problem !== undefined && { problem: denial.problem }),
    ...(denial?.missing !== undefined && { missing: bounded(denial.missing) }),
    ...(denial?.retryAfterMs !== undefined && {
      retryAfterMs: Number.isFinite(denial.retryAfterMs) ? denial.retryAfterMs : null,
    }),
    ...(denial?.since !== undefined && { since: denial.since }),
  };
}

function tokenOf(facts: TokenFacts, { credential }: Question): NonNullable<DenialDetails['token']> {
  const { name, environment, expiresAt } = facts;
  return { name, hint: credential.found === 'text' ? maskToken(credential.text) : null, environment, expiresAt };
}

function allowlistOf({ ipAllowlist }: TokenFacts): readonly string[] | null {
  return ipAllowlist === null ? null : bounded(ipAllowlist.entries);
}

function heldBy({ grant, membership }: TokenFacts, catalogue: readonly string[] | null) {
  if (membership.permissions === null) return { held: [], heldCount: 0 };
  const held = listEffective(grant.permissions ?? 'inherit', membership.permissions, catalogue);
  return { held: bounded(held), heldCount: held.length };
}

function methodsOf({ methods }: RouteRule): string {
  return methods === '*' ? methods : methods.join(', ');
}

function windowsOf(limit: RateLimitVerdict, at: number): NonNullable<DenialDetails['windows']> {
  return limit.describe().map(({ resetMs, ...window }) => ({ ...window, resetAt: at + Math.ceil(resetMs) }));
}

function bounded(list: readonly string[]): readonly string[] {
  return list.length > LISTED_MAX ? list.slice(0, LISTED_MAX) : list;
}

/** Text from outside as any database takes it, and not longer than that. */
function storable(text: string, max: number): string {
  const plain = text.slice(0, max).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
  return text.length > max ? `${plain}…` : plain;
}
