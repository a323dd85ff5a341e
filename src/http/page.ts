import type { HttpParts } from './app.ts';
import type { Answer, DoorRequest } from './door.ts';
import type { Route } from './route.ts';

/** A route that is no operation: health, metrics, documents. It needs no caller and changes nothing. */
export interface Page {
  readonly page: string;
  readonly summary: string;
  /** Whether it belongs to the API that `/openapi.json` describes. */
  readonly isDocumented: boolean;
  /** `routes` are those of this door. */
  readonly answer: (parts: HttpParts, request: DoorRequest, routes: readonly Route[]) => Answer | Promise<Answer>;
}
