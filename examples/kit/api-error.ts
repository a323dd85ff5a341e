import type { FieldProblem } from './fields.ts';

/** Something the caller can put right. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly problems: readonly FieldProblem[];

  constructor(status: number, code: string, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

export function badInput(...problems: readonly FieldProblem[]): ApiError {
  return new ApiError(400, 'invalid_input', 'The request is not valid.', problems);
}

/** What Express itself refuses (broken JSON, a body too large) is the caller's; anything else is ours, and logged. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { status, type } = error as { readonly status?: unknown; readonly type?: unknown };
  if (status === 413) return new ApiError(413, 'too_large', 'The request body is too large.');
  if (status === 415) return new ApiError(415, 'unsupported_media_type', 'Send the body as application/json.');
  if (type === 'entity.parse.failed') return new ApiError(400, 'invalid_input', 'The request body is not valid JSON.');
  if (status === 400) return new ApiError(400, 'invalid_input', 'The request cannot be read.');
  console.error(error);
  return new ApiError(500, 'internal', 'Something went wrong here.');
}
