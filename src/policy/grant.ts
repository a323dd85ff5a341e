import type { Window } from './window.ts';

/** Ordered: each level holds what the one before it holds. */
export type Level = 'read' | 'write' | 'admin';

/** What a token asks for. It never gets more than its owner may do at the moment of the request. */
export type Grant =
  | { readonly mode: 'permissions'; readonly permissions: readonly string[] }
  | { readonly mode: 'level'; readonly level: Level }
  | { readonly mode: 'inherit' };

/** Limits a token was created with: a tier of the profile, or windows of its own. */
export type LimitSetting =
  | { readonly by: 'tier'; readonly tier: string }
  | { readonly by: 'windows'; readonly windows: readonly Window[] }
  | { readonly by: 'unlimited' };
