/** Every operation of the API as TypeScript: types of what goes in and comes out, and a table of where it is asked. */
import {
  type DescribedApi,
  type DescribedOperation,
  describeBearerOperations,
  describeDashboardOperations,
} from './describe-operations.ts';
import { formatCode } from './format-code.ts';
import { comment, type Direction, fieldsOf, type JsonSchema, referencesIn, typeOf } from './json-schema-types.ts';
import { largestWithin, nameRepeated } from './share-shapes.ts';

/** For the management client. @param path where it will stand in the repository. */
export function renderClientOperations(path: string): string {
  return renderOperations(path, describeBearerOperations());
}

/** For the dashboard. @param path where it will stand in the repository. */
export function renderDashboardOperations(path: string): string {
  return renderOperations(path, describeDashboardOperations());
}

function renderOperations(path: string, api: DescribedApi): string {
  const { operations, schemas } = nameRepeated(api);
  const inInputs = reached(
    operations.map(({ input }) => input),
    schemas,
  );
  const inOutputs = reached(
    operations.map(({ output }) => output),
    schemas,
  );
  const used = Object.entries(schemas).filter(([name]) => inInputs.has(name) || inOutputs.has(name));
  const text = [
    HEADER,
    ...used.map(([name, schema]) =>
      inOutputs.has(name) ? answer(name, Object.fromEntries(used)) : declaration(name, schema, 'input'),
    ),
    ...operations.filter(hasOwnInput).map(({ id, input }) => declaration(inputName(id), input, 'input')),
    ...operations.filter(hasOwnOutput).map(({ id, output }) => declaration(`${pascal(id)}Output`, output, 'output')),
    `/** What goes into every operation and what comes out of it. */
    export interface Operations {
      ${operations.map(signature).join('\n')}
    }`,
    ROW,
    `/** Where every operation is asked. */
    export const OPERATIONS: Readonly<Record<keyof Operations, OperationRow>> = {
      ${operations.map(row).join('\n')}
    };`,
  ].join('\n\n');
  return formatCode(path, text);
}

/** Names of an operation's types, as they are declared. */
export function typeNames(operation: DescribedOperation): { readonly input: string; readonly output: string } {
  const { id, output } = operation;
  return {
    input: hasOwnInput(operation) ? inputName(id) : 'NoInput',
    output: hasOwnOutput(operation) ? `${pascal(id)}Output` : typeOf(output, 'output'),
  };
}

export function isInputOptional({ input }: DescribedOperation): boolean {
  return input.properties !== undefined && ((input.required as string[] | undefined) ?? []).length === 0;
}

const HEADER = `/**
 * Generated from the OpenAPI document by \`npm run reference\`; a test compares. Fields have their own names, whatever a
 * profile calls them. An input has the fields of path, query and body in one object.
 */

/** Of operations that take nothing. */
export type NoInput = Readonly<Record<string, never>>;`;

const ROW = `export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** \`{name}\` is a field of the input, \`{tokens}\` the place where the profile puts its tokens. */
  readonly path: string;
  /** Fields of the input that stand in the query. */
  readonly query?: readonly string[];
  /** What the other fields are sent as. \`lines\`: the values of the field of that name, one JSON text a line. */
  readonly body?: 'json' | 'lines';
  /** With an \`Idempotency-Key\` it can be repeated without making a second one. */
  readonly takesIdempotencyKey?: true;
  /** A token stands in the answer, under \`token\`. */
  readonly hasToken?: true;
}`;

function reached(roots: readonly JsonSchema[], schemas: Readonly<Record<string, JsonSchema>>): Set<string> {
  const found = new Set<string>();
  const visit = (node: JsonSchema): void => {
    for (const name of referencesIn(node)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(schemas[name] ?? {});
    }
  };
  for (const root of roots) visit(root);
  return found;
}

/** A shared schema of answers: with the fields of another one, where it has them all. */
function answer(name: string, schemas: DescribedApi['schemas']): string {
  const schema = schemas[name] ?? {};
  const base = largestWithin(name, schemas);
  if (base === null) return declaration(name, schema, 'output');
  const inBase = Object.keys(schemas[base]?.properties ?? {});
  const own = Object.entries(schema.properties ?? {}).filter(([field]) => !inBase.includes(field));
  return declaration(`${name} extends ${base}`, { ...schema, properties: Object.fromEntries(own) }, 'output');
}

function declaration(name: string, schema: JsonSchema, direction: Direction): string {
  const said = comment(schema.description as string | undefined);
  if (schema.properties === undefined) return `${said}export type ${name} = ${typeOf(schema, direction)};`;
  return `${said}export interface ${name} {\n${fieldsOf(schema, direction)}\n}`;
}

function signature(operation: DescribedOperation): string {
  const { input, output } = typeNames(operation);
  const { id, summary, access } = operation;
  return `${comment(`${summary}. ${access}`.trim())}${id}: { input: ${input}; output: ${output} };`;
}

function row({ id, method, path, query, body, takesIdempotencyKey, hasToken }: DescribedOperation): string {
  const cells = [
    `method: '${method}'`,
    `path: '${path}'`,
    ...(query.length > 0 ? [`query: [${query.map((name) => `'${name}'`).join(', ')}]`] : []),
    ...(body === null ? [] : [`body: '${body}'`]),
    ...(takesIdempotencyKey ? ['takesIdempotencyKey: true'] : []),
    ...(hasToken ? ['hasToken: true'] : []),
  ];
  return `${id}: { ${cells.join(', ')} },`;
}

function hasOwnInput({ input }: DescribedOperation): boolean {
  return input.properties === undefined || Object.keys(input.properties as object).length > 0;
}

function hasOwnOutput({ output }: DescribedOperation): boolean {
  return output.$ref === undefined;
}

function inputName(id: string): string {
  return `${pascal(id)}Input`;
}

function pascal(id: string): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}
