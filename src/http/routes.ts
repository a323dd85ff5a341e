import {
  createToken,
  listTokens,
  readToken,
  readTokenUsage,
  revokeToken,
  rotateToken,
  testAuthentication,
  updateToken,
  verifyTokens,
} from '../manage/index.ts';
import { healthz, readyz } from './health.ts';
import { metrics } from './metrics.ts';
import { openapi } from './openapi/page.ts';
import { reference, referenceFile } from './reference.ts';
import type { Route } from './route.ts';

/**
 * The whole surface. `{tokens}` is where the profile puts its tokens: `/v1/tokens`, or `/v1/api-keys`. Fields after `?`
 * come in the query although the method has a body.
 */
export const ROUTES: readonly Route[] = [
  ['POST', '{tokens}', 'bearer', createToken, 201],
  ['GET', '{tokens}', 'bearer', listTokens, 200],
  ['GET', '{tokens}/{id}', 'bearer', readToken, 200],
  ['PATCH', '{tokens}/{id}', 'bearer', updateToken, 200],
  ['DELETE', '{tokens}/{id}?scope&reason', 'bearer', revokeToken, 200],
  ['POST', '{tokens}/{id}/rotate', 'bearer', rotateToken, 201],
  ['GET', '{tokens}/{id}/usage', 'bearer', readTokenUsage, 200],
  ['POST', '{tokens}/verify', 'bearer', verifyTokens, 200],
  ['GET', '/v1/auth/test', 'bearer', testAuthentication, 200],

  ['GET', '/healthz', 'open', healthz, 200],
  ['GET', '/readyz', 'open', readyz, 200],
  ['GET', '/metrics', 'open', metrics, 200],
  ['GET', '/openapi.json', 'open', openapi, 200],
  ['GET', '/reference', 'open', reference, 200],
  ['GET', '/reference/{file}', 'open', referenceFile, 200],
];
