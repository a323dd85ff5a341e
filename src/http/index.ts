/**
 * http: the doors. It owns the surface (`routes.ts`), how a request is read (raw field lines, strict JSON, one trusted
 * address) and how an answer is written (the profile's words, limits, CORS), the pages, and the middlewares that
 * applications put in front of their own routes. It decides nothing itself, knows no store and opens no port.
 */
export { type CallerOf, createHttpHandler, type HttpHandler, type HttpParts } from './app.ts';
export {
  type AuthenticableRequest,
  type AuthenticateOptions,
  type AuthenticateResult,
  type Authenticates,
  createAuthenticate,
  type Identity,
} from './authenticate-request.ts';
export type { AllowsOrigins, Origins } from './cors.ts';
export { createDashboard, type DashboardParts } from './dashboard.ts';
export type { DoorParts } from './decide-request.ts';
export type { Answer, DoorRequest } from './door.ts';
export { type DoorEngine, doorEngine } from './door-engine.ts';
export { type DoorLog, type SecurityEvent, silentLog } from './door-log.ts';
export type { FetchContext } from './fetch-door.ts';
export type { ForwardAuthHeaders } from './forward-auth.ts';
export type { Readiness } from './health.ts';
export type { Metrics } from './metrics.ts';
export { type NodeDoorOptions, nodeDoor } from './node-door.ts';
export type { ApiDescription } from './openapi/company-description.ts';
export type { AddressTrust } from './question-of.ts';
export { type AnyOperation, type Auth, isPageRoute, type Method, type Route } from './route.ts';
export { ROUTES } from './routes.ts';
export type { SignedIdentities } from './signed-identity.ts';
