/** How a command ends. The numbers from 64 on are those of sysexits.h, which scripts and service managers know. */
export const EXIT_CODES = {
  ok: { number: 0, about: 'Done.' },
  refused: {
    number: 1,
    about: 'Refused or failed; the message says why. Also: `token verify` with a token that is not allowed.',
  },
  usage: { number: 2, about: 'The command line is not right: an unknown command or option, a missing argument.' },
  unavailable: {
    number: 69,
    about: 'The server or the store cannot be reached or cannot write. Trying again may help.',
  },
  not_permitted: {
    number: 77,
    about: 'The caller may not do this: the token lacks a permission, or the files belong to another user.',
  },
  configuration: {
    number: 78,
    about: 'Keyhouse will not start like this: the configuration, the data folder or the secrets are not right.',
  },
} as const satisfies Record<string, { readonly number: number; readonly about: string }>;

export type FailureKind = Exclude<keyof typeof EXIT_CODES, 'ok'>;

/** A command that could not be carried out, with what to say about it and how to end. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly kind: FailureKind;
  /** What to try, one sentence; null where the message says it. */
  readonly hint: string | null;
  /** The API's own answer, printed as it is under `--json`; null where the failure is this command's. */
  readonly answer: string | null;

  constructor(kind: FailureKind, message: string, more: { hint?: string; answer?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.kind = kind;
    this.hint = more.hint ?? null;
    this.answer = more.answer ?? null;
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind].number;
  }
}

/** Errors by the names their classes give them: a command knows what to do about each, not where it comes from. */
const KIND_BY_NAME: Readonly<Record<string, FailureKind>> = {
  StartRefused: 'configuration',
  FolderRefused: 'configuration',
  SchemaTooNew: 'configuration',
  FolderOwned: 'unavailable',
  StorageBusy: 'unavailable',
  StorageUnavailable: 'unavailable',
};

const KIND_BY_SYSTEM_CODE: Readonly<Record<string, FailureKind>> = {
  EACCES: 'not_permitted',
  EPERM: 'not_permitted',
  EADDRINUSE: 'unavailable',
  EADDRNOTAVAIL: 'configuration',
  ENOSPC: 'unavailable',
};

const HINT_BY_SYSTEM_CODE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something else listens there. Give --api-port or --dashboard-port another port, or 0 for a free one.',
  EADDRNOTAVAIL: 'This machine has no such address: see --api-host and --dashboard-host.',
  ENOSPC: 'The disk is full.',
};

/** Any exception as a failure to report. What nobody foresaw keeps its stack as the cause. */
export function asFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (!(error instanceof Error)) return new CommandFailure('refused', String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const kind = KIND_BY_NAME[error.name] ?? KIND_BY_SYSTEM_CODE[code] ?? 'refused';
  const hint = HINT_BY_SYSTEM_CODE[code];
  return new CommandFailure(kind, error.message, { cause: error, ...(hint !== undefined && { hint }) });
}
