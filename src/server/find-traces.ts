import type { DecisionTraces } from '../manage/index.ts';

/** What is used of `@opentelemetry/api`, which only the host application brings, with or without an SDK behind it. */
interface OpenTelemetryApi {
  readonly trace: { getTracer(name: string): Tracer };
}
interface Tracer {
  startSpan(
    name: string,
    options: { readonly startTime: number; readonly attributes: Readonly<Record<string, string>> },
  ): {
    end(endTime: number): void;
  };
}

/** A name in a variable, so that nothing tries to resolve what may not be there. */
const PACKAGE = '@opentelemetry/api';

/**
 * Spans of decisions, children of whatever span is active in the host; null where the host has no OpenTelemetry. A span
 * says what came of a decision and at which door, and nothing of the token.
 * @param load finds the package.
 */
export async function findTraces(
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<DecisionTraces | null> {
  let api: OpenTelemetryApi;
  try {
    api = (await load(PACKAGE)) as OpenTelemetryApi;
  } catch {
    return null;
  }
  return {
    decided(outcome, door, begunAt, endedAt) {
      // Asked each time: whoever sets up the SDK later is told from then on. The API keeps tracers.
      const span = api.trace.getTracer('keyhouse').startSpan('keyhouse.decision', {
        startTime: begunAt,
        attributes: { 'keyhouse.outcome': outcome, 'keyhouse.door': door },
      });
      span.end(endedAt);
    },
  };
}
