import { REJECTIONS, type RejectionCode } from '../../manage/index.ts';
import { DENIAL_REASONS } from '../../policy/index.ts';
import {
  denialTitle,
  type Profile,
  type RenderedResponse,
  renderDenial,
  renderRejection,
} from '../../profile/index.ts';

const SAMPLE_REQUEST_ID = 'req_4n2aZq8C4n2aZq8C4n2aZq';

interface Sample {
  readonly code: string;
  readonly summary: string;
  readonly rendered: RenderedResponse;
}

/**
 * Every answer that says no, by status: real bodies, rendered by the profile that will render them, one example for each
 * code. Operations refer to them by status.
 */
export function errorResponses(profile: Profile): Record<string, unknown> {
  const byStatus = Map.groupBy(samples(profile), ({ rendered }) => rendered.status);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, alike]) => [responseName(status), response(profile, alike)]),
  );
}

export function responseName(status: number): string {
  return `Error${status}`;
}

function samples(profile: Profile): Sample[] {
  const about = circumstances(profile);
  const denials = DENIAL_REASONS.map((reason) => ({
    code: reason,
    summary: denialTitle(profile, reason),
    rendered: renderDenial(profile, { reason, ...about[reason], requestId: SAMPLE_REQUEST_ID }),
  }));
  const rejections = (Object.keys(REJECTIONS) as RejectionCode[])
    .filter((code) => !denials.some((denial) => denial.code === code))
    .map((code) => ({
      code,
      summary: REJECTIONS[code].title,
      rendered: renderRejection(profile, { code, ...REJECTIONS[code], ...about[code], requestId: SAMPLE_REQUEST_ID }),
    }));
  return [...denials, ...rejections];
}

/** What the samples are about, with a permission and an id that this company could have. */
function circumstances({ catalogue, token }: Profile): Readonly<Record<string, object>> {
  return {
    insufficient_permissions: {
      missing: [(catalogue === 'open' ? undefined : catalogue[0]?.permission) ?? 'servers:write'],
    },
    rate_limited: { retryAfterSeconds: 31 },
    storage_busy: { retryAfterSeconds: 1 },
    storage_unavailable: { retryAfterSeconds: 1 },
    invalid_input: { errors: [{ path: 'naem', message: 'There is no such field.' }] },
    already_rotated: { extra: { successor_id: `${token.idPrefix}_4n2aZq8C4n2aZq8C4n2aZq` } },
  };
}

function response(profile: Profile, alike: readonly Sample[]) {
  const names = new Set(alike.flatMap(({ rendered }) => Object.keys(rendered.headers)));
  const headers = ['X-Request-Id', 'WWW-Authenticate', 'Retry-After'].filter((name) => names.has(name));
  const examples = alike.map(({ code, summary, rendered }) => [code, { summary, value: rendered.body }] as const);
  return {
    description: alike.map(({ code }) => `\`${code}\``).join(', '),
    headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    content: { [profile.errors.contentType]: { schema: { type: 'object' }, examples: Object.fromEntries(examples) } },
  };
}
