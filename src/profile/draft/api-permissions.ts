import { isReserved } from '../../policy/index.ts';
import type { ApiOperation } from './api-document.ts';
import { isPlainScope, readScope } from './api-scope.ts';
import type { JsonObject } from './json-value.ts';
import { NameBook, nameFrom } from './name-book.ts';
import type { Notes } from './note.ts';

/** An operation with what a token needs for it. */
export interface GuardedOperation extends ApiOperation {
  /** All of these. */
  readonly permissions: readonly string[];
  /** The document's scope behind a permission that comes from one. */
  readonly scopes: ReadonlyMap<string, string>;
}

export interface JudgedOperations {
  readonly guarded: readonly GuardedOperation[];
  /** Operations that take requests without a token. */
  readonly open: readonly ApiOperation[];
}

/** Path segments that name no resource: `api`, `rest`, `v1`, `v2beta`, `2024-01`. */
const NO_RESOURCE = /^(?:api|rest|public|default|v[0-9][a-z0-9.]*|[0-9][0-9.-]*)$/i;

/** Says what each operation needs: the scopes it asks for, else the resource of its tag or path and what its method does. */
export function judgeOperations(operations: readonly ApiOperation[], notes: Notes): JudgedOperations {
  const isSilent = operations.every(({ security }) => security === null);
  if (isSilent && operations.length > 0) {
    notes.tell('The document says nothing about security, so every operation is guarded.');
  }
  const isOpen = ({ security }: ApiOperation) =>
    security === null ? !isSilent : security.length === 0 || security.some((needs) => Object.keys(needs).length === 0);
  const toGuard = operations.filter((operation) => !isOpen(operation));
  const hasScopes = toGuard.some((operation) => scopesOf(operation, null).length > 0);
  const book = new NameBook();
  return {
    guarded: toGuard.map((operation) => guard(operation, hasScopes, book, notes)),
    open: operations.filter(isOpen),
  };
}

function guard(operation: ApiOperation, hasScopes: boolean, book: NameBook, notes: Notes): GuardedOperation {
  const scopes = new Map<string, string>();
  for (const scope of scopesOf(operation, notes)) {
    const permission = permissionOfScope(scope, operation, book, notes);
    if (permission !== null) scopes.set(permission, scope);
  }
  if (scopes.size > 0) return { ...operation, permissions: [...scopes.keys()], scopes };
  if (hasScopes) {
    notes.tell(
      'These name no scope though others do; what they need is guessed from their tag and method.',
      line(operation),
    );
  }
  const permission = `${resourceOf(operation, book, notes)}:${usualAction(operation)}`;
  return { ...operation, permissions: [permission], scopes };
}

/** The scopes of the first alternative that names any. */
function scopesOf(operation: ApiOperation, notes: Notes | null): readonly string[] {
  const alternatives = (operation.security ?? []).map(scopesIn).filter((scopes) => scopes.length > 0);
  const [first = [], ...others] = alternatives;
  if (others.some((scopes) => scopes.join() !== first.join())) {
    notes?.tell('These can be called with one of several sets of scopes; the first is drafted.', line(operation));
  }
  return first;
}

function scopesIn(requirement: JsonObject): readonly string[] {
  const scopes = Object.values(requirement).flatMap((list) => (Array.isArray(list) ? list : []));
  return [...new Set(scopes.filter((scope) => typeof scope === 'string' && readScope(scope) !== null))] as string[];
}

function permissionOfScope(scope: string, operation: ApiOperation, book: NameBook, notes: Notes): string | null {
  const parts = readScope(scope);
  if (parts === null) return null;
  const resource =
    parts.resource === null ? resourceOf(operation, book, notes) : book.nameOf(parts.resource, fallbacksOf(operation));
  const action = parts.action === null ? usualAction(operation) : nameFrom(parts.action);
  const permission = `${resource}:${action === '' ? usualAction(operation) : action}`;
  if (!isPlainScope(scope) || permission !== scope) {
    notes.tell('Scopes that are spelled otherwise as permissions.', `${shown(scope)} is ${permission}`);
  }
  return permission;
}

function resourceOf(operation: ApiOperation, book: NameBook, notes: Notes): string {
  const tag = operation.tags.find((one) => !NO_RESOURCE.test(one.trim()));
  const [segment = 'root', ...further] = fallbacksOf(operation);
  if (tag === undefined) return book.nameOf(segment, further);
  const name = book.nameOf(tag, [segment, ...further]);
  if (isReserved(nameFrom(tag)))
    notes.tell('Names that belong to Keyhouse itself are changed.', `${shown(tag)} is ${name}`);
  else if (name !== tag.trim().toLowerCase().replaceAll(/\s+/g, '-'))
    notes.tell('Tags that are spelled otherwise as resources.', `${shown(tag)} is ${name}`);
  return name;
}

/** The literal segments of the path that can name a resource, first ones first. */
function fallbacksOf({ ownPath }: Pick<ApiOperation, 'ownPath'>): readonly string[] {
  return ownPath.split('/').filter((part) => part !== '' && !part.includes('{') && !NO_RESOURCE.test(part));
}

function usualAction({ method }: ApiOperation): string {
  return method === 'GET' ? 'read' : 'write';
}

/** `GET /v1/servers`. */
export function line({ method, path }: Pick<ApiOperation, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
