import type { NextFunction, Request, Response } from 'express';
import { type ApiError, asApiError } from '../kit/api-error.ts';

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** Every error of the API has the shape that Keyhouse answers with too: the profile's. */
export function errorBody({ status, message, problems }: Pick<ApiError, 'status' | 'message' | 'problems'>) {
  const errors = problems.length > 0 ? { errors: problems } : {};
  return { error: STATUS_TEXTS[status], message, statusCode: status, ...errors };
}

export function answerError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const known = asApiError(error);
  response.status(known.status).json(errorBody(known));
}
