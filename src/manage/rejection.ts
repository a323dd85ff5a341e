/** Every way a management call can be impossible: status and the sentence for the person who called. */
export const REJECTIONS = {
  invalid_input: { status: 400, title: 'Invalid input', message: 'The request is not valid.' },
  unknown_permission: { status: 400, title: 'Unknown permission', message: 'There is no such permission.' },
  invalid_expires_at: { status: 400, title: 'Invalid expiry', message: 'The expiry is not valid.' },
  invalid_ip: { status: 400, title: 'Invalid address list', message: 'The address list is not valid.' },
  not_available_yet: { status: 400, title: 'Not available yet', message: 'This is not available yet.' },
  authentication_required: { status: 401, title: 'Authentication required', message: 'This operation needs a token.' },
  invalid_sign_in: {
    status: 401,
    title: 'Not signed in',
    message: 'E-mail address and password do not fit, or this person may not sign in.',
  },
  second_factor_required: {
    status: 401,
    title: 'Second factor required',
    message: 'Send the code of your authenticator, or one of your recovery codes, as well.',
  },
  insufficient_permissions: {
    status: 403,
    title: 'Insufficient permissions',
    message: 'The caller may not do this.',
  },
  exceeds_creator: {
    status: 403,
    title: 'Exceeds the creator',
    message: 'More was asked for than the caller may give.',
  },
  setup_code_invalid: {
    status: 403,
    title: 'Set-up code not valid',
    message: 'The set-up code is wrong or has expired. A restart of the server prints a new one.',
  },
  link_invalid: {
    status: 403,
    title: 'Link not valid',
    message: 'This link is wrong, was used already, or has expired. Ask for a new one.',
  },
  cross_origin: {
    status: 403,
    title: 'Another origin',
    message: 'This request does not come from a page of this site. Send Origin with the address of the page.',
  },
  not_found: { status: 404, title: 'Not found', message: 'There is no such thing, or it is not yours.' },
  method_not_allowed: { status: 405, title: 'Method not allowed', message: 'This path does not answer that method.' },
  conflict: { status: 409, title: 'Conflict', message: 'This conflicts with what is there.' },
  sign_in_first: {
    status: 409,
    title: 'Sign in first',
    message: 'There is a user with this e-mail address already. Sign in as that user and open the link again.',
  },
  already_rotated: { status: 409, title: 'Already rotated', message: 'This token has a successor already.' },
  not_due: { status: 409, title: 'Not due', message: 'The rotation of this token is not due yet.' },
  already_set_up: { status: 409, title: 'Already set up', message: 'There is an administrator already.' },
  idempotency_mismatch: {
    status: 409,
    title: 'Idempotency key reused',
    message: 'This Idempotency-Key was used with a different request.',
  },
  too_large: { status: 413, title: 'Too large', message: 'The request body is larger than 64 KiB.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    message: 'Send the body as application/json.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many attempts',
    message: 'There were too many attempts. Wait before the next one.',
  },
  too_many_headers: { status: 431, title: 'Too many header fields', message: 'Send at most 100 header fields.' },
  busy: { status: 503, title: 'Busy', message: 'Too much of this is being done at once. Try again in a moment.' },
  storage_busy: {
    status: 503,
    title: 'Storage busy',
    message: 'Another change is being written. Try again in a moment.',
  },
  storage_unavailable: { status: 503, title: 'Storage unavailable', message: 'Nothing can be written at the moment.' },
  internal: {
    status: 500,
    title: 'Internal error',
    message: 'Something went wrong here. The request id finds it in the log.',
  },
} as const satisfies Record<string, { status: number; title: string; message: string }>;

export type RejectionCode = keyof typeof REJECTIONS;

export interface InputProblem {
  /** Where in the input, e.g. `permissions.3`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** A management call that cannot be done. `message` is public; nothing secret may stand in it. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly code: RejectionCode;
  readonly problems: readonly InputProblem[];
  /** Further public members of the error body, e.g. `successor_id`. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** How long to wait before asking again makes sense; null where nothing is known of that. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: RejectionCode,
    message: string = REJECTIONS[code].message,
    more: {
      problems?: readonly InputProblem[];
      extra?: Readonly<Record<string, unknown>>;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.problems = more.problems ?? [];
    this.extra = more.extra ?? {};
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }

  get status(): number {
    return REJECTIONS[this.code].status;
  }

  get title(): string {
    return REJECTIONS[this.code].title;
  }
}

/** `invalid_input` about one place in the input. */
export function invalidInput(path: string, message: string): Rejection {
  return new Rejection('invalid_input', undefined, { problems: [{ path, message }] });
}
