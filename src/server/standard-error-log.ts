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
    write(`${escapeUnseen(JSON.stringify({ time: formatInstant(systemClock.now()), severity, event, ...about }))}\n`);
  };
  return {
    warning: (message, about = {}) => entry('warn', 'warning', { message, ...about }),
    fault: (error, about) => entry('error', 'fault', { ...about, error: describe(error) }),
    securityEvent: ({ event, ...about }) => entry('warn', event, about),
  };
}

export const standardErrorLog: EngineLog & DoorLog = jsonLinesLog('info', (line) => process.stderr.write(line));

/** What JSON leaves as it is and readers of logs act on: where lines break, terminal commands, the direction of writing. */
const UNSEEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}
