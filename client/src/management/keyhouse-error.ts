/** What is wrong at one place of an input. */
export interface Problem {
  /** Where in the input, such as `permissions.3`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export interface Failure {
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
  readonly problems?: readonly Problem[];
  readonly requestId?: string | null;
  readonly retryAfterSeconds?: number | null;
  readonly body?: unknown;
}

/** A call that could not be done. The token that the client sends stands in none of its fields. */
export class KeyhouseError extends Error {
  override readonly name = 'KeyhouseError';
  /** Of the answer; null where none came. */
  readonly status: number | null;
  /**
   * As in the table of errors, such as `not_found` or `exceeds_creator`; null where the bodies of the profile have none. Of the
   * client itself: `not_reached` (nothing was sent), `no_answer`, `timed_out`, `redirected`, `unreadable_answer`.
   */
  readonly code: string | null;
  /** Every place of the input that is wrong. */
  readonly problems: readonly Problem[];
  /** Under which the server's log has more. */
  readonly requestId: string | null;
  /** After how long trying again can succeed. */
  readonly retryAfterSeconds: number | null;
  /** The whole answer in the words of the profile, with such members as `successor_id`; undefined where it is no JSON. */
  readonly body: unknown;

  constructor(failure: Failure) {
    super(failure.message);
    this.status = failure.status;
    this.code = failure.code;
    this.problems = failure.problems ?? [];
    this.requestId = failure.requestId ?? null;
    this.retryAfterSeconds = failure.retryAfterSeconds ?? null;
    this.body = failure.body;
  }

  /** The same with something said otherwise. */
  with(change: Partial<Pick<Failure, 'message' | 'problems'>>): KeyhouseError {
    return new KeyhouseError({ ...this, message: this.message, ...change });
  }
}

/** What a refusing answer says. Bodies are data of a profile: sentence, code and list are looked for where bodies have them. */
export function failureOf({ status, headers }: Response, body: unknown): Failure {
  const outer = isObject(body) ? body : {};
  const inner = isObject(outer.error) ? { ...outer, ...outer.error } : outer;
  const text = (name: string): string | null => {
    const value = inner[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const sentence = text('detail') ?? text('message') ?? text('title') ?? text('error');
  const list = [inner.errors, inner.details].find(Array.isArray) ?? [];
  const seconds = headers.get('retry-after') ?? '';
  return {
    status,
    code: text('code'),
    message: sentence ?? `The server answered ${status} with something that is not Keyhouse's.`,
    problems: list
      .filter(isObject)
      .map(({ path, message }) => ({ path: String(path ?? ''), message: String(message ?? '') })),
    requestId: headers.get('x-request-id') ?? text('request_id'),
    retryAfterSeconds: /^\d{1,9}$/.test(seconds) ? Number(seconds) : null,
    body,
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
