import type { HttpParts } from './app.ts';
import type { Answer, DoorRequest } from './door.ts';

/** A route that is no operation: health, metrics, documents. It needs no caller and changes nothing. */
export interface Page {
  readonly page: string;
  readonly summary: string;
  readonly answer: (parts: HttpParts, request: DoorRequest) => Answer | Promise<Answer>;
}
