import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AllowsOrigins, type CrossOriginOptions, tellBrowser } from '../cors.ts';
import { sendAnswer } from '../node-door.ts';

/**
 * Lets pages of other origins call the application's own routes, as far as the profile in force says: before `protect`
 * and before the routes, so that a preflight needs no token and every answer can be read, whether it is a refusal, a 404 or
 * an error. An `OPTIONS` that is no preflight goes on to the application.
 */
export function crossOrigin(
  keyhouse: AllowsOrigins,
  options: CrossOriginOptions = {},
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void {
  const tell = async ({ method = 'GET', rawHeaders }: IncomingMessage) =>
    tellBrowser(await keyhouse.allowedOrigins(), { method, rawHeaders }, options);
  return (request, response, next) => {
    tell(request).then(({ headers, isPreflight }) => {
      for (const [name, value] of Object.entries(headers)) {
        // What the application varies by stays.
        if (name === 'Vary') response.appendHeader(name, value);
        else response.setHeader(name, value);
      }
      if (isPreflight) sendAnswer(request, response, { status: 204, headers: {}, body: null }, false);
      else next();
    }, next);
  };
}
