import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { jsonPath } from '../profile/problem.ts';
import { findRepeatedKeys } from '../profile/repeated-keys.ts';
import { checkOpenApi, type OpenApi } from './check-openapi.ts';

export type OpenApiRead =
  | { readonly ok: true; readonly document: OpenApi }
  /** Each says where, and what to do. */
  | { readonly ok: false; readonly problems: readonly string[] };

const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Above what the largest descriptions need, and far below what a few nested YAML aliases can make of a small file. */
const VALUES_MAX = 500_000;
const CHARACTERS_MAX = 4 * FILE_BYTES_MAX;
const DEPTH_MAX = 100;
/** Resolving one takes as long as there are others; a merge key takes as long as what it merges has entries. */
const ALIASES_MAX = 5_000;
const MERGED_MAX = 5_000_000;
const PROBLEMS_SHOWN_MAX = 10;

/** Reads an OpenAPI 3.0 or 3.1 description, JSON or YAML, from a file. Never throws: what is wrong is a problem. */
export async function readOpenApiFile(path: string): Promise<OpenApiRead> {
  try {
    const text = await readText(path);
    return checked(isJson(path, text) ? parseJson(text) : await parseYaml(text));
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problems: [error.message] };
    throw error;
  }
}

/** The same from a value that is there already; later changes of it change nothing. */
export function readOpenApiValue(value: unknown): OpenApiRead {
  return checked(value);
}

/** What is wrong stands in the message, in words for whoever wrote the file. */
class Unreadable extends Error {}

async function readText(path: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new Unreadable(error.code === 'ENOENT' ? 'there is no such file.' : `cannot be opened (${error.code}).`);
  });
  try {
    const about = await file.stat();
    if (!about.isFile()) throw new Unreadable('is not a file.');
    const bytes = Buffer.alloc(FILE_BYTES_MAX + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    if (bytesRead > FILE_BYTES_MAX)
      throw new Unreadable('is larger than 4 MiB. Leave out what customers need not see.');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(error instanceof TypeError ? 'is not UTF-8 text.' : `cannot be read: ${String(error)}`);
  } finally {
    await file.close();
  }
}

function isJson(path: string, text: string): boolean {
  const extension = extname(path).toLowerCase();
  return extension === '.json' || (!/^\.ya?ml$/.test(extension) && text.trimStart().startsWith('{'));
}

function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Unreadable(`is not JSON: ${(error as Error).message}`);
  }
  const [repeated] = findRepeatedKeys(text);
  if (repeated !== undefined) throw new Unreadable(`${repeated}: this key stands twice.`);
  return value;
}

/** YAML is loaded for whoever has a description in it. */
async function parseYaml(text: string): Promise<unknown> {
  const { isScalar, LineCounter, parseDocument, visit } = await import('yaml');
  const lineCounter = new LineCounter();
  let aliases = 0;
  let anchors = 0;
  let largestNamed = 0;
  const refuse = (message: string) => new Unreadable(`is not YAML that can be read: ${message}`);
  try {
    // The parser's own search for repeated keys compares each with each: minutes for a large map.
    const document = parseDocument(text, { merge: true, uniqueKeys: false, lineCounter });
    const [error] = [...document.errors, ...document.warnings];
    if (error?.code === 'MULTIPLE_DOCS') throw refuse('it holds more than one document.');
    if (error !== undefined) throw error;
    visit(document, {
      Alias() {
        aliases += 1;
      },
      Value(_key, node) {
        if (node.anchor === undefined) return;
        anchors += 1;
        if ('items' in node) largestNamed = Math.max(largestNamed, node.items.length);
      },
    });
    // Each alias is looked for among all anchors.
    const work = aliases * Math.max(largestNamed, anchors);
    if (aliases > ALIASES_MAX || work > MERGED_MAX) throw refuse('its aliases stand for too much.');
    visit(document, {
      Map(_key, { items }) {
        const keys = new Set<unknown>();
        for (const { key } of items) {
          if (!isScalar(key)) continue;
          const { line, col } = lineCounter.linePos(key.range?.[0] ?? 0);
          if (keys.has(String(key.value)))
            throw refuse(`the key ${key.value} stands twice at line ${line}, column ${col}.`);
          keys.add(String(key.value));
        }
      },
    });
    return document.toJS();
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    // The parser's own text: what is wrong, where, and beneath it the line that is meant.
    const [message = ''] = String((error as Error).message).split('\n');
    throw refuse(message.replace(/[:.]?$/, '.'));
  }
}

function checked(value: unknown): OpenApiRead {
  const copied = new Copy().of(value);
  const problems = 'problem' in copied ? [copied.problem] : checkOpenApi(copied.value);
  if (problems.length === 0 && 'value' in copied) return { ok: true, document: copied.value as OpenApi };
  const more = problems.length - PROBLEMS_SHOWN_MAX;
  return {
    ok: false,
    problems: [...problems.slice(0, PROBLEMS_SHOWN_MAX), ...(more > 0 ? [`and ${more} more problems.`] : [])],
  };
}

/** A copy that holds nothing but JSON and shares nothing: what an alias names is counted each time it is named. */
class Copy {
  #values = 0;
  #characters = 0;

  of(value: unknown): { readonly value: unknown } | { readonly problem: string } {
    try {
      return { value: this.#copy(value, []) };
    } catch (error) {
      if (error instanceof Unreadable) return { problem: error.message };
      throw error;
    }
  }

  #copy(value: unknown, place: (string | number)[]): unknown {
    const refuse = (message: string) => new Unreadable(`${jsonPath(place.slice(0, 8))}: ${message}`);
    this.#values += 1;
    if (typeof value === 'string') this.#characters += value.length;
    if (this.#values > VALUES_MAX || this.#characters > CHARACTERS_MAX)
      throw new Unreadable('is too large when every alias in it is written out.');
    if (place.length > DEPTH_MAX) throw refuse(`this is nested more than ${DEPTH_MAX} levels deep.`);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item, index) => this.#copy(item, [...place, index]));
    if (typeof value !== 'object' || !isPlain(value)) throw refuse('this is nothing that JSON can carry.');
    const copied = Object.create(null) as Record<string, unknown>;
    for (const [key, inner] of Object.entries(value)) {
      this.#characters += key.length;
      if (inner !== undefined) copied[key] = this.#copy(inner, [...place, key]);
    }
    return copied;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
