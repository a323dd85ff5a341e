import type { Call } from '../call.ts';

export const ID = {
  syntax: '<id>',
  about: 'Id of the token: tok_… (`current` with --url: the token that asks).',
} as const;

/** Where the API has the token that a command names. */
export async function pathOf(call: Call): Promise<string> {
  return `${(await call.dialect()).tokensPath}/${encodeURIComponent(call.argument(0))}`;
}
