/** Every operation of the API as TypeScript: types of what goes in and comes out, and a table of where it is asked. */
import { type DescribedOperation, describeBearerOperations } from './describe-operations.ts';
import { formatCode } from './format-code.ts';
import { comment, type Direction, fieldsOf, type JsonSchema, referencesIn, typeOf } from './json-schema-types.ts';

/** @param path where it will stand in the repository. */
export function renderOperations(path: string): string {
  const { operations, schemas } = describeBearerOperations();
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
    ...used.map(([name, schema]) => declaration(name, schema, inOutputs.has(name) ? 'output' : 'input')),
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

function row({ id, method, path, query, body, takesIdempotencyKey }: DescribedOperation): string {
  const cells = [
    `method: '${method}'`,
    `path: '${path}'`,
    ...(query.length > 0 ? [`query: [${query.map((name) => `'${name}'`).join(', ')}]`] : []),
    ...(body === null ? [] : [`body: '${body}'`]),
    ...(takesIdempotencyKey ? ['takesIdempotencyKey: true'] : []),
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
