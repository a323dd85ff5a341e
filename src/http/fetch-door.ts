import type { Eventually } from '../ports/index.ts';
import type { CallerOf } from './app.ts';
import type { Answer, DoorRequest } from './door.ts';

/** What a fetch-style host knows about a request beyond the `Request`. */
export interface FetchContext {
  /** Every field line as it came, flat. Without it duplicates have been joined by then, and are refused as such. */
  readonly rawHeaders?: readonly string[];
  /** Address of the other end of the connection. Without it tokens that are restricted to addresses are refused. */
  readonly peer?: string | null;
  /** Who calls, when the host knows: then no token is asked for. */
  readonly caller?: CallerOf;
}

/** Turns a function over our own shapes into one over `Request` and `Response`. */
export function answerFetch(
  answer: (request: DoorRequest, caller: CallerOf | null) => Eventually<Answer>,
): (request: Request, context?: FetchContext) => Promise<Response> {
  return async (request, context = {}) => {
    const { status, headers, body } = await answer(doorRequestOf(request, context), context.caller ?? null);
    const isBodiless = request.method === 'HEAD' || status === 204 || body === null;
    return new Response(isBodiless ? null : typeof body === 'string' ? body : new Uint8Array(body), {
      status,
      headers,
    });
  };
}

function doorRequestOf(request: Request, context: FetchContext): DoorRequest {
  const { body } = request;
  return {
    method: request.method,
    target: targetOf(request.url),
    rawHeaders: context.rawHeaders ?? fieldLinesOf(request),
    peer: context.peer ?? null,
    isEncrypted: request.url.startsWith('https:'),
    body: body === null ? null : () => body,
  };
}

/** A `Request` names its host in its URL alone, unless whoever made it kept the header. */
function fieldLinesOf({ headers, url }: Request): string[] {
  const lines = [...headers].flat();
  return headers.has('host') ? lines : ['host', new URL(url).host, ...lines];
}

/** Path and query of an absolute URL, with every escape as it came. */
export function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('//') + 2);
  const fragment = url.indexOf('#');
  const end = fragment < 0 ? url.length : fragment;
  return path < 0 || path > end ? '/' : url.slice(path, end);
}
