import { ApiError } from '../kit/api-error.ts';

/** The form that carries the archive is not as it should be. */
export function badForm(message: string, status: 400 | 408 | 415 = 400): ApiError {
  return new ApiError(status, 'invalid_input', message);
}

/** More than is taken of something that may be there. */
export function tooMuch(message: string): ApiError {
  return new ApiError(413, 'too_large', message);
}

/** The archive cannot be taken as it is. */
export function badArchive(message: string): ApiError {
  return new ApiError(422, 'invalid_content', message);
}

/** A name out of an archive, fit for a sentence: quoted, cut, and without characters that do something to a terminal. */
export function quoted(name: string): string {
  const cut = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  return JSON.stringify(cut).replace(/[^\x20-\x7e…]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? character : `\\u${code}`;
  });
}

/** What went wrong with our own disk while something was installed, as an answer; anything else stays what it is. */
export function asStorageError(error: unknown): unknown {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(code)) || errcode === SQLITE_FULL;
  return isFull ? new ApiError(507, 'insufficient_storage', 'There is no space left for this collection.') : error;
}

const SQLITE_FULL = 13;
