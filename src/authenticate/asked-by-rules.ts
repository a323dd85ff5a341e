import { readPath, spelledSegments } from '../policy/index.ts';
import type { Question } from './decision.ts';
import type { ProfileInForce } from './profile-in-force.ts';

/** The part of a question that follows from method and path. */
export type AskedByRules = Pick<
  Question,
  'environments' | 'allOf' | 'anyOf' | 'cost' | 'routeProblem' | 'route' | 'rule'
>;

/** What the rules in force ask of a request. A path that can be read in two ways, or that no rule speaks of, is refused. */
export function askedByRules({ profile, routes }: ProfileInForce, method: string, target: string): AskedByRules {
  const segments = readPath(target);
  const rule = segments === null ? null : routes.find(method, segments);
  const isClear =
    segments !== null && !(rule !== null && routes.isReadOtherwise(method, segments, spelledSegments(target)));
  if (isClear && rule !== null) {
    const { permissions, environment, cost } = rule;
    return { environments: [environment], allOf: permissions, anyOf: [], cost, route: { method, target }, rule };
  }
  return {
    environments: profile.token.environments,
    allOf: [],
    anyOf: [],
    cost: 1,
    rule: null,
    routeProblem: isClear ? 'no_matching_rule' : 'ambiguous_path',
    route: { method, target },
  };
}
