import { Rejection } from '../manage/index.ts';
import { type Method, pathPattern, type Route } from './route.ts';

/** Every route of one path. */
export interface PathRoutes {
  readonly byMethod: ReadonlyMap<string, Route>;
  /** Values of `{name}` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly segments: readonly string[];
  readonly byMethod: Map<string, Route>;
}

/**
 * Finds the routes of a path. Paths are compared byte for byte: no folding, no dot segments, no trailing slash, and a
 * literal segment wins over a parameter. `{tokens}` in the table stands for where this profile puts its tokens.
 */
export class RouteMatcher {
  readonly #literal = new Map<string, Pattern>();
  readonly #withParams = new Map<number, Pattern[]>();

  constructor(routes: readonly Route[], tokensPath: string) {
    for (const route of routes) {
      const path = pathPattern(route, tokensPath);
      this.#patternFor(path).byMethod.set(route[0], route);
    }
  }

  /** @returns null when no route has this path. */
  match(path: string): PathRoutes | null {
    const literal = this.#literal.get(path);
    if (literal !== undefined) return { byMethod: literal.byMethod, params: {} };
    const segments = path.split('/');
    for (const pattern of this.#withParams.get(segments.length) ?? []) {
      const params = readParams(pattern.segments, segments);
      if (params !== null) return { byMethod: pattern.byMethod, params };
    }
    return null;
  }

  #patternFor(path: string): Pattern {
    const segments = path.split('/');
    const isLiteral = !path.includes('{');
    const siblings = this.#withParams.get(segments.length) ?? [];
    const known = isLiteral ? this.#literal.get(path) : siblings.find((one) => one.segments.join('/') === path);
    if (known !== undefined) return known;
    const pattern: Pattern = { segments, byMethod: new Map() };
    if (isLiteral) this.#literal.set(path, pattern);
    else this.#withParams.set(segments.length, [...siblings, pattern]);
    return pattern;
  }
}

/** Methods of a path in the order an `Allow` header lists them; HEAD comes with GET, OPTIONS with all. */
export function allowedMethods(byMethod: ReadonlyMap<string, Route>): string {
  const methods: string[] = [...byMethod.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...methods, 'OPTIONS'].join(', ');
}

/** The method whose route answers: a HEAD is a GET without its body. */
export function routeMethod(method: string): Method | string {
  return method === 'HEAD' ? 'GET' : method;
}

function readParams(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const segment = segments[index] as string;
    if (!wanted.startsWith('{')) {
      if (wanted !== segment) return null;
    } else if (segment === '') {
      return null;
    } else {
      params[wanted.slice(1, -1)] = decodeSegment(segment);
    }
  }
  return params;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Rejection('invalid_input', 'The path holds a percent escape that is not valid UTF-8.');
  }
}
