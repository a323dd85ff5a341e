import type { z } from 'zod';
import type { Operation } from '../manage/index.ts';
import type { Page } from './page.ts';

/** An operation, whatever goes in and comes out of it. */
export type AnyOperation = Omit<Operation, 'input' | 'run'> & {
  readonly input: z.ZodType;
  readonly run: (engine: never, caller: never, input: never) => Promise<unknown>;
};

/**
 * Who gets in. `open`: anybody. `one-time-secret`: whoever has a secret made for this one use, in the body. `bearer`: the
 * bearer of a token. `client`: the same, or with HTTP Basic as OAuth clients send it, and refused in OAuth's form. `session`: somebody
 * signed in at the dashboard, whom `bearer` routes let in there too. `local`: the operator at the machine and the host
 * application.
 */
export type Auth = 'open' | 'one-time-secret' | 'bearer' | 'client' | 'session' | 'local';
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** `200/201`: 201 when the answer says `created`. */
export type Status = number | '200/201';
/** `signed`: JSON that is taken as it came, with its signature in the headers, and that the API description leaves out. */
export type BodyType = 'application/json' | 'application/x-ndjson' | 'application/x-www-form-urlencoded' | 'signed';

/**
 * One row. `{name}` in a path is a parameter, `{tokens}` the place where the profile puts its tokens; fields after `?` come
 * in the query although the method has a body.
 */
export type OperationRoute = readonly [
  method: Method,
  path: string,
  auth: Auth,
  operation: AnyOperation,
  status: Status,
  body?: BodyType,
];
export type PageRoute = readonly [method: 'GET', path: string, auth: 'open', page: Page, status: number];
export type Route = OperationRoute | PageRoute;

export function isPageRoute(route: Route): route is PageRoute {
  return 'page' in route[3];
}

/** Token routes speak with the field names of the profile. */
export function isTokenRoute([, path]: Route): boolean {
  return path.startsWith('{tokens}');
}

/** The path as it is under this profile, without the query fields. */
export function pathPattern([, path]: Route, tokensPath: string): string {
  return (path.split('?')[0] as string).replace('{tokens}', tokensPath);
}

/** Fields that come in the query although the method has a body. */
export function queryFields([, path]: Route): ReadonlySet<string> {
  return new Set(path.split('?')[1]?.split('&') ?? []);
}
