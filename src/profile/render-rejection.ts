import { errorDialectOf, type ReadErrorDialect } from './error-dialect.ts';
import type { Profile } from './profile.ts';
import type { RenderedResponse } from './render-denial.ts';
import { statusText } from './status-text.ts';

export interface RejectionToRender {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly message: string;
  /** What is wrong with the input, place by place. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** Further members for the body, such as `successor_id`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly requestId: string;
}

/** Says in the profile's words why a management call cannot be done; the codes are the same in every profile. */
export function renderRejection(profile: Profile, rejection: RejectionToRender): RenderedResponse {
  const dialect = errorDialectOf(profile);
  const errors = rejection.errors ?? [];
  const retryAfter = wholeSeconds(rejection.retryAfterSeconds);
  // A body with no place for the list would leave the caller guessing: then the sentence carries it.
  const sentence = sentenceOf(dialect, rejection);
  const message = dialect.listsErrors ? sentence : withErrors(sentence, errors);
  const headers: Record<string, string> = {
    'Content-Type': dialect.contentType,
    'Cache-Control': 'no-store',
    'X-Request-Id': rejection.requestId,
  };
  if (rejection.status === 401) headers['WWW-Authenticate'] = `Bearer realm="${dialect.realm}"`;
  if (retryAfter !== null) headers['Retry-After'] = String(retryAfter);
  const words = {
    ...dialect.words,
    code: rejection.code,
    title: rejection.title,
    message,
    status: rejection.status,
    status_text: statusText(rejection.status),
    retry_after: retryAfter,
    request_id: rejection.requestId,
    errors: errors.length > 0 ? errors : null,
    extra: rejection.extra,
  };
  return { status: rejection.status, headers, body: dialect.body(words) ?? {} };
}

/**
 * Where the company prints a sentence for who may not do something, management calls are refused in it as well; `missing`
 * still says which permission it is.
 */
function sentenceOf({ denials, words }: ReadErrorDialect, { code, message, extra }: RejectionToRender): string {
  const row = code === 'insufficient_permissions' ? denials.get(code) : undefined;
  const { missing } = extra ?? {};
  if (row?.isPrinted !== true || !Array.isArray(missing)) return message;
  return row.message.fill({ ...words, code, status: row.status, missing: missing.join(', ') });
}

function withErrors(message: string, errors: NonNullable<RejectionToRender['errors']>): string {
  const listed = errors.map((error) => (error.path === '' ? error.message : `${error.path}: ${error.message}`));
  return [message, ...listed].join(' ');
}

function wholeSeconds(seconds: number | undefined): number | null {
  return seconds !== undefined && Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}
