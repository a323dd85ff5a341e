import { type Profile, type RenderedResponse, renderRejection } from '../../profile/index.ts';

/** Every way a request can fail at the gateway beside a denial. */
const FAILURES = {
  unreadable_request: {
    status: 400,
    title: 'Unreadable request',
    message: 'Where this request leads, or where its body ends, can be read in more than one way.',
  },
  method_override: {
    status: 400,
    title: 'Method override',
    message:
      'A request is judged by its method. Send it with the method that is meant, and no header that names another.',
  },
  too_many_headers: { status: 431, title: 'Too many header fields', message: 'Send at most 100 header fields.' },
  upgrade_not_offered: {
    status: 501,
    title: 'Upgrade not offered',
    message: 'WebSocket connections do not pass here: every request is judged, and on such a connection none would be.',
  },
  upstream_unreachable: {
    status: 502,
    title: 'No answer from the API',
    message: 'The API behind this gateway cannot be reached, or its answer cannot be read.',
  },
  upstream_timeout: {
    status: 504,
    title: 'The API takes too long',
    message: 'The API behind this gateway did not answer in time. Whether it has done what was asked is not known.',
  },
} as const satisfies Record<string, { status: number; title: string; message: string }>;

export type GatewayFailure = keyof typeof FAILURES;

/** The failure in the shape that this company's errors have. */
export function renderGatewayFailure(profile: Profile, code: GatewayFailure, requestId: string): RenderedResponse {
  return renderRejection(profile, { code, ...FAILURES[code], requestId });
}
