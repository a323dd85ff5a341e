import { readSentence, type Sentence, type SentenceWords } from './sentence.ts';

/** Words that may stand in an error body and in the sentences of a profile. */
export const ERROR_WORDS = [
  'code',
  'title',
  'message',
  'status',
  'status_text',
  'help',
  'missing',
  'retry_after',
  'errors',
  'request_id',
  'docs_url',
  'create_url',
  'api_url',
  'support_url',
  'support_email',
  'company',
  'token_word',
] as const;

/** The key that stands for the further members of a rejection. */
export const EXTRA_KEY = '...';
export const EXTRA_WORD = '$extra';

/** Fills a body. `words` may also carry `extra`, the members that stand for `...`. */
export type ErrorBody = (words: SentenceWords) => unknown;

interface BodyProblem {
  /** Keys and indices from the body's root. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface ReadErrorBody {
  readonly fill: ErrorBody;
  /** Words it uses, each once. */
  readonly words: ReadonlySet<string>;
  readonly problems: readonly BodyProblem[];
}

/** Reads a body template once; what is wrong with it is listed, and wrong places fill with nothing. */
export function readErrorBody(template: unknown): ReadErrorBody {
  const words = new Set<string>();
  const problems: BodyProblem[] = [];
  const fill = readNode(template, [], words, problems);
  return { fill, words, problems };
}

function readNode(
  node: unknown,
  path: readonly (string | number)[],
  words: Set<string>,
  problems: BodyProblem[],
): ErrorBody {
  if (typeof node === 'string') return readText(node, path, words, problems);
  if (Array.isArray(node)) {
    const items = node.map((item, index) => readNode(item, [...path, index], words, problems));
    return (values) => items.map((item) => item(values)).filter((item) => item !== undefined);
  }
  if (typeof node === 'object' && node !== null) return readObject(node, path, words, problems);
  return () => node;
}

function readObject(
  node: object,
  path: readonly (string | number)[],
  words: Set<string>,
  problems: BodyProblem[],
): ErrorBody {
  const members: [string, ErrorBody][] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === EXTRA_KEY) {
      if (value === EXTRA_WORD) words.add('extra');
      else problems.push({ path: [...path, key], message: `"${EXTRA_KEY}" can only have the value "${EXTRA_WORD}".` });
      members.push([EXTRA_KEY, (values) => values.extra]);
    } else {
      members.push([key, readNode(value, [...path, key], words, problems)]);
    }
  }
  const own = new Set(members.map(([key]) => key));
  return (values) => {
    const filled: [string, unknown][] = [];
    for (const [key, fill] of members) {
      const value = fill(values);
      if (value === undefined) continue;
      // The company's own members cannot be replaced by what a rejection brings along.
      if (key === EXTRA_KEY) filled.push(...Object.entries(value as object).filter(([name]) => !own.has(name)));
      else filled.push([key, value]);
    }
    return filled.length === 0 && members.length > 0 ? undefined : Object.fromEntries(filled);
  };
}

function readText(
  text: string,
  path: readonly (string | number)[],
  words: Set<string>,
  problems: BodyProblem[],
): ErrorBody {
  const exact = /^\$([a-z_]+)$/.exec(text)?.[1];
  if (exact !== undefined) {
    if (!isErrorWord(exact)) problems.push({ path, message: unknownWord(`$${exact}`) });
    words.add(exact);
    return (values) => values[exact] ?? undefined;
  }
  let sentence: Sentence;
  try {
    sentence = readSentence(text);
  } catch (error) {
    problems.push({ path, message: `This text cannot be filled: ${(error as Error).message}.` });
    return () => undefined;
  }
  for (const word of sentence.words) {
    if (!isErrorWord(word)) problems.push({ path, message: unknownWord(`{${word}}`) });
    words.add(word);
  }
  // Half a link or half a sentence is worse than none.
  return (values) => (sentence.misses(values) ? undefined : sentence.fill(values));
}

export function isErrorWord(word: string): boolean {
  return (ERROR_WORDS as readonly string[]).includes(word);
}

/** Says that a word does not exist, or not here. */
export function unknownWord(written: string, excluded: readonly string[] = []): string {
  const possible = ERROR_WORDS.filter((word) => !excluded.includes(word));
  return `${written} is not a word that can stand here; there are ${possible.join(', ')}.`;
}
