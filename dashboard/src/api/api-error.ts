export interface InputProblem {
  /** Field of the request, such as `ip_allowlist.0`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

interface Refusal {
  readonly code: string;
  /** 0 when no answer came at all. */
  readonly status: number;
  readonly message: string;
  readonly requestId: string | null;
  readonly problems: readonly InputProblem[];
  readonly retryAfterSeconds: number | null;
  /** The whole body, for members that only some codes have, such as `missing`. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Any call that did not work: refused by the server, or never answered (`server_gone`). */
export class ApiError extends Error implements Refusal {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly problems: readonly InputProblem[];
  readonly retryAfterSeconds: number | null;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.status = refusal.status;
    this.requestId = refusal.requestId;
    this.problems = refusal.problems;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
    this.body = refusal.body;
  }

  /** What is wrong with one field; entries of a list (`permissions.3`) count for the list. */
  problemOf(field: string): string | undefined {
    return this.problems.find(({ path }) => path === field || path.startsWith(`${field}.`))?.message;
  }
}

/** Nobody answered: the server stopped, or the network between did. The change may or may not have been made. */
export function serverGone(): ApiError {
  return new ApiError({
    code: 'server_gone',
    status: 0,
    message: 'The server does not answer. What you typed is still here: try again in a moment.',
    requestId: null,
    problems: [],
    retryAfterSeconds: null,
    body: {},
  });
}

/** The error of an answer that is no success. */
export async function errorOf(answer: Response): Promise<ApiError> {
  const body = await bodyOf(answer);
  const retryAfter = Number(answer.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError({
    code: textOf(body.code) ?? `status_${answer.status}`,
    status: answer.status,
    message: textOf(body.detail) ?? textOf(body.title) ?? `The server answered ${answer.status}.`,
    requestId: answer.headers.get('X-Request-Id'),
    problems: Array.isArray(body.errors) ? body.errors.filter(isProblem) : [],
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    body,
  });
}

async function bodyOf(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await answer.json().catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function isProblem(entry: unknown): entry is InputProblem {
  const { path, message } = (entry ?? {}) as Partial<InputProblem>;
  return typeof path === 'string' && typeof message === 'string';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
