import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy, { type Busboy } from 'busboy';
import { type Limits, megabytes } from './limits.ts';
import { badForm, quoted, tooMuch } from './refusals.ts';

/** The one field of the form. */
export const FIELD = 'collectionFile';

/** An archive as it came, on disk. */
export interface ReceivedUpload {
  readonly file: string;
  /** As the client calls it, without folders; empty where it does not say. */
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Of the whole archive, hexadecimal. */
  readonly sha256: string;
}

/** What a form has around its file. */
const FORM_BYTES_MAX = 100_000;

const HOW = `Send it as curl -F "${FIELD}=@myCollection.zip" does.`;

/**
 * What a request for an upload says before its body is looked at.
 * @throws {ApiError} 400, 413, 415.
 */
export function checkForm({ headers }: IncomingMessage, { uploadBytesMax }: Limits): void {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity', 'content-length': length } = headers;
  if (!/^multipart\/form-data(;|$)/i.test(type)) {
    throw badForm(`A collection comes as multipart/form-data, in the field ${FIELD}. ${HOW}`, 415);
  }
  if (!/;\s*boundary=/i.test(type)) throw badForm(`The Content-Type names no boundary. ${HOW}`);
  if (encoding.toLowerCase() !== 'identity') throw badForm(`Send the form without Content-Encoding. ${HOW}`, 415);
  if (Number(length ?? 0) > uploadBytesMax + FORM_BYTES_MAX) throw tooLarge(uploadBytesMax);
}

/** Asks a client for its body that waits for that (RFC 9110 section 10.1.1), once somebody wants it. */
export function askForBody({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.expect !== undefined) response.writeContinue();
}

/**
 * Takes the file out of the form, piece by piece, and writes it to `file`. Whatever else the form holds is refused as soon as
 * it shows. After a refusal the rest of the body is still on its way.
 * @throws {ApiError} 400, 408, 413.
 */
export async function receiveUpload(request: IncomingMessage, file: string, limits: Limits): Promise<ReceivedUpload> {
  const form = openForm(request, limits);
  const { promise: refused, reject: refuse } = Promise.withResolvers<never>();
  let received = null as Promise<ReceivedUpload> | null;
  form.on('file', (field, content, { filename = '' }) => {
    content.on('limit', () => refuse(tooLarge(limits.uploadBytesMax)));
    if (field !== FIELD) refuse(badForm(`The file came in the field ${quoted(field ?? '')}. ${HOW}`));
    received = writeUpload(content, filename, file);
    received.catch(refuse);
  });
  form.on('field', (field) => {
    const isForgotten = field === FIELD;
    const problem = isForgotten
      ? `The field ${FIELD} holds a text and no file: an @ is missing in front of the name.`
      : `The form holds more than the field ${FIELD}.`;
    refuse(badForm(`${problem} ${HOW}`));
  });
  form.on('filesLimit', () => refuse(badForm(`The form holds more than one file. ${HOW}`)));
  form.on('error', () => refuse(badForm('The form is damaged, or ends before its end.')));
  let sizeBytes = 0;
  const count = (chunk: Uint8Array): void => {
    sizeBytes += chunk.length;
    if (sizeBytes > limits.uploadBytesMax + FORM_BYTES_MAX) refuse(tooLarge(limits.uploadBytesMax));
  };
  request.on('data', count);
  const stopWaiting = finished(request, { writable: false }, (error) => {
    if (error) refuse(badForm('The upload was broken off.'));
  });
  request.setTimeout(limits.stallMs, () => refuse(badForm('The upload stopped half-way.', 408)));
  request.pipe(form);
  try {
    await Promise.race([once(form, 'close'), refused]);
    if (received === null) throw badForm(`The form holds no field ${FIELD}. ${HOW}`);
    return await Promise.race([received, refused]);
  } finally {
    request.setTimeout(0);
    request.unpipe(form);
    request.pause();
    request.off('data', count);
    stopWaiting();
    form.destroy();
    await Promise.allSettled([received]);
  }
}

function openForm(request: IncomingMessage, { uploadBytesMax }: Limits): Busboy {
  // Reaching the limit counts as passing it.
  const limits = { files: 1, fileSize: uploadBytesMax + 1, fieldSize: 1_000 };
  try {
    return busboy({ headers: request.headers, limits, defParamCharset: 'utf8' });
  } catch {
    throw badForm(`The Content-Type of the form cannot be read. ${HOW}`);
  }
}

async function writeUpload(content: Readable, fileName: string, file: string): Promise<ReceivedUpload> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  await pipeline(
    content,
    async function* counted(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        sizeBytes += chunk.length;
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
  );
  return { file, fileName, sizeBytes, sha256: hash.digest('hex') };
}

function tooLarge(uploadBytesMax: number): Error {
  return tooMuch(`A collection file may be at most ${megabytes(uploadBytesMax)}, and this one is larger.`);
}
