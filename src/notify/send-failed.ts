import type { NodemailerError } from 'nodemailer/lib/errors';

/** A mail was not taken. The message is fit for a log and for an administrator: nothing secret is in it. */
export class SendFailed extends Error {
  override readonly name = 'SendFailed';
  /** The server has refused this recipient or this text for good: asking again changes nothing. */
  readonly isFinal: boolean;
  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

const REPLY_MAX = 200;
/** Long enough for every secret there is; server names and words are shorter or have dots. */
const LOOKS_SECRET = /[A-Za-z0-9_+/=-]{20,}/g;
const LINKS_AND_ADDRESSES = /\b(?:https?:\/\/\S+)|[^\s<>@]+@[^\s<>@]+|#\S+/gi;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** What went wrong, in our words, and what the server answered, without anything that may be secret or personal. */
export function sendFailedOf(error: unknown, secrets: readonly string[]): SendFailed {
  if (error instanceof SendFailed) return error;
  const { code, command, responseCode, response } = error as NodemailerError;
  // A refused sender or sign-in is a matter of configuration, which somebody may mend before the mail is given up.
  const isFinal = (responseCode ?? 0) >= 500 && (command === 'RCPT TO' || (command === 'DATA' && code === 'EMESSAGE'));
  const answer = typeof response === 'string' ? `: ${withoutSecrets(response, secrets)}` : '.';
  return new SendFailed(`${sentenceOf(code, command, error)}${answer}`, isFinal);
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '…');
  return clean
    .replace(CONTROLS, ' ')
    .replace(LINKS_AND_ADDRESSES, '…')
    .replace(LOOKS_SECRET, '…')
    .trim()
    .slice(0, REPLY_MAX);
}

function sentenceOf(code: string | undefined, command: string | undefined, error: unknown): string {
  if (command === 'MAIL FROM') return 'The mail server refused the sender';
  if (command === 'RCPT TO') return 'The mail server refused the recipient';
  if (code === 'EAUTH') return 'The mail server refused user and password';
  if (code === 'ETLS') return 'No encrypted connection could be made to the mail server';
  if (code === 'ETIMEDOUT') return 'The mail server did not answer in time';
  if (code === 'EDNS') return 'The name of the mail server could not be resolved';
  if (command === 'DATA') return 'The mail server did not take the mail';
  const system = (error as NodeJS.ErrnoException).syscall === undefined ? '' : ` (${systemCodeOf(error)})`;
  return `The connection to the mail server failed${system}`;
}

function systemCodeOf(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  return /\b(E[A-Z]{3,}|CERT_[A-Z_]+)\b/.exec(text)?.[1] ?? 'no connection';
}
