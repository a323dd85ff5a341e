import type { NextFunction, Request, Response } from 'express';
import { asApiError } from '../kit/api-error.ts';

/** Every error of the API has the shape that Keyhouse answers with too: the profile's. */
export function answerError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const { status, code, message, problems } = asApiError(error);
  const errors = problems.length > 0 ? { errors: problems } : {};
  response.status(status).json({ error: { code, message, status, ...errors } });
}
