import { checkRoutePath, findRouteConflicts, type RouteRule } from '../../policy/index.ts';
import { type GuardedOperation, line } from './api-permissions.ts';
import type { Notes } from './note.ts';

/** A rule as a file has it: for live tokens, at the cost of one request. */
export type RouteDraft = Pick<RouteRule, 'methods' | 'path' | 'permissions'>;

/** What a profile takes. */
const RULES_MAX = 2_000;
const PATH_LENGTH = 500;

/** The operations as rules, methods of one path with the same needs together. */
export function routesOf(operations: readonly GuardedOperation[], notes: Notes): readonly RouteDraft[] {
  const rules = new Map<string, RouteDraft>();
  for (const operation of operations) {
    const path = patternOf(operation.path);
    if (path.length > PATH_LENGTH || /[?#]/.test(operation.path) || checkRoutePath(path) !== null) {
      notes.tell(
        'Without a rule in routes: paths that no request can have, or that the query decides.',
        line(operation),
      );
      continue;
    }
    if (path !== operation.path) {
      notes.tell('In routes a name stands for a whole segment.', `${operation.path} is ${path}`);
    }
    const permissions = operation.permissions;
    const key = `${path} ${permissions.join()}`;
    const methods = [...new Set([...(rules.get(key)?.methods ?? []), operation.method])];
    rules.set(key, { methods, path, permissions });
  }
  if (rules.size > RULES_MAX) {
    notes.tell(`No routes are drafted: it would take ${rules.size} rules, and a profile holds ${RULES_MAX}.`);
    return [];
  }
  return withoutConflicts([...rules.values()], notes);
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

/** Of two rules between which nobody could choose, the later one goes; the same requests twice need what both say. */
function withoutConflicts(rules: readonly RouteDraft[], notes: Notes): readonly RouteDraft[] {
  const kept: (RouteDraft | null)[] = [...rules];
  for (const { first, second } of findRouteConflicts(rules)) {
    const [earlier, later] = [kept[first], kept[second]];
    if (earlier == null || later == null) continue;
    kept[second] = null;
    if (shape(earlier.path) !== shape(later.path)) {
      notes.tell(
        'Left out of routes, so that requests that meet nothing else are refused: neither rule is the more specific one.',
        `${nameOfRule(later)}, because of ${nameOfRule(earlier)}`,
      );
      continue;
    }
    const permissions = [...new Set([...earlier.permissions, ...later.permissions])];
    kept[first] = { ...earlier, methods: [...new Set([...earlier.methods, ...later.methods])], permissions };
    notes.tell('Described twice, so they need what both places say.', nameOfRule(later));
  }
  return kept.filter((rule) => rule !== null);
}

function shape(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}').replace(/\/$/, '');
}

function nameOfRule({ methods, path }: RouteDraft): string {
  return `${methods === '*' ? '*' : methods.join()} ${path}`;
}
