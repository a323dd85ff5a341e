import { Rejection } from '../manage/index.ts';
import { type DoorRequest, headerValue, headerValues } from './door.ts';
import { parseForm } from './form-body.ts';
import { parseStrictJson } from './strict-json.ts';

export const BODY_BYTES_MAX = 64 * 1024;

/** Of a body with a signature: one report may hold many finds, and is believed whole or not at all. */
const SIGNED_BYTES_MAX = 1024 * 1024;
/** As GitHub names them. */
const SIGNATURE_HEADERS = ['github-public-key-identifier', 'github-public-key-signature'];

const NEWLINE = 0x0a;

/** Lines of a bulk upload are bounded one by one; this bounds all of them together. */
export const NDJSON_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The JSON object a request carries; `{}` when its body is empty, whatever its type.
 * @throws {Rejection} `unsupported_media_type`, `too_large`, `invalid_input`.
 */
export async function readJsonBody(request: DoorRequest): Promise<Record<string, unknown>> {
  return request.body === null ? {} : objectIn(await readWhole(request, request.body, 'application/json'));
}

/** The parameters of a form; none when its body is empty. @throws {Rejection} the same. */
export async function readFormBody(request: DoorRequest): Promise<Record<string, string>> {
  if (request.body === null) return {};
  return parseForm(await readWhole(request, request.body, 'application/x-www-form-urlencoded'));
}

/** A body with what it is signed with: the fields `body`, `key_identifier` and `signature`. @throws {Rejection} the same. */
export async function readSignedBody(request: DoorRequest): Promise<Record<string, unknown>> {
  const [keyIdentifier, signature] = SIGNATURE_HEADERS.map((name) => headerValue(request.rawHeaders, name));
  if (keyIdentifier == null || signature == null || request.body === null) {
    throw new Rejection('authentication_required', 'There is no signature, or nothing that it could be of.');
  }
  const body = await readWhole(request, request.body, 'application/json', SIGNED_BYTES_MAX);
  return { body, key_identifier: keyIdentifier, signature };
}

async function readWhole(
  request: DoorRequest,
  body: NonNullable<DoorRequest['body']>,
  type: string,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<Uint8Array> {
  // A proxy may pass a request without a body on as one in chunks: only what there is of it has a type.
  const isDeclared = headerValues(request.rawHeaders, 'content-length').length > 0;
  if (isDeclared) requireType(request, type);
  refuseDeclaredOver(request, bytesMax);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body()) {
      if (size === 0 && chunk.length > 0) requireType(request, type);
      size += chunk.length;
      if (size > bytesMax) throw new Rejection('too_large');
      chunks.push(chunk);
    }
  } catch (cause) {
    throw brokenOff(cause);
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

/** One line of a bulk upload with its number, counted from 1. */
export interface NumberedLine {
  readonly line: number;
  readonly value: unknown;
}

/**
 * The lines of a newline-delimited body; empty ones are skipped and counted.
 * @throws {Rejection} the same, naming the line, and `too_large` for a line over 64 KiB or a body over 64 MiB.
 */
export async function readNdjsonBody(request: DoorRequest): Promise<NumberedLine[]> {
  if (request.body === null) return [];
  requireType(request, 'application/x-ndjson');
  refuseDeclaredOver(request, NDJSON_BYTES_MAX);
  const lines: NumberedLine[] = [];
  let line = 0;
  const take = (text: Uint8Array): void => {
    line += 1;
    if (text.length > BODY_BYTES_MAX) throw new Rejection('too_large', `Line ${line} is larger than 64 KiB.`);
    if (!isBlank(text)) lines.push({ line, value: parseLine(text, line) });
  };
  let size = 0;
  let rest: Uint8Array[] = [];
  let restSize = 0;
  try {
    for await (const chunk of request.body()) {
      size += chunk.length;
      if (size > NDJSON_BYTES_MAX) throw new Rejection('too_large', 'The request body is larger than 64 MiB.');
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        take(Buffer.concat([...rest, chunk.subarray(from, end)]));
        rest = [];
        restSize = 0;
        from = end + 1;
      }
      rest.push(chunk.subarray(from));
      restSize += chunk.length - from;
      if (restSize > BODY_BYTES_MAX) throw new Rejection('too_large', `Line ${line + 1} is larger than 64 KiB.`);
    }
  } catch (cause) {
    throw brokenOff(cause);
  }
  if (restSize > 0) take(Buffer.concat(rest));
  return lines;
}

function parseLine(text: Uint8Array, line: number): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    throw new Rejection('invalid_input', `Line ${line} cannot be read; nothing was changed.`, {
      problems: error.problems.map(({ message }) => ({ path: `lines.${line}`, message })),
    });
  }
}

/** What reading a body threw. A client that goes away in the middle of it is no fault of ours. */
function brokenOff(cause: unknown): Rejection {
  if (cause instanceof Rejection) return cause;
  return new Rejection('invalid_input', 'The body broke off before its end.', { cause });
}

/** Refuses by the declared length, before a byte of it is read; what is not declared is counted while it arrives. */
function refuseDeclaredOver({ rawHeaders }: DoorRequest, bytesMax: number): void {
  const [length] = headerValues(rawHeaders, 'content-length');
  if (length !== undefined && !(Number(length) <= bytesMax)) throw new Rejection('too_large');
}

function requireType({ rawHeaders }: DoorRequest, wanted: string): void {
  const [type, second] = headerValues(rawHeaders, 'content-type');
  const [essence = '', ...parameters] = (type ?? '').toLowerCase().split(';');
  const isUtf8 = parameters.every((parameter) => /^\s*(?:charset="?utf-8"?)?\s*$/.test(parameter));
  if (second === undefined && essence.trim() === wanted && isUtf8) return;
  throw new Rejection('unsupported_media_type', `Send the body as ${wanted}.`);
}

function objectIn(bytes: Uint8Array): Record<string, unknown> {
  const value = parseStrictJson(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Rejection('invalid_input', 'The body must be a JSON object.');
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
