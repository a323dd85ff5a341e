type Steps = readonly (string | number)[];

export type PlainJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly path: Steps; readonly message: string };

const DEPTH_MAX = 16;

/** A copy of a value that holds nothing but JSON: no functions, no cycles, no `__proto__`, at most 16 levels deep. */
export function plainJson(value: unknown): PlainJson {
  try {
    return { ok: true, value: copy(value, []) };
  } catch (error) {
    if (error instanceof NotPlain) return { ok: false, path: error.path, message: error.message };
    throw error;
  }
}

class NotPlain extends Error {
  readonly path: Steps;
  constructor(path: Steps, message: string) {
    super(message);
    this.path = path;
  }
}

function copy(value: unknown, path: Steps): unknown {
  if (path.length > DEPTH_MAX) throw new NotPlain(path, `This is nested more than ${DEPTH_MAX} levels deep.`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new NotPlain(path, 'This number is not one that JSON can carry.');
  }
  if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, index]));
  if (typeof value !== 'object') throw new NotPlain(path, `A profile is data; this is ${describe(value)}.`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotPlain(path, 'A profile is data; this is an object with a class of its own.');
  }
  const copied: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__') throw new NotPlain(path, 'A key cannot be called "__proto__".');
    if (inner !== undefined) copied[key] = copy(inner, [...path, key]);
  }
  return copied;
}

function describe(value: unknown): string {
  return typeof value === 'undefined' ? 'nothing at all' : `a ${typeof value}`;
}
