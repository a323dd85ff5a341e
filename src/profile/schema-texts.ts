import { z } from 'zod';
import { isGrantEntry, isReserved, parseDuration, parseGracePeriod } from '../policy/index.ts';
import { isErrorWord, unknownWord } from './error-body.ts';
import { readSentence } from './sentence.ts';

/** Control characters, bidirectional overrides and characters without width: none of them belong in shown text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Text people will read: 1 to `max` characters, nothing invisible, no space at its ends. */
export function text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !UNSEEN.test(value), { error: 'This text has control or invisible characters in it.' })
    .refine((value) => value.trim() === value, { error: 'This text begins or ends with a space.' });
}

/** A sentence of an error answer, with `{word}` and `[optional parts]`. */
export function sentence(max: number) {
  return text(max).superRefine((value, context) => {
    try {
      for (const word of readSentence(value).words) {
        const isKnown = isErrorWord(word) && word !== 'title' && word !== 'message';
        if (!isKnown) context.addIssue({ code: 'custom', message: unknownWord(`{${word}}`, ['title', 'message']) });
      }
    } catch (error) {
      context.addIssue({ code: 'custom', message: `This sentence cannot be filled: ${(error as Error).message}.` });
    }
  });
}

/** A string of the pattern; `words` completes "This must be …". */
export function matching(pattern: RegExp, words: string) {
  return z.string().regex(pattern, { error: (issue) => `This must be ${words}, not ${shown(issue.input)}.` });
}

/** A name that requests use: a tier, a window. */
export function identifier() {
  return matching(/^[a-z][a-z0-9_-]{0,31}$/, 'a name of lower-case letters, digits, hyphens and underscores');
}

const LONGEST_MS = 3_650 * 86_400_000;

/** A duration such as `90d`, at most 3,650 days. */
export function duration({ allowZero = false }: { allowZero?: boolean } = {}) {
  const parse = allowZero ? parseGracePeriod : parseDuration;
  return z.string().refine((value) => (parse(value) ?? Number.POSITIVE_INFINITY) <= LONGEST_MS, {
    error: (issue) =>
      `This must be a duration such as "90d", "12h" or "30m"${allowZero ? ', or "0s",' : ''} of at most 3650 days, not ${shown(issue.input)}.`,
  });
}

/** An entry of a grant that a profile may name: never one of Keyhouse's own. */
export function permissionEntry() {
  return z
    .string()
    .refine(isGrantEntry, {
      error: (issue) =>
        issue.input === '*'
          ? 'A bare * does not exist; name each resource, as in servers:*.'
          : `This must be resource:action or resource:*, both in lower case, not ${shown(issue.input)}.`,
    })
    .refine((entry) => !isReserved(entry), {
      error: 'Permissions of "keyhouse-" resources are granted one by one, never by a profile.',
    });
}

/** A web address, without a slash at its end so that paths can follow. */
export function httpUrl() {
  return z
    .string()
    .max(2_000)
    .refine(isHttpUrl, { error: 'This must be an http or https address.' })
    .refine((value) => !value.endsWith('/'), { error: 'Leave out the slash at the end.' });
}

/** An image: at a web address, or inside the file as `data:image/…`. */
export function logo() {
  return z
    .string()
    .max(100_000)
    .refine(
      (value) => isHttpUrl(value) || /^data:image\/(?:png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(value),
      {
        error: 'This must be an https address or an image written as "data:image/png;base64,…".',
      },
    );
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\//.test(value) && !/\s/.test(value) && URL.canParse(value);
}

/** What came, short enough for a message. */
export function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length > 60 ? `${written.slice(0, 57)}…` : written;
}
