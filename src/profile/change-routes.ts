import { type RouteRule, routesMeet } from '../policy/index.ts';
import type { CompareProfiles } from './narrowing.ts';

/** One method of one rule. */
interface Line {
  readonly key: string;
  readonly rule: RouteRule;
}

/** Rules are compared method by method: how they are grouped in the file makes no difference. */
export const routeChanges: CompareProfiles = (before, after, notes) => {
  const were = linesOf(before.routes);
  const are = linesOf(after.routes);
  for (const { key } of were.values()) {
    if (!are.has(key)) notes.narrows(`The rule for ${key} is gone: what only it let through is refused.`);
  }
  for (const { key, rule } of are.values()) {
    const was = were.get(key)?.rule;
    if (was === undefined) tellNew(key, rule);
    else tellChanged(key, was, rule);
  }

  function tellNew(key: string, rule: RouteRule): void {
    const line = `${key} ${needs(rule)}.`;
    // A more specific rule takes requests over that another one let through for less.
    const isStricter = before.routes.some((other) => routesMeet(other, rule) && asksMore(other, rule));
    if (isStricter) notes.narrows(line);
    else notes.tells(line);
  }

  function tellChanged(key: string, was: RouteRule, is: RouteRule): void {
    if (needs(was) === needs(is)) return;
    const line = `${key} ${needs(is)}; before, it ${needs(was)}.`;
    if (asksMore(was, is)) notes.narrows(line);
    else notes.tells(line);
  }
};

function linesOf(routes: readonly RouteRule[]): ReadonlyMap<string, Line> {
  const lines = routes.flatMap((rule) => {
    const path = rule.path.replace(/\{[^}]*\}/g, '{}').replace(/(?<=.)\/$/, '');
    return (rule.methods === '*' ? ['*'] : rule.methods).map((method) => {
      const key = `${method} ${path}`;
      return [key, { key, rule }] as const;
    });
  });
  return new Map(lines);
}

/** Whether some request that the first lets through is refused by the second. */
function asksMore(first: RouteRule, second: RouteRule): boolean {
  return (
    second.permissions.some((permission) => !first.permissions.includes(permission)) ||
    second.environment !== first.environment ||
    second.cost > first.cost
  );
}

function needs({ permissions, environment, cost }: RouteRule): string {
  const what = permissions.length === 0 ? 'any valid token' : permissions.join(' and ');
  return `needs ${what}, serves ${environment} and costs ${cost}`;
}
