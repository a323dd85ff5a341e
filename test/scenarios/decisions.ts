/**
 * The one table of decisions that every door is held to, read and typed once. Prevents doors that are each tested against
 * a table of their own. Doors leave out what they have no way to be told, and say why.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Scenario {
  readonly name: string;
  /** What the token is made with; null where none is made. */
  readonly token: Record<string, unknown> | null;
  readonly revoked?: true;
  /** Header lines; `{token}` stands for its value. */
  readonly lines: readonly [string, string][];
  /** What the route asks for, as `protect` takes it. */
  readonly options: {
    readonly permission?: string;
    readonly allOf?: readonly string[];
    readonly headers?: readonly string[];
    readonly cost?: number;
    readonly byRoute?: true;
    readonly credentials?: 'optional';
  };
  readonly target?: string;
  readonly status: number;
  /** Members that the answer has among others. */
  readonly body: Record<string, unknown>;
  /** Patterns, by name in lower case. */
  readonly headers: Record<string, string>;
}

export const SCENARIOS = JSON.parse(
  readFileSync(join(import.meta.dirname, 'decisions.json'), 'utf8'),
) as readonly Scenario[];
