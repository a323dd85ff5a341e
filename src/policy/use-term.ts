/** Stands for whatever was too much to be kept apart. */
export const OTHER_USES = 'other';
/** A request that named no permission: any valid token would have done. */
export const NONE_NAMED = 'none';

const TERM_LENGTH_MAX = 400;

/**
 * What a request asked, in terms of which every one was needed: a permission, or alternatives such as
 * `servers:read|servers:write`. Whoever satisfies the terms of a request is allowed it, and nobody else.
 */
export function useTerms(allOf: readonly string[], anyOf: readonly string[]): readonly string[] {
  if (anyOf.length === 0) return allOf.length === 0 ? [NONE_NAMED] : allOf;
  const alternatives = [...new Set(anyOf)].sort().join('|');
  return [...allOf, alternatives.length > TERM_LENGTH_MAX ? OTHER_USES : alternatives];
}

/** The permissions of a term, one of them needed; null where it does not say. */
export function alternativesOf(term: string): readonly string[] | null {
  return term === OTHER_USES || term === NONE_NAMED ? null : term.split('|');
}
