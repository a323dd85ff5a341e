/**
 * The operations as the OpenAPI document describes them, taken apart for those who call them: one flat input, one answer,
 * and where each field of the input stands in the request.
 */
import { openApiDocument } from '../src/http/openapi/document.ts';
import { isPageRoute, type Route } from '../src/http/route.ts';
import { DASHBOARD_ROUTES, ROUTES } from '../src/http/routes.ts';
import { keyhouse } from '../src/profile/index.ts';
import type { JsonSchema } from './json-schema-types.ts';

export interface DescribedOperation {
  readonly id: string;
  readonly summary: string;
  /** What it takes to call it; empty where there is nothing to say. */
  readonly access: string;
  readonly method: string;
  /** `{name}` is a field of the input, `{tokens}` the place where the profile puts its tokens. */
  readonly path: string;
  /** Fields of the input that stand in the query. */
  readonly query: readonly string[];
  /** `lines`: one JSON value a line, which the field of that name holds. */
  readonly body: 'json' | 'lines' | null;
  readonly takesIdempotencyKey: boolean;
  /** A token stands in the answer, under `token`; the answer itself is none, nor a list of them. */
  readonly hasToken: boolean;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

export interface DescribedApi {
  readonly operations: readonly DescribedOperation[];
  /** Shared schemas by name. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** The neutral profile, with a mark where another one may put its tokens, and every field under one name. */
const CANONICAL = { ...keyhouse, paths: { tokens: '{tokens}' }, fieldAliases: {} };

/** What a caller with a token can do. */
export function describeBearerOperations(): DescribedApi {
  return describe(ROUTES.filter((route) => !isPageRoute(route) && route[2] === 'bearer'));
}

/** What the pages of the dashboard can do: that, what opens with a secret or with nothing, and sessions. */
export function describeDashboardOperations(): DescribedApi {
  const asked = ROUTES.filter((route) => !isPageRoute(route) && route[2] !== 'client');
  return describe([...asked, ...DASHBOARD_ROUTES]);
}

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >;
}

function describe(routes: readonly Route[]): DescribedApi {
  const document = openApiDocument({ profile: CANONICAL, routes, version: '', prefix: '' });
  const { schemas } = JSON.parse(JSON.stringify(document.components)) as DescribedApi;
  const paths = JSON.parse(JSON.stringify(document.paths)) as Record<string, Record<string, Described>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(method.toUpperCase(), path, described, schemas)),
  );
  return { operations, schemas };
}

function operationOf(
  method: string,
  path: string,
  described: Described,
  schemas: DescribedApi['schemas'],
): DescribedOperation {
  const { operationId: id, summary, description: access, parameters, requestBody } = described;
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [null, null];
  const body = type === null ? null : type === 'application/x-ndjson' ? 'lines' : 'json';
  const inRequest = parameters.filter(({ $ref }) => $ref === undefined);
  const good = Object.entries(described.responses).find(([status]) => status.startsWith('2'))?.[1];
  const output = Object.values(good?.content ?? {})[0]?.schema ?? {};
  return {
    id,
    summary,
    access,
    method,
    path,
    query: inRequest.filter((one) => one.in === 'query').map(({ name }) => name),
    body,
    takesIdempotencyKey: parameters.some(({ $ref = '' }) => $ref.endsWith('/IdempotencyKey')),
    input: flatInput(inRequest, body === 'lines' ? upload(content?.schema ?? {}) : (content?.schema ?? null)),
    hasToken: !path.startsWith('{tokens}') && holdsToken(output, schemas),
    output,
  };
}

/** Whether `token` is a field of it, or of what a list holds. */
function holdsToken(schema: JsonSchema, schemas: DescribedApi['schemas']): boolean {
  if (typeof schema.$ref === 'string') return holdsToken(schemas[schema.$ref.replace(/.*\//, '')] ?? {}, schemas);
  if (Array.isArray(schema.anyOf)) return schema.anyOf.some((one) => holdsToken(one, schemas));
  const { token, data } = (schema.properties ?? {}) as Record<string, JsonSchema>;
  return token !== undefined || (data?.items !== undefined && holdsToken(data.items as JsonSchema, schemas));
}

/** Path, query and body in one object, or the body as it is where it has alternatives. */
function flatInput(parameters: readonly Parameter[], body: JsonSchema | null): JsonSchema {
  if (body !== null && body.properties === undefined && parameters.length === 0) return body;
  const properties = Object.fromEntries(
    parameters.map(({ name, description, schema }) => [
      name,
      { ...valueInQuery(schema), ...(description !== undefined && { description }) },
    ]),
  );
  const required = parameters.filter((one) => one.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: { ...properties, ...(body?.properties as object | undefined) },
    required: [...required, ...((body?.required as string[] | undefined) ?? [])],
  };
}

/** What is `true` or `false` in a query is so for a program too. */
function valueInQuery(schema: JsonSchema): JsonSchema {
  const alternatives = (schema.anyOf as JsonSchema[] | undefined) ?? [schema];
  const says = alternatives.some((one) => JSON.stringify(one.enum) === '["true","false"]');
  return says ? { type: 'boolean' } : schema;
}

/** Lines are numbered by their place in the upload: whoever sends them gives the values alone. */
function upload(schema: JsonSchema): JsonSchema {
  const { lines, ...rest } = schema.properties as Record<string, { items: { properties: { value: JsonSchema } } }>;
  const values = { type: 'array', items: lines?.items.properties.value ?? {}, description: 'One value a line' };
  return { ...schema, properties: { ...rest, lines: values } };
}
