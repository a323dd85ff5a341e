import { type ApiServer, serverOf } from './api-server.ts';
import { isObject, type JsonObject, listAt, member, objectAt, pointedAt, textAt } from './json-value.ts';
import type { Notes } from './note.ts';

/** Methods that are guarded. HEAD is answered with GET, OPTIONS before anybody is asked for a token. */
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const REFERENCES_MAX = 50;

/** One operation of an OpenAPI document, with what its surroundings say about it. */
export interface ApiOperation {
  /** In upper case. */
  readonly method: string;
  /** As requests have it, with the base path of the server. */
  readonly path: string;
  /** As the document has it. */
  readonly ownPath: string;
  readonly tags: readonly string[];
  readonly summary: string | null;
  readonly isDeprecated: boolean;
  /** The requirement objects, any one of which is enough; null where neither it nor the document says anything. */
  readonly security: readonly JsonObject[] | null;
  /** A request needs more than the path: something in the query or a header. */
  readonly needsMore: boolean;
}

/** Every operation of the document, in its order. What cannot be read is told and left out. */
export function listOperations(document: JsonObject, notes: Notes): ApiOperation[] {
  const operations: ApiOperation[] = [];
  for (const [path, given] of Object.entries(objectAt(document, 'paths'))) {
    if (!path.startsWith('/')) {
      if (!path.startsWith('x-')) notes.tell('Left out: a path begins with a slash.', path);
      continue;
    }
    const item = resolved(document, given);
    if (item === null) {
      notes.tell(
        'Left out: their $ref leads to another file, in a circle, or nowhere. Bundle the document first.',
        path,
      );
      continue;
    }
    for (const method of METHODS) {
      const operation = member(item, method);
      if (operation === undefined) continue;
      if (!isObject(operation)) notes.tell('Left out: not an operation.', `${method.toUpperCase()} ${path}`);
      else operations.push(readOperation(document, { method, path, item, operation }, notes));
    }
  }
  return operations;
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly item: JsonObject;
  readonly operation: JsonObject;
}

function readOperation(document: JsonObject, { method, path, item, operation }: Place, notes: Notes): ApiOperation {
  const server = serverFor(document, [operation, item], notes);
  const security = member(operation, 'security') ?? member(document, 'security');
  const parameters = [...listAt(item, 'parameters'), ...listAt(operation, 'parameters')];
  return {
    method: method.toUpperCase(),
    path: `${server.basePath}${path}`,
    ownPath: path,
    tags: listAt(operation, 'tags').filter((tag) => typeof tag === 'string' && tag.trim() !== '') as string[],
    summary: textAt(operation, 'summary'),
    isDeprecated: member(operation, 'deprecated') === true,
    security: Array.isArray(security) ? security.filter(isObject) : null,
    needsMore: parameters.some((parameter) => {
      const found = resolved(document, parameter);
      return found !== null && member(found, 'in') !== 'path' && member(found, 'required') === true;
    }),
  };
}

/** The server of the innermost place that names one, the document's own otherwise. */
export function serverFor(document: JsonObject, places: readonly JsonObject[], notes: Notes): ApiServer {
  const own = places.find((place) => listAt(place, 'servers').length > 0) ?? document;
  return serverOf(listAt(own, 'servers'), notes);
}

/** What a Reference Object stands for, its own members on top; null where it cannot be followed inside the document. */
function resolved(document: JsonObject, value: unknown): JsonObject | null {
  let current = value;
  let own: JsonObject = {};
  for (let steps = 0; steps < REFERENCES_MAX; steps += 1) {
    if (!isObject(current)) return null;
    const reference = member(current, '$ref');
    if (reference === undefined) return { ...current, ...own };
    if (typeof reference !== 'string') return null;
    const { $ref: _, ...beside } = current;
    own = { ...beside, ...own };
    current = pointedAt(document, reference);
  }
  return null;
}
