import { type OperationRoute, queryFields } from '../route.ts';
import type { JsonSchema } from './json-schemas.ts';

/** Where the fields of an operation's one input stand in an HTTP request. */
export interface SplitInput {
  readonly parameters: readonly JsonSchema[];
  /** null when nothing is left for a body. */
  readonly body: JsonSchema | null;
}

/** Path parameters, query fields, and the rest as the body; a GET has its rest in the query. */
export function splitInput(route: OperationRoute, input: JsonSchema): SplitInput {
  const [method, path] = route;
  const pathFields = new Set([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string));
  const inQuery = queryFields(route);
  const properties = input.properties as Record<string, JsonSchema> | undefined;
  if (properties === undefined) return { parameters: [], body: input };
  const required = new Set((input.required as string[] | undefined) ?? []);
  const placeOf = (name: string): 'path' | 'query' | 'body' => {
    if (pathFields.has(name)) return 'path';
    return method === 'GET' || inQuery.has(name) ? 'query' : 'body';
  };
  const named = Object.entries(properties).map(([name, schema]) => ({ name, schema, place: placeOf(name) }));
  const inBody = named.filter(({ place }) => place === 'body');
  const bodyRequired = inBody.map(({ name }) => name).filter((name) => required.has(name));
  return {
    parameters: named
      .filter(({ place }) => place !== 'body')
      .map((field) => parameter(field, required.has(field.name))),
    body:
      inBody.length === 0
        ? null
        : {
            ...input,
            properties: Object.fromEntries(inBody.map(({ name, schema }) => [name, schema])),
            ...(bodyRequired.length === 0 ? { required: undefined } : { required: bodyRequired }),
          },
  };
}

interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly place: string;
}

function parameter({ name, schema, place }: Field, isRequired: boolean): JsonSchema {
  const { description, ...rest } = schema;
  return {
    name,
    in: place,
    required: place === 'path' || isRequired,
    ...(description !== undefined && { description }),
    schema: rest,
  };
}
