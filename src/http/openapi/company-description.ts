import type { Profile } from '../../profile/index.ts';
import type { HttpParts } from '../app.ts';
import type { JsonSchema } from './json-schemas.ts';

/** The company's own API, as it was read at start. */
export interface ApiDescription {
  /** OpenAPI 3.0 or 3.1, checked. */
  readonly document: JsonSchema;
  /** Whether this origin serves that API, as it does when an application has Keyhouse in it. */
  readonly isHere: boolean;
}

/** The description as the reference shows it. */
export interface ShownDescription {
  readonly text: string;
  /** Origins beside our own to which it sends calls. */
  readonly origins: readonly string[];
}

const shown = new WeakMap<ApiDescription, { readonly profile: Profile; readonly description: ShownDescription }>();

/** What is shown under the profile in force; null where the company has given no description. */
export function shownDescription({ apiDescription = null, engine }: HttpParts): ShownDescription | null {
  if (apiDescription === null) return null;
  const { profile } = engine.authenticator.profile;
  const known = shown.get(apiDescription);
  if (known?.profile === profile) return known.description;
  const description = show(apiDescription, profile);
  shown.set(apiDescription, { profile, description });
  return description;
}

function show({ document, isHere }: ApiDescription, profile: Profile): ShownDescription {
  const servers = isHere ? serversHere(document) : serversElsewhere(document, profile);
  const described = { ...withBearer(document, profile), servers };
  return { text: JSON.stringify(described), origins: originsOf(described) };
}

type Server = JsonSchema & { readonly url: string };

/** This origin first, with the path that the first server has; what else the description names comes after it. */
function serversHere(document: JsonSchema): JsonSchema[] {
  const servers = serversOf(document);
  const [first = { url: '/' }] = servers;
  const named = servers.map((server) =>
    isAbsolute(server.url) ? server : { ...server, url: pathOfServer(server.url) },
  );
  if (servers.length > 0 && !isAbsolute(first.url)) return named;
  const variables = first.variables === undefined ? {} : { variables: first.variables };
  return [{ ...variables, url: pathOfServer(first.url), description: 'this address' }, ...named];
}

/** What the description names; a path alone, or nothing, means below the base that samples use. */
function serversElsewhere(document: JsonSchema, { company }: Profile): JsonSchema[] {
  const base = company.apiBaseUrl;
  const servers = serversOf(document);
  if (servers.length === 0) return [{ url: base ?? '/' }];
  if (base === null) return servers;
  return servers.map((server) =>
    isAbsolute(server.url) ? server : { ...server, url: `${base}${pathOfServer(server.url)}` },
  );
}

function serversOf({ servers }: JsonSchema): Server[] {
  return listOf(servers).filter((server): server is Server => typeof server.url === 'string');
}

function isAbsolute(url: string): boolean {
  return /^(?:[^/]*:)?\/\//.test(url);
}

function pathOfServer(url: string): string {
  const path = url.replace(/^(?:[^/]*:)?\/\/[^/]*/, '');
  if (path.startsWith('/')) return path;
  return /^[^/{]*:/.test(path) ? '/' : `/${path.replace(/^\.\//, '')}`;
}

/**
 * With a bearer token as one way to authorise, also where the description says nothing of it: that is what Keyhouse
 * checks. Operations that are open stay open.
 */
function withBearer(document: JsonSchema, { words }: Profile): JsonSchema {
  const components = objectOf(document.components);
  const schemes = objectOf(components.securitySchemes);
  const declared = Object.keys(schemes).find((name) => isBearer(schemes[name]));
  if (declared !== undefined) {
    return namesSecurity(document) ? document : { ...document, security: [{ [declared]: [] }] };
  }
  const name = ['bearer', 'token', 'bearerToken'].find((one) => !Object.hasOwn(schemes, one)) ?? 'keyhouseToken';
  const bearer = { type: 'http', scheme: 'bearer', description: `Your ${words.token}.` };
  const or = (security: unknown) => (listOf(security).length === 0 ? security : [...listOf(security), { [name]: [] }]);
  const paths = Object.entries(objectOf(document.paths)).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(objectOf(item)).map(([key, value]) =>
        'security' in objectOf(value)
          ? [key, { ...objectOf(value), security: or(objectOf(value).security) }]
          : [key, value],
      ),
    ),
  ]);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    security: namesSecurity(document) ? or(document.security) : [{ [name]: [] }],
    components: { ...components, securitySchemes: { ...schemes, [name]: bearer } },
  };
}

function isBearer(scheme: unknown): boolean {
  const { type, scheme: name } = objectOf(scheme);
  return type === 'http' && String(name).toLowerCase() === 'bearer';
}

/** Whether the description says of anything what it takes to call it. */
function namesSecurity(document: JsonSchema): boolean {
  return document.security !== undefined || operationsOf(document).some(({ security }) => security !== undefined);
}

/** At most this many, so that a header stays a header. */
const ORIGINS_MAX = 20;
const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?$/;

/** Origins of every server in the description. What is no plain origin is left out: the viewer then cannot call it. */
function originsOf(document: JsonSchema): string[] {
  const items = Object.values(objectOf(document.paths)).map(objectOf);
  const servers = [document, ...items, ...operationsOf(document)].flatMap(serversOf);
  const origins = servers.flatMap(urlsOf).map((url) => (URL.canParse(url) ? new URL(url).origin : ''));
  return [...new Set(origins)].filter((origin) => ORIGIN.test(origin)).slice(0, ORIGINS_MAX);
}

/** A URL with its `{variables}` filled in: every choice there is, or the usual value where anything may stand. */
function urlsOf({ url, variables }: Server): string[] {
  let urls = [url];
  for (const [name, variable] of Object.entries(objectOf(variables))) {
    const { enum: choices, default: usual } = objectOf(variable);
    const values = Array.isArray(choices) ? choices.slice(0, ORIGINS_MAX) : [usual];
    urls = urls.flatMap((one) => values.map((value) => one.replaceAll(`{${name}}`, () => String(value))));
    urls = urls.slice(0, ORIGINS_MAX);
  }
  return urls;
}

function operationsOf({ paths }: JsonSchema): JsonSchema[] {
  return Object.values(objectOf(paths)).flatMap((item) => Object.values(objectOf(item)).map(objectOf));
}

function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {};
}

function listOf(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
