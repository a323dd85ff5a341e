import type { DoorLog } from '../http/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { EngineLog } from './engine-log.ts';
import { systemClock } from './system-clock.ts';

const SEVERITIES = ['debug', 'info', 'warn', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One event, one JSON line on standard error: control characters in it are escaped, so no value can forge a line. */
export function jsonLinesLog(least: Severity, write: (line: string) => void): EngineLog & DoorLog {
  const entry = (severity: Severity, event: string, about: Readonly<Record<string, unknown>>): void => {
    if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(least)) return;
    write(`${escapeBreaks(JSON.stringify({ time: formatInstant(systemClock.now()), severity, event, ...about }))}\n`);
  };
  return {
    warning: (message, about = {}) => entry('warn', 'warning', { message, ...about }),
    fault: (error, about) => entry('error', 'fault', { ...about, error: describe(error) }),
    securityEvent: ({ event, ...about }) => entry('warn', event, about),
  };
}

export const standardErrorLog: EngineLog & DoorLog = jsonLinesLog('info', (line) => process.stderr.write(line));

/** JSON leaves U+2028 and U+2029 as they are, and some readers of logs break lines there. */
function escapeBreaks(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}
