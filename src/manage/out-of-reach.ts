import type { Caller } from './caller.ts';
import type { Engine } from './operation.ts';
import { type InputProblem, Rejection } from './rejection.ts';

/**
 * What was asked for exists in another workspace. To the caller it is like any other `not_found`; whoever runs Keyhouse
 * finds it among the denials (threats row 30).
 */
export class OutOfReach extends Rejection {
  readonly kind: 'token' | 'owner' | 'workspace' | 'webhook' | 'alert';
  readonly id: string;

  constructor(kind: OutOfReach['kind'], id: string, message?: string, problems: readonly InputProblem[] = []) {
    super('not_found', message, { problems });
    this.kind = kind;
    this.id = id;
  }
}

/** Keeps for the operator alone that somebody asked for another workspace's thing: it belongs to no workspace and no token. */
export function noteOutOfReach(engine: Engine, { circumstances, token }: Caller, { kind, id }: OutOfReach): void {
  const { ip, requestId, addressFrom = null } = circumstances;
  const ownerId = token?.membership.owner.id ?? null;
  engine.denials.record({ lineageId: null, ownerId, ip, cause: 'cross_workspace_denied' }, () => ({
    requestId,
    at: engine.clock.now(),
    door: 'api',
    method: null,
    path: null,
    reason: 'cross_workspace_denied',
    cause: 'cross_workspace_denied',
    ip,
    tokenId: token?.id ?? null,
    lineageId: null,
    ownerId,
    workspaceId: null,
    details: {
      environments: [],
      allOf: [],
      anyOf: [],
      addressFrom,
      foreign: { kind, id },
      ...(token !== null && {
        token: { name: token.name, hint: null, environment: token.environment, expiresAt: token.expiresAt },
      }),
    },
  }));
}
