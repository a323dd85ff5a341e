/**
 * One request as every door hands it over: nothing joined, decoded or dropped on the way. What Node merges into
 * `req.headers` (the first of two `Authorization` lines wins there) is decided from these lines instead.
 */
export interface DoorRequest {
  /** As sent; methods are case-sensitive. */
  readonly method: string;
  /** The request target, path and query, exactly as sent and without the prefix a host application mounted us under. */
  readonly target: string;
  /** Every field line, flat: `[name, value, name, value, …]`. */
  readonly rawHeaders: readonly string[];
  /** Address of the other end of the connection; null where there is none (private socket, embedding). */
  readonly peer: string | null;
  /** Whether the connection is TLS; left out where that is not known. */
  readonly isEncrypted?: boolean;
  /** The body, read only when somebody asks for it, and once; null when there is none. */
  readonly body: (() => AsyncIterable<Uint8Array>) | null;
}

/** What goes back, for any door to send. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** Values of `Set-Cookie` lines, of which there may be several. */
  readonly cookies?: readonly string[];
}

/** The values of every line with this lower-case name, in order. */
export function headerValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] as string;
    if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}

/** Whether there is a line with this lower-case name. */
export function hasHeader(rawHeaders: readonly string[], name: string): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] as string;
    if (candidate.length === name.length && candidate.toLowerCase() === name) return true;
  }
  return false;
}

/** The value of the only line with this name; null when there is none, or more than one and so none to trust. */
export function headerValue(rawHeaders: readonly string[], name: string): string | null {
  let only: string | null = null;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at] as string;
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    if (only !== null) return null;
    only = rawHeaders[at + 1] ?? '';
  }
  return only;
}

export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

export function queryOf(target: string): URLSearchParams {
  const query = target.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : target.slice(query + 1));
}

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: Object.assign({ 'Content-Type': 'application/json' }, headers),
    body: JSON.stringify(body),
  };
}
