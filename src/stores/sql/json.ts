import type { Metadata } from '../../ports/index.ts';

/** Distinct texts kept; grants, limits and settings repeat across tokens, so that few are ever distinct. */
const SHARED_MAX = 10_000;
const SHARED_LENGTH_MAX = 500;

const shared = new Map<string, unknown>();
const NO_METADATA: Metadata = Object.freeze({});

/** Parses JSON of our own writing. Equal texts give one frozen value: a million tokens with one grant hold it once. */
export function parseShared<T>(text: string): T {
  const known = shared.get(text);
  if (known !== undefined) return known as T;
  const value = deepFreeze(JSON.parse(text));
  if (text.length > SHARED_LENGTH_MAX) return value as T;
  if (shared.size === SHARED_MAX) shared.clear();
  shared.set(text, value);
  return value as T;
}

/** Metadata is the provider's and mostly unlike any other: only its absence is shared. */
export function parseMetadata(text: string): Metadata {
  return text === '{}' ? NO_METADATA : JSON.parse(text);
}

export function parseNullable<T>(text: string | null): T | null {
  return text === null ? null : parseShared<T>(text);
}

export function stringifyNullable(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
