import { z } from 'zod';
import type { Profile } from '../../profile/index.ts';
import { companyName, LISTS, TOKEN_PARTS } from '../field-names.ts';

export type JsonSchema = { [keyword: string]: unknown };

const LOCAL = '#/$defs/';
const SHARED = '#/components/schemas/';

/** Keywords whose value is one schema, and those whose value is a list of them. */
const INSIDE = ['items', 'additionalProperties', 'propertyNames', 'not'];
const ALTERNATIVES = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];

/**
 * Turns the schemas that validate into the schemas that document. Those with an id are shared: each stands once under
 * `components.schemas`. Token fields appear under the names this company gives them, as the door reads and writes them.
 */
export class SchemaWriter {
  readonly components: Record<string, JsonSchema> = {};
  readonly #fieldNames: Profile['fieldNames'];
  readonly #renamed = new Set<string>();

  constructor({ fieldNames }: Profile) {
    this.#fieldNames = fieldNames;
  }

  /** `isToken`: the schema describes a token, a list of tokens, or a request that makes or changes one. */
  write(schema: z.ZodType, io: 'input' | 'output', isToken: boolean): JsonSchema {
    const {
      $schema: _dialect,
      $defs = {},
      ...own
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
    for (const [id, shared] of Object.entries($defs as Record<string, JsonSchema>)) {
      this.components[id] ??= this.#plain(shared, io) as JsonSchema;
    }
    return this.#rename(this.#plain(own, io) as JsonSchema, isToken);
  }

  /** References made absolute, and noise left out: an answer may gain fields, and any integer is a safe one. */
  #plain(node: unknown, io: 'input' | 'output'): unknown {
    if (Array.isArray(node)) return node.map((item) => this.#plain(item, io));
    if (typeof node !== 'object' || node === null) return node;
    const plain: JsonSchema = {};
    for (const [keyword, value] of Object.entries(node)) {
      if (keyword === 'additionalProperties' && value === false && io === 'output') continue;
      if (Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER && /imum$/.test(keyword)) continue;
      plain[keyword] =
        keyword === '$ref' && typeof value === 'string' ? value.replace(LOCAL, SHARED) : this.#plain(value, io);
    }
    return plain;
  }

  #rename(schema: JsonSchema, isToken: boolean): JsonSchema {
    const renamed = { ...schema };
    if (typeof schema.$ref === 'string') this.#renameShared(schema.$ref.slice(SHARED.length), isToken);
    for (const keyword of ALTERNATIVES) {
      const branches = schema[keyword];
      if (Array.isArray(branches)) renamed[keyword] = branches.map((branch) => this.#rename(branch, isToken));
    }
    for (const keyword of INSIDE) {
      const inner = schema[keyword];
      if (isSchema(inner)) renamed[keyword] = this.#rename(inner, isToken);
    }
    if (isSchema(schema.properties)) {
      renamed.properties = Object.fromEntries(
        Object.entries(schema.properties).map(([name, property]) => [
          isToken ? companyName(name, this.#fieldNames) : name,
          isSchema(property) && (LISTS.has(name) || TOKEN_PARTS.has(name))
            ? this.#rename(property, isToken || name === 'token')
            : property,
        ]),
      );
      if (isToken && Array.isArray(schema.required)) {
        renamed.required = schema.required.map((name: string) => companyName(name, this.#fieldNames));
      }
    }
    return renamed;
  }

  #renameShared(id: string, isToken: boolean): void {
    const shared = this.components[id];
    if (shared === undefined || this.#renamed.has(id)) return;
    this.#renamed.add(id);
    this.components[id] = this.#rename(shared, isToken);
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
