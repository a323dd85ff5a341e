/**
 * keyhouse/express: puts Keyhouse in front of an Express application's own routes, and its token page's endpoints behind
 * the application's own sign-in. Works with whatever has `authenticate`, in this process or over the network, and needs
 * no package but the application's own Express.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AuthenticateOptions, type Authenticates, askerOf, type Identity } from '../authenticate-request.ts';
import { sendAnswer } from '../node-door.ts';

export type { AuthenticateOptions, Authenticates, Identity } from '../authenticate-request.ts';
export type { AllowsOrigins, CrossOriginOptions } from '../cors.ts';
export { crossOrigin } from './cross-origin.ts';
export { type HostUser, type TokenHouse, type TokenRoutesOptions, tokenRoutes } from './token-routes.ts';

declare global {
  namespace Express {
    interface Request {
      /** Who calls; set by `protect`, absent where credentials are optional and were not ours. */
      keyhouse?: Identity;
    }
  }
}

export interface ProtectOptions extends AuthenticateOptions {
  /** `optional` lets requests without a credential of ours pass, for the application's own sign-in to judge. */
  readonly credentials?: 'required' | 'optional';
}

export type Next = (error?: unknown) => void;
export type Handler = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/**
 * Lets a request on when its token may do what the route needs, with the identity on `req.keyhouse`; otherwise answers in
 * the words of the profile.
 * @throws {TypeError} options that ask nothing.
 */
export function protect(keyhouse: Authenticates, options: ProtectOptions): Handler {
  askerOf(options);
  return (request, response, next) => {
    keyhouse.authenticate(request, options).then((result) => {
      if (result.allowed) {
        (request as IncomingMessage & { keyhouse?: Identity }).keyhouse = result.identity;
        for (const name in result.headers) addHeader(response, name, result.headers[name] as string);
        next();
      } else if (result.foreign && options.credentials === 'optional') {
        next();
      } else {
        const { status, headers, body } = result.response;
        for (const [name, value] of Object.entries(headers)) addHeader(response, name, value);
        sendAnswer(request, response, { status, headers: {}, body: JSON.stringify(body) }, false);
      }
    }, next);
  };
}

/** What the application set before stays: the names in `Vary` add up. */
function addHeader(response: ServerResponse, name: string, value: string): void {
  const before = name === 'Vary' ? response.getHeader('Vary') : undefined;
  response.setHeader(name, before === undefined ? value : `${[before].flat().join(', ')}, ${value}`);
}
