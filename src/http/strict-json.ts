import { invalidInput, type Rejection } from '../manage/index.ts';

/** Containers inside containers; what is deeper is nobody's honest request. */
export const JSON_DEPTH_MAX = 16;

/** Names that mean something to JavaScript objects themselves: data never needs them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERALS: readonly (readonly [string, true | false | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads one JSON text (RFC 8259) and nothing else: UTF-8 without byte order mark, every name once per object, at most 16
 * levels deep, finite numbers, well-formed Unicode. Linear in the length of the text. Empty bytes are `{}`.
 * @throws {Rejection} `invalid_input` saying what is wrong and where, never repeating what was sent.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  return new StrictJson(decodeUtf8(bytes)).readAll();
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw refusal('The body is not UTF-8.');
  }
}

class StrictJson {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): unknown {
    if (this.#text.charCodeAt(0) === 0xfeff) throw refusal('The body begins with a byte order mark; leave it out.');
    const value = this.#readValue();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end');
    return value;
  }

  #readValue(): unknown {
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#within(() => this.#readObject());
      case '[':
        return this.#within(() => this.#readArray());
      case '"':
        return this.#readString();
      default:
        return this.#readScalar();
    }
  }

  #within<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > JSON_DEPTH_MAX) throw refusal(`The body is nested deeper than ${JSON_DEPTH_MAX} levels.`);
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #readObject(): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    if (this.#accept('}')) return members;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#unexpected('a name in double quotes');
      const name = this.#readString();
      if (FORBIDDEN_KEYS.has(name)) throw refusal('The body uses a name that is not allowed, such as __proto__.');
      if (Object.hasOwn(members, name)) throw refusal(`The same name appears twice in one object${this.#place()}.`);
      this.#expect(':');
      members[name] = this.#readValue();
    } while (this.#accept(','));
    this.#expect('}');
    return members;
  }

  #readArray(): unknown[] {
    const items: unknown[] = [];
    if (this.#accept(']')) return items;
    do items.push(this.#readValue());
    while (this.#accept(','));
    this.#expect(']');
    return items;
  }

  #readString(): string {
    let value = '';
    let from = ++this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) break;
      if (Number.isNaN(code)) throw this.#unexpected('a closing quote');
      if (code < 0x20) throw refusal(`A control character stands unescaped in a text${this.#place()}.`);
      if (code === BACKSLASH) {
        value += this.#text.slice(from, this.#at) + this.#readEscape();
        from = this.#at;
      } else {
        this.#at += 1;
      }
    }
    value += this.#text.slice(from, this.#at);
    this.#at += 1;
    if (!value.isWellFormed()) throw refusal(`A text holds half of a surrogate pair${this.#place()}.`);
    return value;
  }

  #readEscape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#unexpected('four hexadecimal digits');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const meant = ESCAPES[letter];
    if (meant === undefined) throw this.#unexpected('an escape sequence of JSON');
    this.#at += 2;
    return meant;
  }

  #readScalar(): unknown {
    for (const [word, value] of LITERALS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    NUMBER.lastIndex = this.#at;
    const digits = NUMBER.exec(this.#text)?.[0];
    if (digits === undefined) throw this.#unexpected('a value');
    const number = Number(digits);
    if (!Number.isFinite(number)) throw refusal(`A number is too large${this.#place()}.`);
    this.#at += digits.length;
    return number;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#accept(character)) throw this.#unexpected(character);
  }

  #unexpected(wanted: string): Rejection {
    return refusal(`The body is not valid JSON: expected ${wanted}${this.#place()}.`);
  }

  #place(): string {
    return ` at character ${this.#at + 1}`;
  }
}

function refusal(message: string): Rejection {
  return invalidInput('', message);
}
