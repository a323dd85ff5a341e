import type { NextFunction, Request, Response } from 'express';
import { Rejection } from 'keyhouse';
import { ApiError, asApiError } from '../kit/api-error.ts';

/** Every error of the API has the shape that Keyhouse answers with too: the profile's. */
export function errorBody({ message, problems }: Pick<ApiError, 'message' | 'problems'>) {
  return { detail: message, ...(problems.length > 0 && { errors: problems }) };
}

export function answerError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const known = asApiError(error instanceof Rejection ? fromKeyhouse(error) : error);
  response.status(known.status).json(errorBody(known));
}

/** What Keyhouse will not do with a user is the caller's to put right, and says how. */
function fromKeyhouse({ status, code, message, problems }: Rejection): ApiError {
  return new ApiError(status, code, message, problems);
}
