import type { AuthenticateOptions } from './authenticates.ts';

const PERMISSION = /^[a-z][a-z0-9_-]{0,31}:[a-z][a-z0-9_-]{0,31}$/;

export function isPermission(text: string): boolean {
  return PERMISSION.test(text);
}

/** @throws {TypeError} options that ask nothing, that ask in two ways, or that ask for what is no permission. */
export function requireQuestion(options: AuthenticateOptions): void {
  const { byRoute, permission, allOf, anyOf, cost = 1 } = options;
  if (byRoute === true) {
    const besides = (['permission', 'allOf', 'anyOf', 'environment', 'cost'] as const).find((key) => key in options);
    if (besides !== undefined) throw new TypeError(`With byRoute the rules of the profile say what ${besides} would.`);
    return;
  }
  if (permission === undefined && allOf === undefined && anyOf === undefined) {
    throw new TypeError(
      'Say what the token must be allowed to do: permission, allOf or anyOf. allOf: [] takes any valid token, and byRoute leaves it to the rules of the profile.',
    );
  }
  for (const one of [permission ?? [], allOf ?? [], anyOf ?? []].flat()) {
    if (!isPermission(one)) {
      throw new TypeError(`${JSON.stringify(one)} is not a permission of the form resource:action.`);
    }
  }
  if (!Number.isSafeInteger(cost) || cost < 0) throw new TypeError(`cost must be a whole number from 0, not ${cost}.`);
}
