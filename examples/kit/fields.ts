/** What a field of a resource may hold: the same line makes its column and checks what clients send. */
export interface Field {
  /** Column type, with its constraint if it has one. */
  readonly column: string;
  readonly isOptional: boolean;
  /** Resource whose ids stand here. */
  readonly refersTo: string | null;
  /** What is wrong with a value, for the person who sent it; null when nothing is. */
  readonly problem: (value: unknown) => string | null;
  /** The same as a JSON Schema, for the description of the API. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export type Fields = Readonly<Record<string, Field>>;
export type Values = Readonly<Record<string, string | number | null>>;

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export function text(charactersMax: number): Field {
  const message = `A text of 1 to ${charactersMax} characters.`;
  const fits = (value: unknown) => typeof value === 'string' && value.trim() !== '' && value.length <= charactersMax;
  return {
    column: 'text',
    isOptional: false,
    refersTo: null,
    problem: (value) => (fits(value) ? null : message),
    schema: { type: 'string', minLength: 1, maxLength: charactersMax },
  };
}

export function oneOf(...choices: readonly string[]): Field {
  const message = `One of ${choices.join(', ')}.`;
  return {
    column: 'text',
    isOptional: false,
    refersTo: null,
    problem: (value) => (choices.some((choice) => choice === value) ? null : message),
    schema: { type: 'string', enum: choices },
  };
}

export function wholeNumber(min: number, max: number): Field {
  const fits = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
  return {
    column: 'integer',
    isOptional: false,
    refersTo: null,
    problem: (value) => (fits(value) ? null : `A whole number from ${min} to ${max}.`),
    schema: { type: 'integer', minimum: min, maximum: max },
  };
}

export function idOf(resource: string): Field {
  return { ...text(64), refersTo: resource, schema: { type: 'string', description: `The id of one of ${resource}.` } };
}

/** null stands for nothing, and so does leaving the field out. */
export function optional(field: Field): Field {
  const { type, enum: choices } = field.schema;
  return {
    ...field,
    isOptional: true,
    problem: (value) => (value === null ? null : field.problem(value)),
    schema: { ...field.schema, type: [type, 'null'], ...(Array.isArray(choices) && { enum: [...choices, null] }) },
  };
}

/** The JSON Schema of what `readValues` takes. */
export function schemaOf(fields: Fields, { whole }: { readonly whole: boolean }) {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    ...(whole && { required: entries.filter(([, { isOptional }]) => !isOptional).map(([name]) => name) }),
    properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
  };
}

const NAME_CHARACTERS_MAX = 30;

/** Checks what a client sent. `whole`: every field that is not optional must be there; otherwise only some change. */
export function readValues(
  fields: Fields,
  body: unknown,
  { whole }: { readonly whole: boolean },
): { readonly values: Values } | { readonly problems: readonly FieldProblem[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { problems: [{ path: '', message: 'Send a JSON object, with Content-Type: application/json.' }] };
  }
  const sent = Object.entries(body);
  const problems = sent.flatMap(([path, value]) => {
    const message = Object.hasOwn(fields, path) ? fields[path]?.problem(value) : 'There is no such field.';
    // Somebody may have put a secret where a name belongs: what is too long for a name is not repeated.
    return message == null ? [] : [{ path: path.length > NAME_CHARACTERS_MAX ? '' : path, message }];
  });
  for (const [path, { isOptional }] of Object.entries(fields)) {
    if (whole && !isOptional && !Object.hasOwn(body, path)) problems.push({ path, message: 'This field is missing.' });
  }
  return problems.length > 0 ? { problems } : { values: Object.fromEntries(sent) };
}
