import { REJECTIONS, Rejection } from '../manage/index.ts';
import { type Profile, type RenderedResponse, renderRejection } from '../profile/index.ts';
import type { TokenFormat } from '../token/index.ts';
import { toCompanyPath } from './field-names.ts';

/** What a client is told to wait before it tries a change again. */
export const RETRY_SECONDS = 1;

/** Whether the exception is the client's to put right; anything else is a fault, for the log. */
export function isRejection(error: unknown): error is Rejection {
  return error instanceof Rejection;
}

/**
 * The answer to an exception. A rejection says what is wrong; of a fault the client learns the request id and whether
 * trying again can help, never the inner text.
 * @param isToken the call was about tokens: its fields have the names this company gives them.
 */
export function renderFailure(profile: Profile, error: unknown, requestId: string, isToken: boolean): RenderedResponse {
  const rejection = rejectionOf(error);
  const { code, status, title, message, problems, extra } = rejection;
  const retryAfterSeconds = rejection.retryAfterSeconds ?? (status === 503 ? RETRY_SECONDS : null);
  const rendered = renderRejection(profile, {
    code,
    status,
    title,
    message,
    errors: isToken ? problems.map((one) => ({ ...one, path: toCompanyPath(one.path, profile) })) : problems,
    extra,
    ...(retryAfterSeconds !== null && { retryAfterSeconds }),
    requestId,
  });
  return { ...rendered, body: JSON.parse(withoutTokens(JSON.stringify(rendered.body), profile.token)) };
}

/** Problems name the places of an input, and somebody may have put a token where a name belongs. */
export function withoutTokens(text: string, { prefix }: TokenFormat): string {
  return text.replace(new RegExp(`${prefix}[a-z]{0,2}_(?:live_|test_)?[0-9A-Za-z]{26,}`, 'g'), `${prefix}_…`);
}

/** The exception as a client may know it. The ports name their outages; http knows them by these names alone. */
export function rejectionOf(error: unknown): Rejection {
  if (isRejection(error)) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'StorageBusy') return new Rejection('storage_busy');
  if (name === 'StorageUnavailable') return new Rejection('storage_unavailable');
  return new Rejection('internal', REJECTIONS.internal.message);
}
