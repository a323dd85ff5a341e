/**
 * TypeScript types from the JSON schemas that our own validation schemas give. Prevents a type that says less, or something
 * else, than what a server accepts and answers: a schema of a shape that is not known here is an error, and no `unknown`.
 */

export type JsonSchema = { readonly [keyword: string]: unknown };

/** Inputs may be frozen and may hold `undefined` where a field may be left out; answers are the caller's own. */
export type Direction = 'input' | 'output';

const SHARED = '#/components/schemas/';

/** Keywords that narrow a value further than a type can say, or only describe it. */
const BEYOND_TYPES: ReadonlySet<string> = new Set([
  ...['description', 'default', 'title', 'examples', 'format', 'pattern', 'propertyNames', 'uniqueItems'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
]);
const SAID_BY_TYPES: ReadonlySet<string> = new Set([
  ...['$ref', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'type'],
  ...['items', 'prefixItems', 'properties', 'required', 'additionalProperties'],
]);
const SIMPLE: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** The type of a schema. @throws {Error} a keyword that this cannot turn into a type. */
export function typeOf(schema: JsonSchema, direction: Direction): string {
  for (const keyword of Object.keys(schema)) {
    if (BEYOND_TYPES.has(keyword) || SAID_BY_TYPES.has(keyword)) continue;
    throw new Error(`tools/json-schema-types.ts knows no type for the keyword ${keyword}: teach it`);
  }
  const { $ref, type } = schema;
  if (typeof $ref === 'string') return $ref.slice(SHARED.length);
  if ('const' in schema) return literal(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(literal).join(' | ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return either(alternatives.map((one) => typeOf(one, direction)));
  if (Array.isArray(schema.allOf)) return schema.allOf.map((one) => `(${typeOf(one, direction)})`).join(' & ');
  if (Array.isArray(type)) return either(type.map((one) => typeOf({ ...schema, type: one }, direction)));
  if (type === 'array') return arrayOf(schema, direction);
  if (type === 'object') return objectOf(schema, direction);
  if (type === undefined) return 'unknown';
  const simple = SIMPLE[String(type)];
  if (simple === undefined) throw new Error(`tools/json-schema-types.ts knows no type ${String(type)}`);
  return simple;
}

/** The fields of an object type, each with what the schema says of it. */
export function fieldsOf(schema: JsonSchema, direction: Direction): string {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)
    .map(([name, property]) => field(name, property, required.has(name), direction))
    .join('\n');
}

/** Names of the shared schemas that a schema refers to. */
export function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([keyword, value]) =>
    keyword === '$ref' ? [String(value).slice(SHARED.length)] : referencesIn(value),
  );
}

/** A comment for a name, or nothing where there is nothing to say. */
export function comment(text: string | undefined): string {
  return text === undefined || text === '' ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`;
}

function field(name: string, schema: JsonSchema, isRequired: boolean, direction: Direction): string {
  const type = typeOf(schema, direction);
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
  const before = direction === 'input' ? 'readonly ' : '';
  const value = isRequired ? `: ${type}` : direction === 'input' ? `?: ${type} | undefined` : `?: ${type}`;
  return `${comment(schema.description as string | undefined)}${before}${key}${value};`;
}

function arrayOf({ items, prefixItems }: JsonSchema, direction: Direction): string {
  const before = direction === 'input' ? 'readonly ' : '';
  if (Array.isArray(prefixItems)) return `${before}[${prefixItems.map((one) => typeOf(one, direction)).join(', ')}]`;
  const item = typeOf((items ?? {}) as JsonSchema, direction);
  return `${before}${/^\w+$/.test(item) ? item : `(${item})`}[]`;
}

function objectOf(schema: JsonSchema, direction: Direction): string {
  const { properties, additionalProperties } = schema;
  const further =
    typeof additionalProperties === 'object' ? typeOf(additionalProperties as JsonSchema, direction) : null;
  if (properties !== undefined) {
    if (further !== null) throw new Error('tools/json-schema-types.ts knows no object with fields and further ones');
    return `{\n${fieldsOf(schema, direction)}\n}`;
  }
  return direction === 'input'
    ? `Readonly<Record<string, ${further ?? 'unknown'}>>`
    : `Record<string, ${further ?? 'unknown'}>`;
}

function either(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  return distinct.map((type) => (type.startsWith('readonly ') ? `(${type})` : type)).join(' | ');
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);
}
