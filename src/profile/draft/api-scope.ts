import { isPermission } from '../../policy/index.ts';

/** What a scope is about and what it allows there; null where it does not say. */
export interface ScopeParts {
  readonly resource: string | null;
  readonly action: string | null;
}

const VERBS =
  'read|write|readonly|list|get|view|create|update|edit|modify|delete|remove|manage|admin|execute|run|send|publish';
const VERB = new RegExp(`^(?:${VERBS})$`, 'i');
const VERB_FIRST = new RegExp(`^(${VERBS})[_-](.{1,100})$`, 'i');
const VERB_LAST = new RegExp(`^(.{1,100})[_-](${VERBS})$`, 'i');

/** Scopes of OpenID Connect that are about signing in and allow nothing in an API. */
const SIGN_IN: readonly string[] = ['openid', 'offline_access'];

/**
 * Reads a scope as its authors meant it: `servers:read`, `read:servers`, `servers.read`, `read_servers`, `write` and
 * `https://api.example.com/auth/servers.readonly` all occur. null for what allows nothing or cannot be told apart.
 */
export function readScope(scope: string): ScopeParts | null {
  if (scope.length > 200 || SIGN_IN.includes(scope) || scope.includes('*')) return null;
  const name = /^https?:\/\//i.test(scope) ? (scope.replace(/\/+$/, '').split('/').at(-1) ?? '') : scope;
  const parts = name.split(/[:./|\s]+/).filter((part) => part !== '');
  const [first, ...rest] = parts;
  if (first === undefined) return null;
  if (rest.length === 0) return readWord(first);
  const last = parts.at(-1) as string;
  if (VERB.test(first) && !VERB.test(last)) return { resource: rest.join('-'), action: first };
  return { resource: parts.slice(0, -1).join('-'), action: last };
}

/** Whether a scope is a permission as it stands, with the resource first. */
export function isPlainScope(scope: string): boolean {
  return isPermission(scope) && readScope(scope)?.resource === scope.split(':')[0];
}

function readWord(word: string): ScopeParts {
  if (VERB.test(word)) return { resource: null, action: word };
  const [, before, behind] = VERB_FIRST.exec(word) ?? [];
  if (before !== undefined && behind !== undefined) return { resource: behind, action: before };
  const [, what, verb] = VERB_LAST.exec(word) ?? [];
  if (what !== undefined && verb !== undefined) return { resource: what, action: verb };
  return { resource: word, action: null };
}
