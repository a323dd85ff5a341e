import { type Fields, schemaOf } from './fields.ts';
import type { Table } from './tables.ts';

/** A JSON Schema, as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

/** One operation of an API, as far as it differs from the others. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As it is called, with `{name}` for what changes. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  /** What a token has to be allowed; null where any valid token will do. */
  readonly permission: string | null;
  /** Fields of the query string. */
  readonly query?: Readonly<Record<string, Schema>>;
  readonly body?: Schema;
  /** `application/json` unless told. */
  readonly bodyType?: string;
  /** Status of the answer when all is well; 200 unless told. */
  readonly status?: number;
  /** null where the answer has no body. */
  readonly answer: Schema | null;
  /** Refusals beside those that follow from the operation itself, such as 409. */
  readonly refusals?: readonly RefusalStatus[];
}

export interface Api {
  readonly title: string;
  readonly description: string;
  /** Where it is reached by its customers. */
  readonly server: string;
  /** What the company calls a token. */
  readonly tokenWord: string;
  readonly operations: readonly Operation[];
  /** Schemas by name, for `named`. */
  readonly schemas: Readonly<Record<string, Schema>>;
  /** The shape of every error. */
  readonly error: Schema;
  /** A refusal in that shape. */
  readonly errorExample: (refusal: Refusal) => unknown;
}

/** How an API says no. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const REFUSALS = {
  400: ['invalid_input', 'The request is not valid.'],
  401: ['authentication_required', 'No token came with the request, or one that is not valid.'],
  403: ['insufficient_permissions', 'This token may not do this.'],
  404: ['not_found', 'There is no such thing.'],
  409: ['conflict', 'This does not go together with what is there.'],
  413: ['too_large', 'The request body is too large.'],
  415: ['unsupported_media_type', 'The request body is of another type.'],
  422: ['invalid_content', 'What was sent cannot be taken.'],
  429: ['rate_limited', 'Too many requests: wait as long as Retry-After says.'],
} as const satisfies Record<number, readonly [code: string, message: string]>;

export type RefusalStatus = keyof typeof REFUSALS;

/** The OpenAPI 3.1 description of an API in which every operation asks for a token. */
export function describeApi(api: Api): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of api.operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    };
  }
  const used = new Set(api.operations.flatMap(refusalsOf));
  return {
    openapi: '3.1.0',
    info: { title: api.title, version: '1.0.0', description: api.description },
    servers: [{ url: api.server }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: `Your ${api.tokenWord}.` } },
      schemas: { ...api.schemas, Error: api.error },
      responses: Object.fromEntries([...used].map((status) => [`Refused${status}`, describeRefusal(api, status)])),
    },
  };
}

/** A schema of `Api.schemas`. */
export function named(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A row as `Tables` gives it back. */
export function rowSchema({ fields }: Table): Schema {
  const row = schemaOf(fields, { whole: true });
  const instant = { type: 'string', format: 'date-time' };
  const properties = { id: { type: 'string' }, ...row.properties, created_at: instant, updated_at: instant };
  return { type: 'object', required: Object.keys(properties), properties };
}

/** One page of a list, as `Tables` gives it back. */
export function pageSchema(item: Schema): Schema {
  return {
    type: 'object',
    required: ['data', 'next_cursor'],
    properties: {
      data: { type: 'array', items: item },
      next_cursor: { type: ['string', 'null'], description: 'The `cursor` of the next page; null on the last one.' },
    },
  };
}

export const PAGE_QUERY: Readonly<Record<string, Schema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
  cursor: { type: 'string', description: 'The `next_cursor` of the page before.' },
};

/** A body with these fields. `whole`: all of them that are not optional; otherwise some, which change. */
export function bodyOf(fields: Fields, options: { readonly whole: boolean }): Schema {
  return { ...schemaOf(fields, options), additionalProperties: false };
}

function describe(operation: Operation): Record<string, unknown> {
  const { status = 200, answer, body, bodyType = 'application/json', permission } = operation;
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(permission !== null && { description: `Needs \`${permission}\`.`, security: [{ token: [permission] }] }),
    parameters: [
      ...parametersIn(operation.path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(operation.query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema })),
    ],
    ...(body !== undefined && { requestBody: { required: true, content: { [bodyType]: { schema: body } } } }),
    responses: {
      [status]: {
        description: operation.summary,
        ...(answer !== null && { content: { 'application/json': { schema: answer } } }),
      },
      ...Object.fromEntries(
        refusalsOf(operation).map((refused) => [refused, { $ref: `#/components/responses/Refused${refused}` }]),
      ),
    },
  };
}

function refusalsOf({ path, query, body, permission, refusals = [] }: Operation): RefusalStatus[] {
  const all: RefusalStatus[] = [401, 429, ...refusals];
  if (permission !== null) all.push(403);
  if (parametersIn(path).length > 0) all.push(404);
  if (body !== undefined || query !== undefined) all.push(400);
  if (body !== undefined) all.push(413, 415);
  return [...new Set(all)].sort((a, b) => a - b);
}

function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
}

function describeRefusal({ errorExample }: Api, status: RefusalStatus): Record<string, unknown> {
  const [code, message] = REFUSALS[status];
  const wait = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };
  return {
    description: message,
    ...(status === 429 && { headers: wait }),
    content: { 'application/json': { schema: named('Error'), example: errorExample({ status, code, message }) } },
  };
}
