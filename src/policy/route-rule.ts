import type { Environment } from '../token/index.ts';

/** Which permission a request to the API behind needs, by its method and path. */
export interface RouteRule {
  /** Upper-case method names; `*` is every method that no other rule of the same path names. A rule for GET answers HEAD. */
  readonly methods: readonly string[] | '*';
  /** Literal segments, `{name}` for any one segment, and at the end `**` for any number of them, none too. */
  readonly path: string;
  /** All of these are needed; [] takes any valid token. */
  readonly permissions: readonly string[];
  /** Whose tokens are served. */
  readonly environment: Environment;
  /** What a request costs in every window of the limit. */
  readonly cost: number;
}

/** Two rules of which neither is the more specific one, though a request can meet both. By their places in the list. */
export interface RouteConflict {
  readonly first: number;
  readonly second: number;
}

const REST = '**';

/**
 * Finds the rule of a request: of those that its method and path meet, the most specific one. A literal segment is more
 * specific than `{name}`, and that more than `**`; then a named method more than `*`.
 */
export class RouteTable {
  readonly #root = newNode();

  /** @param rules without conflicts, see `findRouteConflicts`. */
  constructor(rules: readonly RouteRule[]) {
    for (const rule of rules) insert(this.#root, rule);
  }

  /**
   * @param segments as `readPath` gives them.
   * @returns null where no rule fits: such a request is refused.
   */
  find(method: string, segments: readonly string[]): RouteRule | null {
    return find(this.#root, method, segments, 0, EXACTLY);
  }

  /**
   * Whether somebody who reads paths in another way would put the request under another rule than `find` does (threats row
   * 39): Express, unless told, takes upper for lower case, and compares before it decodes.
   * @param spelled as `spelledSegments` gives them.
   */
  isReadOtherwise(method: string, segments: readonly string[], spelled: readonly string[]): boolean {
    const rule = this.find(method, segments);
    const others = [
      find(this.#root, method, segments, 0, IN_ANY_CASE),
      find(this.#root, method, spelled, 0, EXACTLY),
      find(this.#root, method, spelled, 0, IN_ANY_CASE),
    ];
    return others.some((other) => other !== null && other !== rule);
  }
}

/** The literal that a segment is taken for. */
type Reader = (node: Node, segment: string) => Node | undefined;

const EXACTLY: Reader = ({ literals }, segment) => literals.get(segment);
const IN_ANY_CASE: Reader = (node, segment) => EXACTLY(node, segment) ?? node.inAnyCase.get(segment.toLowerCase());

interface Node {
  readonly literals: Map<string, Node>;
  /** The same by their lower-case text. */
  readonly inAnyCase: Map<string, Node>;
  /** For `{name}`. */
  any: Node | null;
  /** Rules whose path ends here, by method. */
  readonly here: Map<string, RouteRule>;
  /** Rules that end in `**` here, by method. */
  readonly rest: Map<string, RouteRule>;
}

function newNode(): Node {
  return { literals: new Map(), inAnyCase: new Map(), any: null, here: new Map(), rest: new Map() };
}

function insert(root: Node, rule: RouteRule): void {
  let node = root;
  let rules = node.here;
  for (const segment of segmentsOf(rule.path)) {
    if (segment === REST) {
      rules = node.rest;
      break;
    }
    node = isName(segment) ? anyOf(node) : literalOf(node, segment);
    rules = node.here;
  }
  for (const method of methodsOf(rule)) rules.set(method, rule);
}

function anyOf(node: Node): Node {
  node.any ??= newNode();
  return node.any;
}

function literalOf(node: Node, segment: string): Node {
  const known = node.literals.get(segment);
  if (known !== undefined) return known;
  const made = newNode();
  node.literals.set(segment, made);
  node.inAnyCase.set(segment.toLowerCase(), made);
  return made;
}

/** At most every node is looked at once: patterns have no alternatives within a segment. */
function find(node: Node, method: string, segments: readonly string[], at: number, read: Reader): RouteRule | null {
  const segment = segments[at];
  if (segment === undefined) return ruleFor(node.here, method) ?? ruleFor(node.rest, method);
  const literal = read(node, segment);
  return (
    (literal === undefined ? null : find(literal, method, segments, at + 1, read)) ??
    (node.any === null ? null : find(node.any, method, segments, at + 1, read)) ??
    ruleFor(node.rest, method)
  );
}

function ruleFor(rules: ReadonlyMap<string, RouteRule>, method: string): RouteRule | null {
  const asGet = method === 'HEAD' ? rules.get('GET') : undefined;
  return rules.get(method) ?? asGet ?? rules.get('*') ?? null;
}

/** Whether one request can meet both rules. */
export function routesMeet(a: RouteRule, b: RouteRule): boolean {
  return compare(segmentsOf(a.path), segmentsOf(b.path)) !== 'apart' && meet(a, b);
}

/** Every pair of rules that some request meets without one of them being the more specific (threats row 41). */
export function findRouteConflicts(rules: readonly Pick<RouteRule, 'methods' | 'path'>[]): RouteConflict[] {
  const paths = rules.map(({ path }) => segmentsOf(path));
  const conflicts: RouteConflict[] = [];
  for (let second = 1; second < rules.length; second += 1) {
    for (let first = 0; first < second; first += 1) {
      const [a, b] = [rules[first] as RouteRule, rules[second] as RouteRule];
      const relation = compare(paths[first] as readonly string[], paths[second] as readonly string[]);
      const isUnclear =
        relation === 'crossing' ? meet(a, b) : relation === 'equal' && nameTheSame(a.methods, b.methods);
      if (isUnclear) conflicts.push({ first, second });
    }
  }
  return conflicts;
}

/** What is wrong with a path pattern, for the person who wrote it; null when nothing is. */
export function checkRoutePath(path: string): string | null {
  if (!path.startsWith('/')) return 'A path begins with a slash.';
  const segments = segmentsOf(path);
  for (const [index, segment] of segments.entries()) {
    if (segment === REST) {
      if (index < segments.length - 1) return '"**" stands for the rest of the path, so only at its end.';
    } else if (isName(segment)) {
      if (!/^\{[A-Za-z_][A-Za-z0-9_-]*\}$/.test(segment)) return `"${segment}" is no name such as {id}.`;
    } else if (segment === '' || segment === '.' || segment === '..') {
      return 'Empty segments and dot segments are refused in requests, so no rule can meet them.';
    } else if (!/^(?:[A-Za-z0-9\-._~!$&'()+,=:@]|%[0-9A-F]{2})+$/.test(segment)) {
      return `"${segment}" is neither plain text nor a name in braces nor "**"; other characters are written as %XX.`;
    }
  }
  return null;
}

/** A slash at the end says nothing. */
function segmentsOf(path: string): readonly string[] {
  const inner = path.replace(/^\//, '').replace(/\/$/, '');
  return inner === '' ? [] : inner.split('/');
}

function isName(segment: string): boolean {
  return segment.startsWith('{');
}

function methodsOf({ methods }: RouteRule): readonly string[] {
  return methods === '*' ? ['*'] : methods;
}

type Relation = 'apart' | 'equal' | 'nested' | 'crossing';

/** How the sets of paths of two patterns lie to each other. */
function compare(a: readonly string[], b: readonly string[]): Relation {
  let isAWider = false;
  let isBWider = false;
  for (let at = 0; ; at += 1) {
    const [x, y] = [a[at], b[at]];
    if (x === undefined && y === undefined) break;
    if (x === REST || y === REST) {
      if (x !== y) {
        isAWider ||= x === REST;
        isBWider ||= y === REST;
      }
      break;
    }
    if (x === undefined || y === undefined) return 'apart';
    if (isName(x) !== isName(y)) {
      isAWider ||= isName(x);
      isBWider ||= isName(y);
    } else if (!isName(x) && x !== y) {
      return 'apart';
    }
  }
  if (isAWider && isBWider) return 'crossing';
  return isAWider || isBWider ? 'nested' : 'equal';
}

/** Whether a request with one method can meet both rules. */
function meet(a: Pick<RouteRule, 'methods'>, b: Pick<RouteRule, 'methods'>): boolean {
  if (a.methods === '*' || b.methods === '*') return true;
  const answered = answeredBy(a.methods);
  return answeredBy(b.methods).some((method) => answered.includes(method));
}

function answeredBy(methods: readonly string[]): readonly string[] {
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/** On one path a named method goes before `*`; HEAD, named, before GET. */
function nameTheSame(a: RouteRule['methods'], b: RouteRule['methods']): boolean {
  if (a === '*' || b === '*') return a === b;
  return a.some((method) => b.includes(method));
}
