import type { DenialReason } from '../policy/index.ts';
import { bearerChallenge, describable } from './challenge.ts';
import { errorDialectOf, type ReadDenial } from './error-dialect.ts';
import type { Profile } from './profile.ts';
import type { SentenceWords } from './sentence.ts';
import { statusText } from './status-text.ts';

/** An answer, ready for any door. */
export interface RenderedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON, its members in this order. */
  readonly body: unknown;
}

export interface RenderedDenial extends RenderedResponse {
  /** The company's sentence, filled: for doors whose answer has a form of its own. */
  readonly message: string;
}

export interface DenialToRender {
  readonly reason: DenialReason;
  /** Permissions the request needs and the token does not have. */
  readonly missing?: readonly string[];
  /** Every permission the request needs; `missing` where it is not given. */
  readonly needed?: readonly string[];
  /** Whole seconds or a fraction that is rounded up; null when no waiting helps. */
  readonly retryAfterSeconds?: number | null;
  /** One sentence about this very credential, as `diagnose` finds it; never any part of its value. */
  readonly help?: string | null;
  /** Where a token that could do this is made; null where nobody knows. */
  readonly createUrl?: string | null;
  readonly requestId: string;
}

/** What a client is told to wait when the authority cannot be reached and nobody knows for how long. */
const UNAVAILABLE_SECONDS = 5;

/** More permissions than these are counted, not named, in a sentence; the body's list has all of them. */
const NAMED_MAX = 10;

/**
 * Says no in the profile's words. Whatever the body may say, the header lines tell the exact reason: `WWW-Authenticate`
 * (RFC 6750 §3), `Retry-After` for limits and outages, `X-Request-Id`.
 */
export function renderDenial(profile: Profile, denial: DenialToRender): RenderedDenial {
  const dialect = errorDialectOf(profile);
  const row = dialect.denials.get(denial.reason);
  if (row === undefined) throw new TypeError(`no denial has the reason ${denial.reason}`);
  const retryAfter = retryAfterOf(denial);
  const isAboutPermissions = denial.reason === 'insufficient_permissions';
  const missing = isAboutPermissions ? (denial.missing ?? denial.needed ?? []) : [];

  const common: SentenceWords = {
    ...dialect.words,
    code: row.code,
    status: row.status,
    status_text: statusText(row.status),
    help: denial.help,
    create_url: isAboutPermissions ? denial.createUrl : null,
    retry_after: retryAfter,
    request_id: denial.requestId,
  };
  const spoken: SentenceWords = { ...common, missing: isAboutPermissions ? nameMissing(missing) : null };
  const challenge = bearerChallenge({
    reason: denial.reason,
    realm: dialect.realm,
    description: describe(denial, row, spoken),
    needed: isAboutPermissions ? (denial.needed ?? missing) : [],
  });

  const headers: Record<string, string> = {
    'Content-Type': dialect.contentType,
    'Cache-Control': 'no-store',
    'X-Request-Id': denial.requestId,
  };
  if (challenge !== null) headers['WWW-Authenticate'] = challenge;
  if (retryAfter !== null) headers['Retry-After'] = String(retryAfter);
  if (isAboutPermissions && denial.createUrl != null) headers.Link = `<${denial.createUrl}>; rel="help"`;
  const message = row.message.fill(spoken);
  const words = {
    ...common,
    title: row.title.fill(spoken),
    message,
    missing: missing.length > 0 ? missing : null,
  };
  return { status: row.status, headers, body: dialect.body(words) ?? {}, message };
}

/** What this company calls a refusal, its words filled in. */
export function denialTitle(profile: Profile, reason: DenialReason): string {
  const { denials, words } = errorDialectOf(profile);
  const row = denials.get(reason);
  if (row === undefined) throw new TypeError(`no denial has the reason ${reason}`);
  return row.title.fill({ ...words, code: row.code, status: row.status, status_text: statusText(row.status) });
}

/** Nothing is described when nothing was sent (RFC 6750 §3.1), unless something was found after all. */
function describe(denial: DenialToRender, row: ReadDenial, words: SentenceWords): string | null {
  const hasHelp = denial.help !== undefined && denial.help !== null && denial.help !== '';
  if (denial.reason === 'authentication_required' && !hasHelp) return null;
  return (
    describable(row.exact.fill(words)) ?? describable(row.exact.fill({ ...words, help: null, token_word: 'token' }))
  );
}

function nameMissing(missing: readonly string[]): string {
  if (missing.length === 0) return 'the needed permission';
  if (missing.length <= NAMED_MAX) return missing.join(', ');
  return `${missing.slice(0, NAMED_MAX).join(', ')} and ${missing.length - NAMED_MAX} more`;
}

function retryAfterOf({ reason, retryAfterSeconds }: DenialToRender): number | null {
  if (reason !== 'rate_limited' && reason !== 'authority_unavailable') return null;
  if (typeof retryAfterSeconds === 'number' && Number.isFinite(retryAfterSeconds)) {
    return Math.max(1, Math.ceil(retryAfterSeconds));
  }
  return reason === 'authority_unavailable' ? UNAVAILABLE_SECONDS : null;
}
