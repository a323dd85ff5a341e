/** The methods of the management client, as an interface: each operation at its place, with what it says of itself. */
import { PLACES } from '../client/src/management/places.ts';
import { type DescribedOperation, describeBearerOperations } from './describe-operations.ts';
import { formatCode } from './format-code.ts';
import { comment, type Direction, type JsonSchema, referencesIn, typeOf } from './json-schema-types.ts';
import { isInputOptional, typeNames } from './render-operations.ts';

/**
 * @param path where it will stand in the repository.
 * @throws {Error} an operation that has no place in the client; the message says what to do.
 */
export function renderMethods(path: string): string {
  const { operations } = describeBearerOperations();
  requirePlaces(operations);
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const groups = Object.entries(PLACES).map(([group, methods]) => {
    const lines = Object.entries(methods).flatMap(([name, id]) => methodsOf(name, byId.get(id) as DescribedOperation));
    return `readonly ${group}: {\n${lines.join('\n')}\n};`;
  });
  return formatCode(
    path,
    `/** Generated from the OpenAPI document and \`places.ts\` by \`npm run reference\`; a test compares. */
    import type { CallOptions, RepeatableOptions } from './call-options.ts';
    import type * as api from './operations.ts';

    /** Every operation of the HTTP API that takes a token. */
    export interface Methods {
      ${groups.join('\n')}
    }`,
  );
}

/** Every operation once, and nothing that is no operation. */
export function requirePlaces(operations: readonly Pick<DescribedOperation, 'id'>[]): void {
  const placed = Object.values(PLACES).flatMap((methods): string[] => Object.values(methods));
  const known = new Set(operations.map(({ id }) => id));
  const gone = placed.find((id) => !known.has(id));
  if (gone !== undefined) throw new Error(`${gone} is no operation of the API: take it out of ${TABLE}`);
  const missing = operations.find(({ id }) => !placed.includes(id));
  if (missing === undefined) return;
  throw new Error(
    `${missing.id} has no place in the management client: name it in ${TABLE}, then run: npm run reference`,
  );
}

const TABLE = 'client/src/management/places.ts';

function methodsOf(name: string, operation: DescribedOperation): string[] {
  const { summary, access, takesIdempotencyKey } = operation;
  const { input } = typeNames(operation);
  const options = takesIdempotencyKey ? 'RepeatableOptions' : 'CallOptions';
  const asked = `input${isInputOptional(operation) ? '?' : ''}`;
  const forms = formsOf(operation).map(
    (form) => `${name}(${asked}: ${form.input}, options?: ${options}): Promise<${form.output}>;`,
  );
  const method = `${comment(`${summary}. ${access}`.trim())}${forms.join('\n')}`;
  const item = itemName(operation);
  if (name !== 'list' || item === null || !operation.query.includes('cursor')) return [method];
  const all = `all(input?: Omit<api.${input}, 'cursor'>, options?: CallOptions): AsyncGenerator<api.${item}, void, undefined>;`;
  return [method, `${comment(`${summary}, however many pages they fill: asked for as the loop needs them.`)}${all}`];
}

/** What goes in and what comes out of it: one of each, or one for each form of the question where the answers have as many. */
function formsOf(operation: DescribedOperation): { readonly input: string; readonly output: string }[] {
  const inputs = operation.input.anyOf as readonly JsonSchema[] | undefined;
  const outputs = operation.output.anyOf as readonly JsonSchema[] | undefined;
  if (inputs === undefined || inputs.length !== outputs?.length) {
    const { input, output } = typeNames(operation);
    return [{ input: `api.${input}`, output: `api.${output}` }];
  }
  const type = (schema: JsonSchema, direction: Direction): string =>
    referencesIn(schema).reduce(
      (text, name) => text.replace(new RegExp(`(?<![.\\w])${name}\\b`, 'g'), `api.${name}`),
      typeOf(schema, direction),
    );
  return inputs.map((input, index) => ({
    input: type(input, 'input'),
    output: type(outputs[index] ?? {}, 'output'),
  }));
}

/** The type of what a list has in it. */
function itemName({ output }: DescribedOperation): string | null {
  const { data } = (output.properties ?? {}) as Record<string, JsonSchema>;
  return data === undefined ? null : typeOf(data.items as JsonSchema, 'output');
}
