/**
 * What a source document prints, as test data: its commands and bodies, line for line, and the declared repairs of those
 * that cannot run as they stand. Prevents an example that quietly drifts away from what the document says, and a repair that
 * changes more than it must.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Piece {
  readonly id: string;
  readonly kind: 'value' | 'command' | 'file' | 'python' | 'javascript' | 'php' | 'body' | 'answer' | 'headers';
  /** Line of the document on which it begins. */
  readonly at: number;
  readonly lines: readonly string[];
  /** It begins or ends within a line of the document. */
  readonly within?: true;
  /** The part that cannot run yet, and how it is refused until then. */
  /** Members whose printed value is only an example, and what they are. */
  readonly varies?: Readonly<Record<string, keyof typeof EXAMPLES>>;
}

export interface Repair {
  readonly document: string;
  /** Id of the piece. */
  readonly place: string;
  readonly original: string;
  /** `{{token}}` and the like stand for values that only the run knows. */
  readonly replacement: string;
  readonly reason: string;
}

export interface PrintedDocument {
  readonly pieces: readonly Piece[];
  readonly repairs: readonly Repair[];
  /** Every line of the original, where it lies beside the checkout. */
  readonly original: readonly string[] | { readonly missing: string };
}

/** What a value must look like where the printed one is an example. */
const EXAMPLES = {
  id: /^key_[0-9A-Za-z]{22}$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/,
  token: /^dep_live_[0-9A-Za-z]{32}$/,
} as const;

export function readDocument(number: string): PrintedDocument {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, number, name), 'utf8'));
  const { file, pieces } = read('pieces.json') as { file: string; pieces: Piece[] };
  const path = join(import.meta.dirname, '../../../shared/seeds', file);
  return {
    pieces,
    repairs: read('repairs.json') as Repair[],
    original: existsSync(path)
      ? readFileSync(path, 'utf8').split('\n')
      : { missing: `the original of document ${number} does not lie beside this checkout` },
  };
}

export function pieceOf({ pieces }: PrintedDocument, id: string): Piece {
  const piece = pieces.find((one) => one.id === id);
  if (piece === undefined) throw new Error(`no piece ${id}`);
  return piece;
}

export function repairsOf({ repairs }: PrintedDocument, { id }: Piece): readonly Repair[] {
  return repairs.filter(({ place }) => place === id);
}

/** The text of a piece with these repairs, each of which finds its original exactly once. */
export function repaired({ id, lines }: Piece, repairs: readonly Repair[]): string {
  return repairs.reduce((text, { original, replacement }) => {
    const [before, after, ...more] = text.split(original);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${JSON.stringify(original)} does not stand exactly once in ${id}`);
    }
    return before + replacement + after;
  }, lines.join('\n'));
}

/** Puts in the values that only the run knows: names in small letters. A document's own `{{NAME}}` is left to its repairs. */
export function bound(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{([a-z]\w*)\}\}/g, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing is known as ${name}`);
    return value;
  });
}

/**
 * Where an answer differs from the printed one, in sentences. Every printed member must be there with the printed value,
 * or, where that is only an example, with one of its kind; members that are not printed must be `expected` ones.
 */
export function differences(
  actual: unknown,
  printed: unknown,
  varies: Piece['varies'] = {},
  expected: readonly string[] = [],
  at = '',
): string[] {
  const kind = varies[at];
  if (kind !== undefined) {
    return EXAMPLES[kind].test(String(actual)) ? [] : [`${at} is ${JSON.stringify(actual)} and no ${kind}`];
  }
  if (!isRecord(printed) || !isRecord(actual)) {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(printed)];
    return is === should ? [] : [`${at || 'the whole'} is ${is} and not ${should}`];
  }
  const below = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const strange = Object.keys(actual).filter(
    (name) => !Object.hasOwn(printed, name) && !expected.includes(below(name)),
  );
  return [
    ...strange.map((name) => `${below(name)} is not printed`),
    ...Object.entries(printed).flatMap(([name, value]) =>
      differences(actual[name], value, varies, expected, below(name)),
    ),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
