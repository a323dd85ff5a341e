import { jsonPath } from '../profile/problem.ts';

/** A description that has passed `checkOpenApi`. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string };
  readonly paths: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

type Place = readonly (string | number)[];
type Json = Readonly<Record<string, unknown>>;

/** Keys whose values are maps: what stands in them are names of the author's own. */
const MAPS = new Set(
  `paths webhooks schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems
  properties patternProperties dependentSchemas $defs definitions content encoding variables mapping`.split(/\s+/),
);
/** Keys whose values are data, in which `$ref` means nothing. */
const DATA = new Set(['example', 'value', 'default', 'const', 'enum']);
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** What keeps a value from being shown as an OpenAPI 3.0 or 3.1 description; [] when nothing does. */
export function checkOpenApi(document: unknown): string[] {
  if (!isObject(document)) return ['is not an OpenAPI description: it must be an object.'];
  const version = versionProblem(document);
  if (version !== null) return [version];
  const { info, paths } = document;
  const problems: string[] = [];
  if (!isObject(info) || typeof info.title !== 'string' || info.title.trim() === '')
    problems.push('$.info.title: every API has a name; this must be a text.');
  if (!isObject(paths)) problems.push('$.paths: this must be an object of paths.');
  else problems.push(...pathProblems(paths));
  if (document.components !== undefined && !isObject(document.components))
    problems.push('$.components: this must be an object.');
  return [...problems, ...referenceProblems(document)];
}

function versionProblem({ openapi, swagger }: Json): string | null {
  if (swagger !== undefined)
    return `$.swagger: this is Swagger ${String(swagger)}, and only OpenAPI 3.0 and 3.1 can be shown. Convert it first, for example with npx swagger2openapi.`;
  if (openapi === undefined) return '$.openapi: this is missing, so this is no OpenAPI description.';
  if (typeof openapi !== 'string') return `$.openapi: this must be a text such as "3.1.0"; put it in quotes.`;
  if (!/^3\.[01]\.\d+/.test(openapi)) return `$.openapi: only OpenAPI 3.0 and 3.1 can be shown, not ${openapi}.`;
  return null;
}

function pathProblems(paths: Json): string[] {
  return Object.entries(paths).flatMap(([path, item]) => {
    const place = jsonPath(['paths', path]);
    if (path.startsWith('x-')) return [];
    if (!path.startsWith('/')) return [`${place}: a path begins with a slash.`];
    if (!isObject(item)) return [`${place}: this must be an object of operations.`];
    return Object.entries(item)
      .filter(([key, operation]) => METHODS.has(key) && !isObject(operation))
      .map(([key]) => `${jsonPath(['paths', path, key])}: this must be an operation.`);
  });
}

/**
 * References to elsewhere: the page asks no other origin for anything, and no further file of this machine is served; and
 * references to nothing.
 */
function referenceProblems(document: Json): string[] {
  const problems: string[] = [];
  const visit = (node: unknown, place: Place, isMap: boolean): void => {
    if (Array.isArray(node)) for (const [index, item] of node.entries()) visit(item, [...place, index], false);
    if (!isObject(node)) return;
    for (const [key, value] of Object.entries(node)) {
      const inside = [...place, key];
      if (isMap) visit(value, inside, false);
      else if (key === '$ref' && typeof value === 'string') {
        const message = referenceProblem(document, value);
        if (message !== null) problems.push(`${jsonPath(inside)}: ${message}`);
      } else if (!isData(key, value)) visit(value, inside, MAPS.has(key));
    }
  };
  visit(document, [], false);
  return problems;
}

function isData(key: string, value: unknown): boolean {
  return DATA.has(key) || key.startsWith('x-') || (key === 'examples' && Array.isArray(value));
}

function referenceProblem(document: Json, reference: string): string | null {
  if (!reference.startsWith('#'))
    return `${reference} is not in this document. Put all of it into one file first, for example with npx @redocly/cli bundle.`;
  // Anything else after # is the name of an anchor.
  if (!reference.startsWith('#/')) return null;
  return resolveReference(document, reference) === undefined ? `${reference} leads to nothing.` : null;
}

/** What `#/…` names in the document (RFC 6901); undefined for nothing. */
export function resolveReference(document: unknown, reference: string): unknown {
  let node: unknown = document;
  for (const step of reference.slice(2).split('/')) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
