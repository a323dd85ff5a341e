import type { TokenFacts } from './facts.ts';

/** Longer ones might not fit beside the other header lines; what was missing is then left out, and told elsewhere. */
const CHARACTERS_MAX = 1_500;

/**
 * Where somebody makes a token that can do what this one could not: the form of the dashboard, filled in with what was
 * missing, and with the rest as it is in the token of that id. Nothing in it says more than the refusal does.
 * @param dashboardUrl without trailing slash.
 */
export function createLink(
  dashboardUrl: string,
  missing: readonly string[],
  facts: Pick<TokenFacts, 'id' | 'environment'> | null,
): string {
  const permissions = missing.map((entry) => encodeURIComponent(entry).replaceAll('%3A', ':')).join(',');
  const like = facts === null ? [] : [`like=${facts.id}`];
  const environment = facts === null || facts.environment === null ? [] : [`environment=${facts.environment}`];
  const whole = linkOf([...(permissions === '' ? [] : [`permissions=${permissions}`]), ...environment, ...like]);
  return whole.length <= CHARACTERS_MAX ? whole : linkOf([...environment, ...like]);

  function linkOf(fields: readonly string[]): string {
    return `${dashboardUrl}/tokens/new${fields.length === 0 ? '' : `?${fields.join('&')}`}`;
  }
}
