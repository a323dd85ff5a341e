import type { z } from 'zod';
import {
  createToken,
  listTokens,
  type Operation,
  readToken,
  readTokenUsage,
  revokeToken,
  rotateToken,
  testAuthentication,
  updateToken,
  verifyTokens,
} from '../manage/index.ts';
import { healthz, readyz } from './health.ts';
import type { Page } from './page.ts';

/** An operation, whatever goes in and comes out of it. */
export type AnyOperation = Omit<Operation, 'input' | 'run'> & {
  readonly input: z.ZodType;
  readonly run: (engine: never, caller: never, input: never) => Promise<unknown>;
};

/** Who gets in: anybody · whoever has a secret made for one use · a token's bearer · the operator and the host application. */
export type Auth = 'open' | 'one-time-secret' | 'bearer' | 'local';
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type OperationRoute = readonly [method: Method, path: string, auth: Auth, answers: AnyOperation, status: number];
export type PageRoute = readonly [method: Method, path: string, auth: 'open', answers: Page, status: number];
export type Route = OperationRoute | PageRoute;

/** The whole surface. `{tokens}` is where the profile puts its tokens: `/v1/tokens`, or `/v1/api-keys`. */
export const ROUTES: readonly Route[] = [
  ['POST', '{tokens}', 'bearer', createToken, 201],
  ['GET', '{tokens}', 'bearer', listTokens, 200],
  ['GET', '{tokens}/{id}', 'bearer', readToken, 200],
  ['PATCH', '{tokens}/{id}', 'bearer', updateToken, 200],
  ['DELETE', '{tokens}/{id}', 'bearer', revokeToken, 200],
  ['POST', '{tokens}/{id}/rotate', 'bearer', rotateToken, 201],
  ['GET', '{tokens}/{id}/usage', 'bearer', readTokenUsage, 200],
  ['POST', '{tokens}/verify', 'bearer', verifyTokens, 200],
  ['GET', '/v1/auth/test', 'bearer', testAuthentication, 200],

  ['GET', '/healthz', 'open', healthz, 200],
  ['GET', '/readyz', 'open', readyz, 200],
];

export function isPageRoute(route: Route): route is PageRoute {
  return 'page' in route[3];
}
