import type { NextFunction, Request, Response } from 'express';
import type { Profile } from 'keyhouse';
import { asApiError } from '../kit/api-error.ts';

/** Every error of the API has the shape that Keyhouse answers with too: the profile's, with whom to ask for help. */
export function errorAnswers({ company }: Profile) {
  const { apiBaseUrl, supportUrl, supportEmail } = company;
  return (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const { status, code, message, problems } = asApiError(error);
    const body = {
      type: apiBaseUrl === null ? 'about:blank' : `${apiBaseUrl}/guide#${code}`,
      title: titleOf(code),
      status,
      code,
      detail: message,
      ...(problems.length > 0 && { errors: problems }),
      support: { url: supportUrl ?? undefined, email: supportEmail ?? undefined },
      request_id: response.getHeader('X-Request-Id'),
    };
    response.status(status).setHeader('Content-Type', 'application/problem+json').end(JSON.stringify(body));
  };
}

/** `not_found` is "Not found". */
export function titleOf(code: string): string {
  return `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('_', ' ')}`;
}
