import { Rejection } from '../manage/index.ts';
import { pathPattern, type Route } from './route.ts';

/** A route with the values of the `{name}` segments of its path, decoded. */
export interface MatchedRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly segments: readonly string[];
  readonly byMethod: Map<string, Route>;
}

/**
 * Finds the routes of a path. Paths are compared byte for byte: no folding, no dot segments, no trailing slash. Where a
 * literal segment and a parameter both fit, each method goes to the literal if that has it.
 */
export class RouteMatcher {
  readonly #literal = new Map<string, Pattern>();
  /** By number of segments. */
  readonly #withParams = new Map<number, Pattern[]>();

  constructor(routes: readonly Route[], tokensPath: string) {
    for (const route of routes) {
      const path = pathPattern(route, tokensPath);
      this.#patternFor(path).byMethod.set(route[0], route);
    }
  }

  /**
   * @returns null when no route of this path has the method.
   * @throws {Rejection} `invalid_input` for a parameter that cannot be decoded.
   */
  find(path: string, method: string): MatchedRoute | null {
    const literal = this.#literal.get(path)?.byMethod.get(method);
    if (literal !== undefined) return { route: literal, params: {} };
    const segments = path.split('/');
    for (const pattern of this.#fitting(segments)) {
      const route = pattern.byMethod.get(method);
      if (route !== undefined) return { route, params: readParams(pattern.segments, segments) };
    }
    return null;
  }

  /** Methods of a path in the order an `Allow` header lists them, HEAD with GET, OPTIONS with all; null without any. */
  allowed(path: string): string | null {
    const literal = this.#literal.get(path);
    const patterns = [...(literal === undefined ? [] : [literal]), ...this.#fitting(path.split('/'))];
    const methods = new Set(patterns.flatMap(({ byMethod }) => [...byMethod.keys()]));
    if (methods.size === 0) return null;
    return [...[...methods].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(', ');
  }

  #fitting(segments: readonly string[]): Pattern[] {
    return (this.#withParams.get(segments.length) ?? []).filter((pattern) => fits(pattern.segments, segments));
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

/** The method whose route answers: a HEAD is a GET without its body. */
export function routeMethod(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((wanted, index) => (isParameter(wanted) ? segments[index] !== '' : segments[index] === wanted));
}

function readParams(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    if (isParameter(wanted)) params[wanted.slice(1, -1)] = decodeSegment(segments[index] as string);
  }
  return params;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Rejection('invalid_input', 'The path holds a percent escape that is not valid UTF-8.');
  }
}
