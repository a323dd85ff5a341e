/**
 * An upload that stands still where the test wants it to: header lines and a part of the body, and then nothing until the
 * test goes on. Prevents what happens between the first and the last byte from being left to chance.
 */
import { connect, type Socket } from 'node:net';
import { eventually } from '../services/deadline.ts';

export const BOUNDARY = 'a-boundary-between-parts';

export interface HalfUpload {
  readonly socket: Socket;
  /** Everything that came back so far. */
  text(): string;
  /** Waits for a text in what comes back. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits until the server has ended the connection. */
  ends(): Promise<void>;
  abort(): void;
}

/** The part of a form that stands in front of the file. */
export function beginningOfForm(fileName = 'myCollection.zip', field = 'collectionFile'): string {
  return [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="${field}"; filename="${fileName}"`,
    'Content-Type: application/octet-stream',
    '',
    '',
  ].join('\r\n');
}

/** @param length what Content-Length says; the whole form is never sent. */
export function openUpload(
  port: number,
  token: string | null,
  { length = 1_000_000_000, lines = [] as readonly string[], body = '' as string | Uint8Array } = {},
): HalfUpload {
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  let hasEnded = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('end', () => {
    hasEnded = true;
  });
  socket.on('close', () => {
    hasEnded = true;
  });
  socket.on('error', () => {});
  const head = [
    'POST /installCollection HTTP/1.1',
    'Host: localhost',
    `Content-Type: multipart/form-data; boundary=${BOUNDARY}`,
    `Content-Length: ${length}`,
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...lines,
    '',
    '',
  ];
  socket.write(head.join('\r\n'));
  if (body.length > 0) socket.write(body);
  return {
    socket,
    text: () => text,
    sees: (pattern) => eventually(() => pattern.exec(text), 15_000, `the server answers ${pattern}, and not ${text}`),
    ends: async () => {
      await eventually(() => hasEnded, 15_000, 'the server ends the connection');
    },
    abort: () => void socket.destroy(),
  };
}
