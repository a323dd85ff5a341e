import { describe, expect, it } from 'vitest';
import { fieldsOf, typeOf } from './json-schema-types.ts';
import { largestWithin, nameRepeated } from './share-shapes.ts';

describe('the type of a schema', () => {
  it.each([
    [{ type: 'string', maxLength: 5, pattern: '^a' }, 'string'],
    [{ type: ['integer', 'null'] }, 'number | null'],
    [{ enum: ["it's", 'b'] }, "'it\\'s' | 'b'"],
    [{ type: 'boolean', const: true }, 'true'],
    [{ $ref: '#/components/schemas/Token', description: 'said elsewhere' }, 'Token'],
    [{ anyOf: [{ type: 'string' }, { type: 'string', maxLength: 2 }, { type: 'null' }] }, 'string | null'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] }, '[string, number]'],
    [{ type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} }, 'Record<string, unknown>'],
    [{}, 'unknown'],
  ])('%j is %s in an answer', (schema, type) => {
    expect(typeOf(schema, 'output')).toBe(type);
  });

  it('lets inputs be frozen, and hold undefined where a field may be left out', () => {
    const properties = { tags: { type: 'array', items: { type: 'string' } }, name: { type: 'string' } };
    const schema = { type: 'object', properties, required: ['name'], additionalProperties: false };
    expect(fieldsOf(schema, 'input')).toBe('readonly tags?: readonly string[] | undefined;\nreadonly name: string;');
    expect(fieldsOf(schema, 'output')).toBe('tags?: string[];\nname: string;');
  });

  it('is never guessed: a keyword that is not known is an error', () => {
    expect(() => typeOf({ type: 'string', contentEncoding: 'base64' }, 'input')).toThrow(/contentEncoding: teach it/);
    expect(() => typeOf({ type: 'strange' }, 'input')).toThrow(/knows no type strange/);
    const both = { type: 'object', properties: {}, additionalProperties: { type: 'string' } };
    expect(() => typeOf(both, 'input')).toThrow(/fields and further ones/);
  });
});

describe('shapes that come again', () => {
  const fields = { id: { type: 'string' }, name: { type: 'string' }, kind: { type: 'string' } };
  const required = ['id', 'name', 'kind'];
  const actor = { type: 'object', properties: fields, required };
  const holding = { type: 'object', properties: { actor, made_by: actor } };

  it('get the name of their field, where it is the same in every answer', () => {
    const { schemas } = nameRepeated({ operations: [], schemas: { A: holding, B: holding, C: holding } });
    expect(Object.keys(schemas)).toEqual(['A', 'Actor', 'B', 'C', 'MadeBy']);
    expect(schemas.A?.properties).toEqual({
      actor: { $ref: '#/components/schemas/Actor' },
      made_by: { $ref: '#/components/schemas/MadeBy' },
    });
    const twice = { operations: [], schemas: { A: holding, B: holding } };
    expect(nameRepeated(twice)).toEqual(twice);
  });

  it('are what another one extends, where it has all their fields and they are alike', () => {
    const more = { type: 'object', properties: { ...fields, value: { type: 'string' } }, required };
    const other = { ...more, required: ['id'] };
    expect(largestWithin('More', { Base: actor, More: more })).toBe('Base');
    expect(largestWithin('Base', { Base: actor, More: more })).toBeNull();
    expect(largestWithin('Other', { Base: actor, Other: other })).toBeNull();
  });
});
