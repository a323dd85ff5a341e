import type { Origins } from '../cors.ts';
import { headerValues } from '../door.ts';
import { claimsIdentity, plainName } from '../identity-headers.ts';
import { endsHere, flatFields, keepFields } from './field-rules.ts';

/** An answer of the upstream, and what we say with it. */
export interface Back {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  /** Limits, request id, what browsers are told. */
  readonly ours: Readonly<Record<string, string>>;
  readonly origins: Origins;
  /** Whether trailers can follow: a body in chunks. */
  readonly takesTrailers: boolean;
}

/** Fields that may stand beside the upstream's own: every line adds to the others. */
const ADDING: ReadonlySet<string> = new Set(['vary', 'access-control-expose-headers']);

/**
 * The field lines that the client gets, flat: the upstream's own, and ours in place of those that would contradict them.
 * @throws a body in a coding of its connection that nobody here undoes.
 */
export function fieldsBack({ status, rawHeaders, ours, origins, takesTrailers }: Back): string[] {
  const ends = endsHere(rawHeaders);
  const replaced = new Set(
    Object.keys(ours)
      .map(plainName)
      .filter((plain) => !ADDING.has(plain)),
  );
  // Preflights are answered from the profile; where it speaks of origins, nobody else does.
  if (origins === '*' || origins.length > 0) {
    replaced.add('access-control-allow-origin').add('access-control-allow-credentials');
  }
  const codings = headerValues(rawHeaders, 'transfer-encoding');
  if (codings.some((coding) => coding.toLowerCase() !== 'chunked')) throw new Error('an unknown transfer coding');
  const hasLength = status !== 204 && codings.length === 0;
  const passed = keepFields(
    rawHeaders,
    (plain) =>
      !ends(plain) &&
      !replaced.has(plain) &&
      !claimsIdentity(plain) &&
      // It would lead clients past the gateway.
      plain !== 'alt-svc' &&
      (plain !== 'content-length' || hasLength) &&
      (plain !== 'trailer' || takesTrailers),
  );
  return [...passed, ...flatFields(ours)];
}

/** Trailers that may follow an answer: none that a reader would have acted on at its head. */
export function trailersBack(rawTrailers: readonly string[]): [string, string][] {
  const kept = keepFields(rawTrailers, (plain) => !AT_THE_HEAD.has(plain) && !claimsIdentity(plain));
  const pairs: [string, string][] = [];
  for (let at = 0; at < kept.length; at += 2) pairs.push([kept[at] as string, kept[at + 1] as string]);
  return pairs;
}

/** Framing, routing, authentication and cookies have no place after the body (RFC 9110 section 6.5.1). */
const AT_THE_HEAD: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'content-length',
  'connection',
  'host',
  'trailer',
  'content-encoding',
  'content-type',
  'content-range',
  'cache-control',
  'location',
  'retry-after',
  'set-cookie',
  'vary',
  'www-authenticate',
  'proxy-authenticate',
  'access-control-allow-origin',
  'access-control-allow-credentials',
]);
