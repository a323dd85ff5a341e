import { base62Digit } from './base62.ts';
import { type Environment, KIND_MARKERS, type Kind, readShape, type TokenFormat, UNIQUE_LENGTH } from './format.ts';

/** A value of ours among other bytes. */
export interface FoundToken {
  /** The value itself: for looking it up, never for printing. */
  readonly text: string;
  readonly kind: Kind;
  readonly environment: Environment | null;
  /** Of its first byte, counted from where the bytes begin. */
  readonly offset: number;
  /** Bytes that each character takes: 1, or 2 and 4 in UTF-16 and UTF-32 of either byte order. */
  readonly width: number;
}

const MARKER_MAX = Math.max(...Object.values(KIND_MARKERS).map((marker) => marker.length));
const PREFIX_MAX = 12;
const PLACE_MAX = 'live_'.length;
/** Longest value, before its unique part. */
const LEAD_MAX = PREFIX_MAX + MARKER_MAX + 1 + PLACE_MAX;
/** Longest way of writing one character before it as an escape: `\u0026`. */
const ESCAPE_MAX = 6;
const WIDTH_MAX = 4;

/**
 * So many bytes from the end of a piece are shown again with the next one: whoever has them sees whole every value that did
 * not end, with what follows it, inside the piece.
 */
export const SEEN_AGAIN_BYTES = (ESCAPE_MAX + LEAD_MAX + UNIQUE_LENGTH + 1) * WIDTH_MAX;

const UNDERSCORE = 0x5f;

/**
 * Finds every value of these formats by prefix and checksum, in bytes of any kind. What a value is glued to counts: a letter
 * or digit beside it makes it another text, unless that belongs to an escape such as `\n` or `%3D`.
 *
 * Every value ends in 32 letters and digits after an underscore, so only every 32nd character is looked at until one could
 * belong to such a run.
 */
export class TokenFinder {
  readonly #formats: readonly TokenFormat[];

  constructor(formats: readonly TokenFormat[]) {
    this.#formats = formats;
  }

  /**
   * @param bytes a piece; of a later one, the last `SEEN_AGAIN_BYTES` before it stand in front.
   * @param known so many bytes in front were in the piece before.
   * @param isLast nothing follows: a value may end with the piece.
   */
  find(bytes: Uint8Array, known = 0, isLast = true): FoundToken[] {
    const found: FoundToken[] = [];
    this.#findWide(bytes, 1, 0, known, isLast, found);
    if (bytes.includes(0)) {
      for (const width of [2, 4]) {
        for (let phase = 0; phase < width; phase++) this.#findWide(bytes, width, phase, known, isLast, found);
      }
      found.sort((a, b) => a.offset - b.offset);
    }
    return found;
  }

  #findWide(
    bytes: Uint8Array,
    width: number,
    phase: number,
    known: number,
    isLast: boolean,
    found: FoundToken[],
  ): void {
    const { length } = bytes;
    const run = UNIQUE_LENGTH * width;
    // The first character that may belong to a run, and the last one that does if all between do.
    let from = phase;
    let to = from + run - width;
    while (to < length) {
      let at = to;
      while (at >= from && IS_DIGIT[bytes[at] as number] === 1) at -= width;
      if (at >= from) {
        from = at + width;
        to = at + run;
        continue;
      }
      // A run of 32 begins at `from`; what came before it is no letter or digit, or the piece begins here.
      let end = to + width;
      const isExact = end >= length || IS_DIGIT[bytes[end] as number] === 0;
      if (isExact && from >= width && bytes[from - width] === UNDERSCORE && (end < length || isLast)) {
        // What ended, with a character after it, in the piece before was told then.
        if (end >= known) this.#read(bytes, from, end, width, found);
      }
      while (end < length && IS_DIGIT[bytes[end] as number] === 1) end += width;
      from = end + width;
      to = from + run - width;
    }
  }

  /** The value whose unique part stands there, if one does. */
  #read(bytes: Uint8Array, from: number, end: number, width: number, found: FoundToken[]): void {
    const begin = beginOfText(bytes, from, width);
    const whole = characters(bytes, begin, end, width);
    if (whole === null) return;
    const lead = whole.slice(0, -UNIQUE_LENGTH);
    for (const format of this.#formats) {
      const at = beginOf(lead, format);
      if (at === null || isGlued(lead.slice(0, at))) continue;
      const text = whole.slice(at);
      const shape = readShape(text, format);
      if (shape.is !== 'ours') continue;
      found.push({ text, kind: shape.kind, environment: shape.environment, offset: begin + at * width, width });
      return;
    }
  }
}

const IS_DIGIT = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) IS_DIGIT[byte] = base62Digit(byte) < 0 ? 0 : 1;

/** Where the text before `from` begins, as far back as a lead and an escape before it go. */
function beginOfText(bytes: Uint8Array, from: number, width: number): number {
  let begin = from - width;
  for (let count = 1; count < LEAD_MAX + ESCAPE_MAX; count++) {
    const before = begin - width;
    if (before < 0 || characters(bytes, before, begin + 1, width) === null) break;
    begin = before;
  }
  return begin;
}

/** Characters of that width, in either byte order; null where something else than zeros stands between them. */
function characters(bytes: Uint8Array, from: number, end: number, width: number): string | null {
  let text = '';
  for (let at = from; at < end; at += width) {
    // Behind the last one may be anything: in the one byte order the zeros of a character come before it.
    if (at + width < end) {
      for (let zero = at + 1; zero < at + width; zero++) if (bytes[zero] !== 0) return null;
    }
    text += String.fromCharCode(bytes[at] as number);
  }
  return text;
}

/** Where in `lead` a value of this format begins that has its unique part right behind; null where none does. */
function beginOf(lead: string, { prefix, environments }: TokenFormat): number | null {
  for (const marker of Object.values(KIND_MARKERS)) {
    for (const place of environments.length === 0 ? [''] : environments.map((environment) => `${environment}_`)) {
      const whole = `${prefix}${marker}_${place}`;
      if (lead.endsWith(whole)) return lead.length - whole.length;
    }
  }
  return null;
}

/** What ends with a letter or digit that is no escape: `\n`, `\x3d`, `=`, `%3D`. */
const ESCAPE_AT_END = /(?:\\(?:[abefnrtv0]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2})$/;

function isGlued(before: string): boolean {
  return /[0-9A-Za-z]$/.test(before) && !ESCAPE_AT_END.test(before);
}
