/**
 * Names for what the schemas of answers repeat, so that a reader of the types meets every shape once: an object that stands
 * in several answers under one name, and a shape that is another one with more fields.
 */
import type { DescribedApi } from './describe-operations.ts';
import type { JsonSchema } from './json-schema-types.ts';

const SHARED = '#/components/schemas/';
/** Seen less often, or with fewer fields in common, a shape is clearer where it stands. */
const TIMES_MIN = 3;
const FIELDS_MIN = 3;

/** The same API, in which an object that stands in several shared schemas under one field name is a shared schema itself. */
export function nameRepeated({ operations, schemas }: DescribedApi): DescribedApi {
  const counts = new Map<string, number>();
  const count = (name: string, text: string) => counts.set(`${name} ${text}`, (counts.get(`${name} ${text}`) ?? 0) + 1);
  for (const schema of Object.values(schemas)) visitFields(schema, count);
  const named = new Map<string, string>();
  const shapes: Record<string, JsonSchema> = {};
  for (const [key, times] of [...counts].sort(([, a], [, b]) => b - a)) {
    const [field = '', text = ''] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
    const name = pascal(field);
    if (times < TIMES_MIN || name in schemas || name in shapes) continue;
    named.set(key, name);
    shapes[name] = JSON.parse(text) as JsonSchema;
  }
  const replaced = Object.entries({ ...schemas, ...shapes }).map(([name, schema]) => [name, withNames(schema, named)]);
  return {
    operations,
    schemas: Object.fromEntries(replaced.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1))),
  };
}

/** The largest other schema all of whose fields this one has as well, or null. */
export function largestWithin(name: string, schemas: DescribedApi['schemas']): string | null {
  const whole = fields(schemas[name]);
  const within = Object.keys(schemas).filter((other) => {
    const part = fields(schemas[other]);
    const isSmaller = part.size >= FIELDS_MIN && part.size < whole.size;
    return isSmaller && [...part].every(([field, text]) => whole.get(field) === text);
  });
  const [largest = null] = within.sort((a, b) => fields(schemas[b]).size - fields(schemas[a]).size);
  return largest;
}

/** What every field of an object is, as a text to be compared. */
function fields(schema: JsonSchema | undefined): ReadonlyMap<string, string> {
  const required = new Set((schema?.required ?? []) as string[]);
  const properties = Object.entries((schema?.properties ?? {}) as Record<string, JsonSchema>);
  return new Map(properties.map(([name, one]) => [name, JSON.stringify([required.has(name), one])]));
}

function visitFields(node: unknown, visit: (name: string, text: string) => unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, property] of Object.entries((node as JsonSchema).properties ?? {})) {
    if (isShape(property)) visit(name, textOf(property));
  }
  for (const inner of Object.values(node)) visitFields(inner, visit);
}

function withNames(node: unknown, named: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => withNames(item, named));
  if (typeof node !== 'object' || node === null) return node;
  const properties = Object.entries(((node as JsonSchema).properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, property]) => {
      const shape = isShape(property) ? named.get(`${name} ${textOf(property)}`) : undefined;
      const { description } = property;
      const reference = { $ref: `${SHARED}${shape}`, ...(description !== undefined && { description }) };
      return [name, shape === undefined ? withNames(property, named) : reference];
    },
  );
  const others = Object.entries(node).map(([keyword, value]) => [
    keyword,
    keyword === 'properties' ? Object.fromEntries(properties) : withNames(value, named),
  ]);
  return Object.fromEntries(others);
}

function isShape(property: unknown): property is JsonSchema {
  const { type, properties } = property as JsonSchema;
  return type === 'object' && Object.keys((properties ?? {}) as object).length >= FIELDS_MIN;
}

function textOf({ description: _, ...shape }: JsonSchema): string {
  return JSON.stringify(shape);
}

function pascal(field: string): string {
  return field.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
