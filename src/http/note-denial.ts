import { type Decision, denialOrigin, denialRecord, helpFor, type SeenDecision } from '../authenticate/index.ts';
import type { Decided, DoorParts } from './decide-request.ts';
import { headerValues } from './door.ts';
import type { DoorEngine } from './door-engine.ts';
import { type AddressTrust, comesFromProxy } from './question-of.ts';

/** Keeps a denial, so that its request id can explain itself. What it costs, only denied requests pay. */
export function noteDenial(
  { engine, trust }: DoorParts,
  decided: Decided,
  decision: Decision = decided.decision,
): void {
  const { asked, question, request } = decided;
  const { profile } = engine.authenticator.profile;
  engine.denials.record(denialOrigin(decision, question), () =>
    denialRecord({
      ...seenAt(engine, trust, decided),
      decision,
      help:
        decision.allowed || decision.facts !== null
          ? null
          : helpFor(profile, decision.denial, { ...asked, rawHeaders: request.rawHeaders }),
    }),
  );
}

/** Keeps one accepted request in so many, for those who review what tokens did. */
export function sampleAccess({ engine, trust }: DoorParts, decided: Decided): void {
  engine.accesses?.sample(() => seenAt(engine, trust, decided));
}

function seenAt(engine: DoorEngine, trust: AddressTrust, decided: Decided): SeenDecision {
  const { asked, question, request, requestId, decision } = decided;
  return {
    requestId,
    at: engine.clock.now(),
    door: asked.door ?? 'api',
    method: request.method,
    target: request.target,
    addressFrom: addressSource(request, trust),
    question,
    decision,
    rule: asked.rule,
    catalogue: engine.authenticator.profile.catalogue,
  };
}

/** Where the address of the client was read: the name of the header, or `connection`; null where there is neither. */
export function addressSource(
  request: Pick<Decided['request'], 'peer' | 'rawHeaders'>,
  trust: AddressTrust,
): string | null {
  if (request.peer === null) return null;
  const isTold = comesFromProxy(request, trust) && headerValues(request.rawHeaders, trust.header).length > 0;
  return isTold ? trust.header : 'connection';
}
