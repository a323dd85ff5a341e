import { type FoundToken, SEEN_AGAIN_BYTES, type TokenFinder } from '../../token/index.ts';

/** A token, with the line and column where it begins, both from 1. Columns count bytes, of wide characters their width. */
export interface Placed extends FoundToken {
  readonly line: number;
  readonly column: number;
}

const NEWLINE = 0x0a;

/** Looks through one text that comes in pieces. */
export class Search {
  readonly #finder: TokenFinder;
  /** The end of what was taken, which is looked at again in front of the next piece; and room for both. */
  #tail = Buffer.alloc(0);
  #room = Buffer.alloc(0);
  /** How many bytes came before the tail, on which line it begins, and where that line does. */
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(finder: TokenFinder) {
    this.#finder = finder;
  }

  /** @param piece may be written over once this has returned. */
  take(piece: Uint8Array, isLast: boolean): Placed[] {
    const known = this.#tail.length;
    const bytes = known === 0 ? piece : this.#together(piece);
    const found = this.#finder.find(bytes, known, isLast).map((one) => this.#place(bytes, one));
    if (isLast) return found;
    const tailAt = Math.max(0, bytes.length - SEEN_AGAIN_BYTES);
    // Lines are counted only where a further piece asks for it: most files are one piece without a find.
    for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < tailAt; at = bytes.indexOf(NEWLINE, at + 1)) {
      this.#line += 1;
      this.#lineStart = this.#offset + at + 1;
    }
    this.#offset += tailAt;
    // A copy: the piece is written over.
    this.#tail = Buffer.from(bytes.subarray(tailAt));
    return found;
  }

  #together(piece: Uint8Array): Uint8Array {
    const size = this.#tail.length + piece.length;
    if (this.#room.length < size) this.#room = Buffer.allocUnsafeSlow(size);
    this.#room.set(this.#tail);
    this.#room.set(piece, this.#tail.length);
    return this.#room.subarray(0, size);
  }

  #place(bytes: Uint8Array, found: FoundToken): Placed {
    let line = this.#line;
    let lineStart = this.#lineStart - this.#offset;
    for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < found.offset; at = bytes.indexOf(NEWLINE, at + 1)) {
      line += 1;
      lineStart = at + 1;
    }
    const column = Math.floor((found.offset - lineStart) / found.width) + 1;
    return { ...found, offset: this.#offset + found.offset, line, column };
  }
}
