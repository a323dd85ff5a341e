import { isObject, KeyhouseError, type Problem } from './keyhouse-error.ts';

/** Where a profile puts its tokens, and what it calls their fields: its name by ours. */
export interface Dialect {
  readonly tokensPath: string;
  readonly fieldNames: Readonly<Record<string, string>>;
}

/** Where several of the same stand, and where a token or a part of one stands inside something else. */
const TOKEN_PARTS: ReadonlySet<string> = new Set(['data', 'results', 'token', 'grant', 'rotation']);

/** Reads the dialect in the server's description of its API. @throws {KeyhouseError} there is none in it. */
export function readDialect(description: unknown): Dialect {
  const said = isObject(description) ? description['x-keyhouse'] : undefined;
  if (isObject(said) && typeof said.tokens_path === 'string' && isObject(said.field_names)) {
    return { tokensPath: said.tokens_path, fieldNames: said.field_names as Record<string, string> };
  }
  throw new KeyhouseError({
    status: 200,
    code: 'unreadable_answer',
    message: 'The answer describes no Keyhouse.',
  });
}

/** The answer of a token operation under our names. */
export function inOurNames(answer: unknown, { fieldNames }: Dialect): unknown {
  const ours = oursByTheirs(fieldNames);
  const translate = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(translate);
    if (!isObject(node)) return node;
    const fields = Object.entries(node).map(([theirs, value]) => {
      const name = ours.get(theirs) ?? theirs;
      return [name, TOKEN_PARTS.has(name) ? translate(value) : value];
    });
    return Object.fromEntries(fields);
  };
  return ours.size === 0 ? answer : translate(answer);
}

/** A place of a token operation's input under our names. */
export function problemInOurNames({ path, message }: Problem, { fieldNames }: Dialect): Problem {
  const [field = '', ...rest] = path.split('.');
  return { path: [oursByTheirs(fieldNames).get(field) ?? field, ...rest].join('.'), message };
}

function oursByTheirs(fieldNames: Dialect['fieldNames']): ReadonlyMap<string, string> {
  return new Map(Object.entries(fieldNames).map(([ours, theirs]) => [theirs, ours]));
}
