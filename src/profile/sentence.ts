/** What the words of a sentence stand for; null and undefined are nothing. */
export type SentenceWords = Readonly<Record<string, unknown>>;

interface Part {
  /** Literal text, or the name of a word. */
  readonly text: string;
  readonly isWord: boolean;
}

/** A piece of a sentence that stands or falls as a whole; `optional` ones are dropped when one of their words is nothing. */
interface Piece {
  readonly optional: boolean;
  readonly parts: readonly Part[];
}

export interface Sentence {
  /** Names of the words it uses, in order of appearance. */
  readonly words: readonly string[];
  fill(words: SentenceWords): string;
  /** Whether a word outside its optional parts is nothing. */
  misses(words: SentenceWords): boolean;
}

const TOKENS = /\{\{|\}\}|\[\[|\]\]|\{[^{}[\]]*\}|[[\]{}]|[^[\]{}]+/g;

/**
 * Reads a sentence with `{word}` and `[optional parts]`; doubled braces and brackets stand for themselves.
 * @throws {TypeError} saying what is wrong with it, in words for the author of a profile.
 */
export function readSentence(source: string): Sentence {
  const pieces: Piece[] = [];
  const used: string[] = [];
  let parts: Part[] = [];
  let optional = false;
  const close = (): void => {
    if (parts.length > 0) pieces.push({ optional, parts });
    parts = [];
  };
  for (const [token] of source.matchAll(TOKENS)) {
    if (token === '[') {
      if (optional) throw new TypeError('an optional part [ … ] cannot stand inside another; write [[ for a bracket');
      close();
      optional = true;
    } else if (token === ']') {
      if (!optional) throw new TypeError('there is a ] without its [; write ]] for a bracket');
      if (!parts.some((part) => part.isWord)) throw new TypeError('an optional part [ … ] needs a {word} to depend on');
      close();
      optional = false;
    } else if (token === '{' || token === '}') {
      throw new TypeError(`there is a ${token} that belongs to no {word}; write ${token}${token} for a brace`);
    } else if (token.length > 2 && token.startsWith('{')) {
      const word = token.slice(1, -1);
      used.push(word);
      parts.push({ text: word, isWord: true });
    } else if (token === '{}') {
      throw new TypeError('there is no word between { and }');
    } else {
      parts.push({ text: isDoubled(token) ? token.charAt(0) : token, isWord: false });
    }
  }
  if (optional) throw new TypeError('an optional part begins with [ and never ends');
  close();
  return {
    words: used,
    fill: (words) => fillPieces(pieces, words),
    misses: (words) => pieces.some((piece) => !piece.optional && hasGap(piece, words)),
  };
}

function isDoubled(token: string): boolean {
  return token === '{{' || token === '}}' || token === '[[' || token === ']]';
}

function fillPieces(pieces: readonly Piece[], words: SentenceWords): string {
  let text = '';
  let isGap = false;
  for (const piece of pieces) {
    if (piece.optional && hasGap(piece, words)) continue;
    for (const part of piece.parts) {
      const filled = part.isWord ? wordText(words[part.text]) : part.text;
      if (filled === '') isGap = true;
      text += filled;
    }
  }
  // A word that is nothing leaves the spaces around it behind.
  return isGap ? text.replace(/ {2,}/g, ' ').trim() : text;
}

function hasGap(piece: Piece, words: SentenceWords): boolean {
  return piece.parts.some((part) => part.isWord && wordText(words[part.text]) === '');
}

function wordText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
