import { type AllowsOrigins, type CrossOriginOptions, tellBrowser } from '../cors.ts';

/**
 * Lets pages of other origins call what this handler answers, as far as the profile in force says. It wraps all of the
 * application: a preflight needs no token, and every answer can be read, whether it is a refusal, a 404 or an error. An
 * `OPTIONS` that is no preflight goes on to the handler; what the handler throws is its host's.
 */
export function crossOrigin<Rest extends readonly unknown[]>(
  keyhouse: AllowsOrigins,
  handle: (request: Request, ...rest: Rest) => Response | Promise<Response>,
  options: CrossOriginOptions = {},
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const sent = { method: request.method, rawHeaders: [...request.headers].flat() };
    const { headers, isPreflight } = tellBrowser(await keyhouse.allowedOrigins(), sent, options);
    if (isPreflight) return new Response(null, { status: 204, headers });
    return withHeaders(await handle(request, ...rest), headers);
  };
}

/** The answer with these header fields; `Vary` adds up. */
export function withHeaders(response: Response, added: Readonly<Record<string, string>>): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(added)) {
    if (name === 'Vary') headers.append(name, value);
    else headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
