import { connect } from 'node:net';

/** What came back on one connection. */
export interface RawExchange {
  /** Status codes in order. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Whether the server ended the connection. */
  readonly closed: boolean;
}

export interface RawOptions {
  /** Resolve once this many final answers have come; otherwise when the server ends the connection. */
  readonly answers?: number;
  readonly deadlineMs?: number;
}

/**
 * Sends bytes exactly as given over one connection and collects what comes back. Rejects when neither the wanted answers
 * nor the end of the connection comes within the deadline.
 */
export function exchange(port: number, bytes: string | Uint8Array, options: RawOptions = {}): Promise<RawExchange> {
  const { answers, deadlineMs = 15_000 } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    let closed = false;
    const finish = (): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve({ statuses: statusesOf(text), text, closed });
    };
    const deadline = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end within ${deadlineMs} ms; so far: ${text.slice(0, 200)}`));
    }, deadlineMs);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (answers !== undefined && statusesOf(text).length >= answers) finish();
    });
    socket.on('end', () => {
      closed = true;
      finish();
    });
    socket.on('error', () => {
      closed = true;
      finish();
    });
  });
}

/** Field lines of one request as text, with `Host` and the empty line after them. */
export function requestText(firstLine: string, lines: readonly string[], body = ''): string {
  return [firstLine, 'Host: localhost', ...lines, '', body].join('\r\n');
}

function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)]
    .map((match) => Number(match[1]))
    .filter((status) => status !== 100);
}
