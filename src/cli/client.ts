/** One management call: an HTTP request to an operation's route, whichever way it goes. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with its parameters already escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as newline-delimited JSON, while it is read. */
  readonly upload?: () => AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  /** The body exactly as it came. */
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
  readonly requestId: string | null;
}

/** Performs calls with the same answers whether a server runs here, runs elsewhere, or does not run. */
export interface Client {
  /** @throws {CommandFailure} nobody could be asked. A refusal is a reply. */
  request(ask: Ask): Promise<Reply>;
  /** Whether another process answers; null before the first request. */
  readonly isThroughServer: boolean | null;
  close(): Promise<void>;
}

/** Path and query of a call. */
export function targetOf({ path, query = {} }: Ask): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Header lines of a call, flat, and its body as bytes. */
export function contentOf(ask: Ask): { readonly headers: Record<string, string>; readonly body: Buffer | null } {
  const headers: Record<string, string> = { Accept: 'application/json', ...ask.headers };
  if (ask.upload !== undefined) headers['Content-Type'] = 'application/x-ndjson';
  if (ask.body === undefined) return { headers, body: null };
  const body = Buffer.from(JSON.stringify(ask.body));
  headers['Content-Type'] = 'application/json';
  headers['Content-Length'] = String(body.length);
  return { headers, body };
}

export function replyOf(status: number, text: string, requestId: string | null): Reply {
  return { status, text, json: parsed(text), requestId };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
