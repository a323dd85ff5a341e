import { type FoundToken, maskToken, type TokenFinder } from '../../token/index.ts';
import { printableLine } from '../terminal.ts';
import { type Placed, Search } from './search.ts';

/** A token and where it was found, as it is told. */
export interface Find {
  /** The value: for asking about it, never for printing. */
  readonly text: string;
  readonly kind: FoundToken['kind'];
  readonly environment: FoundToken['environment'];
  readonly hint: string;
  /** A token in the name itself is masked. */
  readonly file: string;
  /** In git's history: a commit that has the file so. */
  readonly commit: string | null;
  /** Both null where the name of the file is what has the token. */
  readonly line: number | null;
  readonly column: number | null;
}

/** Where something is that is looked through. */
export interface Place {
  readonly name: Buffer;
  readonly commit: string | null;
}

/** What a scan has found, and what it could not look at: nothing is left out without a word. */
export class Report {
  readonly finder: TokenFinder;
  readonly #tellFind: (find: Find) => void;
  readonly #tellProblem: (message: string) => void;
  files = 0;
  bytes = 0;
  finds = 0;
  links = 0;
  unreadable = 0;

  constructor(finder: TokenFinder, tell: { find: (find: Find) => void; problem: (message: string) => void }) {
    this.finder = finder;
    this.#tellFind = tell.find;
    this.#tellProblem = tell.problem;
  }

  /** Begins with the next thing, whose name is looked at too. @returns what takes its content. */
  begin(place: Place): (piece: Uint8Array, isLast: boolean) => void {
    this.files += 1;
    for (const found of this.finder.find(place.name)) this.#found(place, found, null);
    const search = new Search(this.finder);
    return (piece, isLast) => {
      this.bytes += piece.length;
      for (const found of search.take(piece, isLast)) this.#found(place, found, found);
    };
  }

  /** Something that should have been looked at and was not. */
  failed(name: Buffer | string, why: string): void {
    this.unreadable += 1;
    this.#tellProblem(`${this.shown(name)}: ${why}`);
  }

  /** Something that holds no content of its own. */
  passed(name: Buffer, why: string): void {
    this.#tellProblem(`${this.shown(name)}: not looked at: ${why}`);
  }

  /** A name as it may be printed. */
  shown(name: Buffer | string): string {
    let text = name.toString();
    for (const found of this.finder.find(Buffer.from(name))) text = text.replaceAll(found.text, maskToken(found.text));
    return printableLine(text);
  }

  #found(place: Place, { text, kind, environment }: FoundToken, at: Placed | null): void {
    this.finds += 1;
    this.#tellFind({
      text,
      kind,
      environment,
      hint: maskToken(text),
      file: this.shown(place.name),
      commit: place.commit,
      line: at?.line ?? null,
      column: at?.column ?? null,
    });
  }
}
