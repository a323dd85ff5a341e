import type { ProfileInForce } from '../authenticate/index.ts';
import { readPath, spelledSegments } from '../policy/index.ts';
import type { DoorRequest } from './door.ts';
import type { Asked } from './question-of.ts';

/** What the rules in force ask of a request. A path that can be read in two ways, or that no rule speaks of, is refused. */
export function askedByRoute(
  { profile, routes }: ProfileInForce,
  { method, target }: Pick<DoorRequest, 'method' | 'target'>,
  headerNames: readonly string[],
): Asked {
  const segments = readPath(target);
  const rule = segments === null ? null : routes.find(method, segments);
  const isClear =
    segments !== null && !(rule !== null && routes.isReadOtherwise(method, segments, spelledSegments(target)));
  if (isClear && rule !== null) {
    const { permissions, environment, cost } = rule;
    return { environments: [environment], allOf: permissions, anyOf: [], cost, headerNames };
  }
  return {
    environments: profile.token.environments,
    allOf: [],
    anyOf: [],
    cost: 1,
    headerNames,
    routeProblem: isClear ? 'no_matching_rule' : 'ambiguous_path',
  };
}
