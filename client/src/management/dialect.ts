import { isObject, KeyhouseError, type Problem } from './keyhouse-error.ts';

/** Where a profile puts its tokens, and what it calls their fields: its name by ours. */
export interface Dialect {
  readonly tokensPath: string;
  readonly fieldNames: Readonly<Record<string, string>>;
}

/** Where several of the same stand, and parts of a token. */
const INSIDE: ReadonlySet<string> = new Set(['data', 'results', 'token', 'grant', 'rotation']);

/** Reads the dialect in the server's description of its API. @throws {KeyhouseError} there is none in it. */
export function readDialect(description: unknown): Dialect {
  const said = isObject(description) ? description['x-keyhouse'] : undefined;
  if (
    isObject(said) &&
    typeof said.tokens_path === 'string' &&
    said.tokens_path.startsWith('/') &&
    isObject(said.field_names)
  ) {
    return { tokensPath: said.tokens_path, fieldNames: said.field_names as Record<string, string> };
  }
  throw new KeyhouseError({
    status: 200,
    code: 'unreadable_answer',
    message: 'The answer describes no Keyhouse.',
  });
}

/**
 * An answer under our names.
 * @param isToken the answer is a token, or about one; otherwise only what stands under `token` is.
 */
export function inOurNames(answer: unknown, { fieldNames }: Dialect, isToken: boolean): unknown {
  const ours = oursByTheirs(fieldNames);
  const translate = (node: unknown, isTokenHere: boolean): unknown => {
    if (Array.isArray(node)) return node.map((item) => translate(item, isTokenHere));
    if (!isObject(node)) return node;
    const fields = Object.entries(node).map(([theirs, value]) => {
      const name = isTokenHere ? (ours.get(theirs) ?? theirs) : theirs;
      return [name, INSIDE.has(name) ? translate(value, isTokenHere || name === 'token') : value];
    });
    return Object.fromEntries(fields);
  };
  return ours.size === 0 ? answer : translate(answer, isToken);
}

/** A place of a token operation's input under our names. */
export function problemInOurNames({ path, message }: Problem, { fieldNames }: Dialect): Problem {
  const [field = '', ...rest] = path.split('.');
  return { path: [oursByTheirs(fieldNames).get(field) ?? field, ...rest].join('.'), message };
}

function oursByTheirs(fieldNames: Dialect['fieldNames']): ReadonlyMap<string, string> {
  return new Map(Object.entries(fieldNames).map(([ours, theirs]) => [theirs, ours]));
}
