import { answerHeaders, type Decision, type Question, renderRefusal } from '../authenticate/index.ts';
import type { Eventually } from '../ports/index.ts';
import type { RenderedResponse } from '../profile/index.ts';
import { loggedPath } from '../token/index.ts';
import { debugHeaders, wantsDebug } from './debug-headers.ts';
import type { DoorRequest } from './door.ts';
import type { DoorEngine } from './door-engine.ts';
import type { DoorLog } from './door-log.ts';
import type { Metrics } from './metrics.ts';
import { noteDenial, sampleAccess } from './note-denial.ts';
import { type AddressTrust, type Asked, questionOf } from './question-of.ts';
import { decideBehindDoor, type SignedIdentities } from './signed-identity.ts';

/** What every door in front of the engine is built from. */
export interface DoorParts {
  readonly engine: DoorEngine;
  readonly trust: AddressTrust;
  readonly log: DoorLog;
  /** null where nobody measures. */
  readonly metrics: Metrics | null;
  /** `Keyhouse-Identity` as far as it is switched on; default not at all. */
  readonly identity?: SignedIdentities | null;
}

/** A request with the decision about it. */
export interface Decided {
  readonly request: Pick<DoorRequest, 'method' | 'rawHeaders' | 'target' | 'peer'>;
  readonly requestId: string;
  readonly asked: Asked;
  readonly question: Question;
  readonly decision: Decision;
}

const UNAVAILABLE: Decision = {
  allowed: false,
  denial: { reason: 'authority_unavailable', cause: 'authority_unavailable' },
  facts: null,
  limit: null,
};

/**
 * Takes the decision on one request, in the same turn wherever the engine does. Whatever fails on the way is a refusal,
 * never an accept, and is logged.
 */
export function decideRequest(
  parts: DoorParts,
  request: Decided['request'],
  asked: Asked,
  requestId: string,
): Eventually<Decided> {
  const { authenticator, clock, traces = null } = parts.engine;
  const since = parts.metrics === null && traces === null ? 0 : clock.monotonic();
  const question = questionOf(request, asked, authenticator.profile.profile.token, parts.trust, requestId);
  let taken: Eventually<Decision>;
  try {
    taken = decideBehindDoor(parts, request, question);
  } catch (error) {
    taken = unavailable(parts, requestId, error);
  }
  if (!(taken instanceof Promise))
    return report(parts, { request, requestId, asked, question, decision: taken }, since);
  return taken
    .catch((error) => unavailable(parts, requestId, error))
    .then((decision) => report(parts, { request, requestId, asked, question, decision }, since));
}

function unavailable({ log }: DoorParts, requestId: string, error: unknown): Decision {
  log.fault(error, { requestId, operation: null });
  return UNAVAILABLE;
}

/** Tells whoever watches the doors of a decision: every one passes here, once. */
function report(parts: DoorParts, decided: Decided, since: number): Decided {
  const { engine, log, metrics } = parts;
  const { decision, request, requestId, question } = decided;
  const { traces = null } = engine;
  if (metrics !== null || traces !== null) {
    const outcome = decision.allowed ? 'ok' : decision.denial.reason;
    const door = decided.asked.door ?? 'api';
    const lastedMs = engine.clock.monotonic() - since;
    metrics?.decided(outcome, door, lastedMs);
    if (traces !== null) traces.decided(outcome, door, engine.clock.now() - lastedMs, engine.clock.now());
  }
  if (decision.allowed) {
    sampleAccess(parts, decided);
    return decided;
  }
  noteDenial(parts, decided);
  if (decision.denial.cause === 'token_in_url') {
    const { method, target } = request;
    log.securityEvent({ event: 'token_in_url', requestId, method, path: loggedPath(target), ip: question.ip });
  }
  return decided;
}

/** The refusal in the words of the profile, with the limits and, where asked for, what was checked. */
export function renderDecided(engine: DoorEngine, decided: Decided): RenderedResponse {
  const { request, requestId, asked, decision } = decided;
  if (decision.allowed) throw new TypeError('an accepted request has no refusal');
  const rendered = renderRefusal(engine.authenticator.profile.profile, decision.denial, {
    rawHeaders: request.rawHeaders,
    headerNames: asked.headerNames,
    environments: asked.environments,
    needed: [...asked.allOf, ...asked.anyOf],
    requestId,
    facts: decision.facts,
    dashboardUrl: engine.dashboardUrl(),
  });
  return { ...rendered, headers: { ...rendered.headers, ...decisionHeaders(engine, decided) } };
}

/** What an answer says about the decision, whichever way it went: limits, debugging, and that it is nobody else's. */
export function decisionHeaders(engine: DoorEngine, { request, decision }: Decided): Record<string, string> {
  const headers = answerHeaders(decision, engine.clock.now());
  return wantsDebug(request) ? { ...headers, ...debugHeaders(engine, decision) } : headers;
}
