import type { Profile } from '../../profile/index.ts';
import { companyName } from '../field-names.ts';
import { OAUTH_DENIALS } from '../oauth-answers.ts';
import {
  type AnyOperation,
  type Auth,
  isPageRoute,
  isTokenRoute,
  type OperationRoute,
  type PageRoute,
  pathPattern,
  type Route,
} from '../route.ts';
import { errorResponses, responseName } from './error-responses.ts';
import { requestExamples } from './examples.ts';
import { headersGiven, headersOf, headersTaken, PARAMETERS } from './headers.ts';
import { type JsonSchema, SchemaWriter } from './json-schemas.ts';
import { splitInput } from './split-input.ts';

export interface DocumentOptions {
  readonly profile: Profile;
  readonly routes: readonly Route[];
  readonly version: string;
  /** Path the API is mounted under, '' at the root. */
  readonly prefix: string;
}

/** The OpenAPI 3.1 document of these routes, written from the very schemas that validate. */
export function openApiDocument({ profile, routes, version, prefix }: DocumentOptions): JsonSchema {
  const schemas = new SchemaWriter(profile);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const [method, , auth] = route;
    if (auth === 'local' || route[5] === 'signed' || (isPageRoute(route) && !route[3].isDocumented)) continue;
    const path = pathPattern(route, profile.paths.tokens);
    const described = isPageRoute(route) ? describePage(route) : describeOperation(route, profile, schemas);
    paths[path] = { ...paths[path], [method.toLowerCase()]: described };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `${profile.company.name} ${profile.words.tokens}`,
      version,
      description: `Create, check, rotate and revoke ${profile.words.tokens}. Send one with every request: \`Authorization: Bearer <${profile.words.token}>\`.`,
    },
    servers: [{ url: prefix === '' ? '/' : prefix }],
    // For clients that know the canonical names.
    'x-keyhouse': { tokens_path: profile.paths.tokens, field_names: profile.fieldNames },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: `${profile.token.prefix}_…` },
        basic: { type: 'http', scheme: 'basic', description: 'The id of a token, and its value.' },
      },
      schemas: Object.fromEntries(Object.entries(schemas.components).sort(([a], [b]) => (a < b ? -1 : 1))),
      headers: headersOf(profile),
      parameters: PARAMETERS,
      responses: errorResponses(profile),
    },
  };
}

function describePage([, , , page, status]: PageRoute): JsonSchema {
  return {
    operationId: page.page,
    summary: page.summary,
    tags: ['operations'],
    security: [],
    responses: { [status]: { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } } },
  };
}

function describeOperation(route: OperationRoute, profile: Profile, schemas: SchemaWriter): JsonSchema {
  const [, path, auth, operation, status, bodyType = 'application/json'] = route;
  const isToken = isTokenRoute(route);
  const isBearer = auth === 'bearer' || auth === 'client';
  const input = schemas.write(operation.input, 'input', isToken);
  const { parameters, body } = splitInput(route, isToken ? withAliases(input, profile) : input);
  const answer = {
    description: operation.summary,
    headers: headersGiven(isBearer),
    content: { 'application/json': { schema: schemas.write(operation.output, 'output', isToken) } },
  };
  const good = status === '200/201' ? [200, 201] : [status];
  const refused = refusals(operation, isBearer, body !== null);
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: accessText(operation),
    tags: [tagOf(path)],
    security: securityOf(auth),
    parameters: [...parameters, ...headersTaken(operation.id, isBearer)],
    ...(body !== null && { requestBody: { content: { [bodyType]: { schema: body, ...exampleOf(route, profile) } } } }),
    responses: Object.fromEntries([
      ...good.map((code) => [code, answer]),
      ...(auth === 'client' ? oauthRefusals() : refused.map((code) => [code, refusal(code)] as const)),
    ]),
  };
}

function securityOf(auth: Auth): JsonSchema[] {
  if (auth === 'client') return [{ bearer: [] }, { basic: [] }];
  return auth === 'bearer' ? [{ bearer: [] }] : [];
}

function refusal(status: number): JsonSchema {
  return { $ref: `#/components/responses/${responseName(status)}` };
}

/** OAuth's own form of errors, whatever the profile. */
function oauthRefusals(): (readonly [number, JsonSchema])[] {
  const properties = { error: { type: 'string' }, error_description: { type: 'string' } };
  const schema = { type: 'object', properties, required: ['error', 'error_description'] };
  return [400, 401, 403, 413, 415, 429, 500, 503].map((status) => {
    const words = Object.values(OAUTH_DENIALS).find((row) => row.status === status);
    const error = words?.error ?? (status === 500 ? 'server_error' : 'invalid_request');
    return [status, { description: `\`${error}\``, content: { 'application/json': { schema } } }] as const;
  });
}

function refusals(operation: AnyOperation, isBearer: boolean, hasBody: boolean): number[] {
  return [
    400,
    ...(isBearer ? [401] : []),
    403,
    404,
    405,
    ...(operation.effect === 'changes' ? [409] : []),
    ...(hasBody ? [413, 415] : []),
    ...(isBearer ? [429] : []),
    431,
    500,
    503,
  ];
}

function accessText({ access }: AnyOperation): string {
  if ('anyToken' in access) return 'Any valid token may call this.';
  if ('needsOneOf' in access) return `Needs ${access.needsOneOf.map((one) => `\`${one}\``).join(' or ')}.`;
  if (!('needs' in access)) return '';
  return access.orSelf === true
    ? `Needs \`${access.needs}\`; without it, it works on what is the caller's own.`
    : `Needs \`${access.needs}\`.`;
}

/** A body that works when it is tried, in the names of this profile. */
function exampleOf([, , , { id }]: OperationRoute, profile: Profile): JsonSchema {
  const example = requestExamples(profile)[id];
  return example === undefined ? {} : { example };
}

/** Other names a field may come under, beside its own. */
function withAliases(input: JsonSchema, { fieldAliases, fieldNames }: Profile): JsonSchema {
  const properties = input.properties as Record<string, JsonSchema> | undefined;
  if (properties === undefined) return input;
  const aliases = Object.entries(fieldAliases).flatMap(([alias, field]) => {
    const name = companyName(field, fieldNames);
    const schema = properties[name];
    return schema === undefined ? [] : [[alias, { ...schema, description: `The same as \`${name}\`.` }] as const];
  });
  return { ...input, properties: { ...properties, ...Object.fromEntries(aliases) } };
}

function tagOf(path: string): string {
  if (path.startsWith('/oauth/')) return 'oauth';
  return path.startsWith('{tokens}') ? 'tokens' : (path.split('/')[2]?.split('?')[0] ?? 'operations');
}
