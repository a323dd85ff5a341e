import { headerValues } from '../door.ts';
import { plainName } from '../identity-headers.ts';

/** About one connection alone, whichever way it goes (RFC 9110 section 7.6.1), or set anew for each connection. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/**
 * Which fields of a message end at its connection: those that always do, and those that `Connection` names.
 * @returns a test for names as `plainName` gives them.
 */
export function endsHere(rawHeaders: readonly string[]): (plain: string) => boolean {
  const named = headerValues(rawHeaders, 'connection')
    .flatMap((value) => value.split(','))
    .map((option) => plainName(option.trim()))
    .filter((option) => option !== '' && option !== 'close' && option !== 'keep-alive');
  if (named.length === 0) return (plain) => HOP_BY_HOP.has(plain);
  return (plain) => HOP_BY_HOP.has(plain) || named.includes(plain);
}

/** The field lines that pass, flat as they came. */
export function keepFields(rawHeaders: readonly string[], isKept: (plain: string) => boolean): string[] {
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (isKept(plainName(name))) kept.push(name, rawHeaders[at + 1] ?? '');
  }
  return kept;
}

/** Field lines of ours, flat. */
export function flatFields(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).flat();
}
