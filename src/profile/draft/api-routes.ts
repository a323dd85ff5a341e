import { checkRoutePath, findRouteConflicts, type RouteRule } from '../../policy/index.ts';
import { type GuardedOperation, line } from './api-permissions.ts';
import type { Notes } from './note.ts';

/** A rule as a file has it: for live tokens, at the cost of one request. */
export interface RouteDraft extends Pick<RouteRule, 'path' | 'permissions'> {
  readonly methods: readonly string[];
}

/** What a profile takes. */
const RULES_MAX = 2_000;
const PATH_LENGTH = 500;

/** The operations as rules, methods of one path with the same needs together. No request meets two that cross. */
export function routesOf(operations: readonly GuardedOperation[], notes: Notes): readonly RouteDraft[] {
  const rules = withoutCrossings(grouped([...linesOf(operations, notes).values()]), notes);
  if (rules.length <= RULES_MAX) return rules;
  notes.tell(`No routes are drafted: it would take ${rules.length} rules, and a profile holds ${RULES_MAX}.`);
  return [];
}

/** One method of one path. */
interface Line {
  readonly method: string;
  readonly path: string;
  readonly permissions: readonly string[];
}

/** By what requests can tell apart: what is described twice needs what both places say. */
function linesOf(operations: readonly GuardedOperation[], notes: Notes): ReadonlyMap<string, Line> {
  const paths = new Map<string, string>();
  const lines = new Map<string, Line>();
  for (const operation of operations) {
    const { method } = operation;
    const own = patternOf(operation.path);
    if (own.length > PATH_LENGTH || /[?#]/.test(operation.path) || checkRoutePath(own) !== null) {
      notes.tell(
        'Without a rule in routes: paths that no request can have, or that the query decides.',
        line(operation),
      );
      continue;
    }
    if (own !== operation.path)
      notes.tell('In routes a name stands for a whole segment.', `${operation.path} is ${own}`);
    const shape = own.replaceAll(/\{[^{}]*\}/g, '{}').replace(/\/$/, '');
    const path = paths.get(shape) ?? own;
    paths.set(shape, path);
    const before = lines.get(`${method} ${shape}`);
    if (before !== undefined) notes.tell('Described twice, so they need what both places say.', line(operation));
    const permissions = [...new Set([...(before?.permissions ?? []), ...operation.permissions])];
    lines.set(`${method} ${shape}`, { method, path, permissions });
  }
  return lines;
}

function grouped(lines: readonly Line[]): readonly RouteDraft[] {
  const rules = new Map<string, RouteDraft>();
  for (const { method, path, permissions } of lines) {
    const key = `${path} ${permissions.toSorted().join()}`;
    const methods = rules.get(key)?.methods ?? [];
    rules.set(key, { methods: [...methods, method], path, permissions });
  }
  return [...rules.values()];
}

/** Of two rules between which nobody could choose, the later one goes. */
function withoutCrossings(rules: readonly RouteDraft[], notes: Notes): readonly RouteDraft[] {
  if (rules.length > RULES_MAX) return rules;
  const gone = new Set<number>();
  for (const { first, second } of findRouteConflicts(rules)) {
    const [earlier, later] = [rules[first], rules[second]];
    if (earlier === undefined || later === undefined || gone.has(first) || gone.has(second)) continue;
    gone.add(second);
    notes.tell(
      'Left out of routes, because neither of two rules is the more specific one. What only they would let through is refused.',
      `${nameOfRule(later)}, because of ${nameOfRule(earlier)}`,
    );
  }
  return rules.filter((_rule, index) => !gone.has(index));
}

function nameOfRule({ methods, path }: RouteDraft): string {
  return `${methods.join()} ${path}`;
}

/** A document's path as a pattern: whole segments, plain names. */
function patternOf(path: string): string {
  const names = new Set<string>();
  return path
    .split('/')
    .map((segment) => (segment.includes('{') ? nameOf(segment, names) : escaped(segment)))
    .join('/');
}

function nameOf(segment: string, names: Set<string>): string {
  const inside = /\{([^{}]*)\}/.exec(segment)?.[1] ?? '';
  const plain = inside.replaceAll(/[^A-Za-z0-9_-]+/g, '_').replace(/^[^A-Za-z_]+/, '') || 'name';
  let name = plain;
  for (let number = 2; names.has(name); number += 1) name = `${plain}_${number}`;
  names.add(name);
  return `{${name}}`;
}

/** Characters outside ASCII as requests carry them. */
function escaped(segment: string): string {
  try {
    return encodeURI(segment).replaceAll('%25', '%');
  } catch {
    return segment;
  }
}
