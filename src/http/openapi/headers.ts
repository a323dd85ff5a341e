import { type Profile, renderDenial } from '../../profile/index.ts';
import type { JsonSchema } from './json-schemas.ts';

const text = (description: string, example: string): JsonSchema => ({
  description,
  schema: { type: 'string' },
  example,
});
const whole = (description: string, example: number): JsonSchema => ({
  description,
  schema: { type: 'integer' },
  example,
});

/** Fields of answers, for `components.headers`. */
export function headersOf(profile: Profile): Readonly<Record<string, JsonSchema>> {
  const { headers } = renderDenial(profile, { reason: 'invalid_token', requestId: '' });
  return { ...HEADERS, 'WWW-Authenticate': text(CHALLENGE, headers['WWW-Authenticate'] ?? '') };
}

const CHALLENGE = 'What was wrong with the credential (RFC 6750), exactly, whatever the body says.';

const HEADERS: Readonly<Record<string, JsonSchema>> = {
  'X-Request-Id': text(
    'Name this when you ask for help: it finds the request in the log.',
    'req_4n2aZq8C4n2aZq8C4n2aZq',
  ),
  'Retry-After': whole('Seconds after which trying again can succeed.', 31),
  RateLimit: text(
    'What is left in every window, and seconds until it grows.',
    '"hour";r=640;t=1800,"minute";r=12;t=31',
  ),
  'RateLimit-Policy': text('Every window of the limit.', '"hour";q=1000;w=3600,"minute";q=100;w=60'),
  'X-RateLimit-Limit': whole('Requests in the longest window.', 1000),
  'X-RateLimit-Remaining': whole('Requests left in the longest window.', 640),
  'X-RateLimit-Reset': whole('When the longest window begins to grow again, in seconds since 1970.', 1_772_366_400),
};

/** Fields of requests, for `components.parameters`. */
export const PARAMETERS: Readonly<Record<string, JsonSchema>> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Any text of your own. Sending the same request with it again within 24 hours makes nothing a second time.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  },
  DebugAuth: {
    name: 'X-Debug-Auth',
    in: 'header',
    description: '`true` adds the fields `X-Auth-…` to the answer, which say what was checked.',
    schema: { type: 'string', enum: ['true'] },
  },
};

/** Operations that can be repeated without making a second one. */
const REPEATABLE: ReadonlySet<string> = new Set(['createToken', 'rotateToken']);

export function headersTaken(operationId: string, isBearer: boolean): JsonSchema[] {
  const names = [...(REPEATABLE.has(operationId) ? ['IdempotencyKey'] : []), ...(isBearer ? ['DebugAuth'] : [])];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

export function headersGiven(isBearer: boolean): JsonSchema {
  const names = Object.keys(HEADERS).filter((name) => name === 'X-Request-Id' || (isBearer && /RateLimit/.test(name)));
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
