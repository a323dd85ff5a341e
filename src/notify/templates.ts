import { alertMail } from './alert-mails.ts';
import { inWords } from './in-words.ts';
import { leakMail } from './leak-mail.ts';
import { remindersMail } from './reminder-mails.ts';
import { ROTATION_MAILS } from './rotation-mails.ts';

/** What a mail says, before it is laid out. Plain text throughout: nothing here is HTML. */
export interface MailContent {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Several things, each with its page. */
  readonly lists?: readonly MailList[];
  /** Label of the one thing to press; null where there is nothing to do. */
  readonly button: string | null;
  /** Facts by name, for who wants to know what exactly happened. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What to do if it was not expected. */
  readonly closing: string;
}

export interface MailList {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly link: string; readonly note: string }[];
}

export interface Subject {
  readonly company: string;
  /** The company's word for several tokens. */
  readonly tokens: string;
  readonly data: Readonly<Record<string, string>>;
  /** RFC 3339: when it happened. */
  readonly at: string;
  readonly dashboardUrl: string;
}

const NOT_YOU = 'If this was not you, set a new password now and end your other sessions under Your account.';

/** Every mail there is, by the name that the outbox has for it. */
const TEMPLATES: Readonly<Record<string, (subject: Subject) => MailContent>> = {
  invitation: ({ company, tokens, data }) => ({
    subject: `You are invited to ${data.workspace} at ${company}`,
    heading: `Join ${data.workspace}`,
    paragraphs: [
      `You are invited to ${data.workspace}, where the ${tokens} for the ${company} API are made and looked after.`,
    ],
    button: 'Accept the invitation',
    facts: [],
    closing: `The link is for you alone and works once${until(data.expires_at)}. If you did not expect it, do nothing.`,
  }),
  password_reset: ({ company, data }) => ({
    subject: `Set a new password for ${company}`,
    heading: 'Set a new password',
    paragraphs: ['Somebody, most likely you, has asked for a new password for your account.'],
    button: 'Set a new password',
    facts: [],
    closing: `The link works once${until(data.expires_at)}. If you did not ask for it, do nothing: your password stays as it is.`,
  }),
  password_changed: (subject) => ({
    subject: `Your password for ${subject.company} was changed`,
    heading: 'Your password was changed',
    paragraphs: ['Your other sessions have ended.'],
    button: 'Open the dashboard',
    facts: circumstances(subject),
    closing: 'If this was not you, ask for a new password on the sign-in page now.',
  }),
  second_factor_added: (subject) => ({
    subject: `A second factor was added to your ${subject.company} account`,
    heading: 'A second factor was added',
    paragraphs: ['From now on, signing in also needs a code of your authenticator.'],
    button: 'Open the dashboard',
    facts: circumstances(subject),
    closing: NOT_YOU,
  }),
  second_factor_removed: (subject) => ({
    subject: `The second factor was removed from your ${subject.company} account`,
    heading: 'The second factor was removed',
    paragraphs: ['From now on, your password alone lets you in.'],
    button: 'Open the dashboard',
    facts: circumstances(subject),
    closing: NOT_YOU,
  }),
  new_sign_in: (subject) => ({
    subject: `A new sign-in to your ${subject.company} account`,
    heading: 'You signed in on a new browser',
    paragraphs: ['Your account was opened in a browser in which it had not been before.'],
    button: 'Open the dashboard',
    facts: circumstances(subject),
    closing: NOT_YOU,
  }),
  webhook_disabled: (subject) => ({
    subject: `A webhook of ${subject.company} was disabled`,
    heading: 'A webhook was disabled',
    paragraphs: [
      `Nothing sent to ${subject.data.host} was taken any more, so nothing is sent there until somebody enables it again.`,
    ],
    button: 'Open the dashboard',
    facts: [
      ['Disabled', inWords(subject.at)],
      ...(subject.data.failing_since === undefined
        ? []
        : [['Failing since', inWords(subject.data.failing_since)] as const]),
    ],
    closing: 'What it missed can be replayed from the page of the webhook for 30 days.',
  }),
  ...ROTATION_MAILS,
  token_leaked: leakMail,
  alert: alertMail,
  reminders: remindersMail,
  test: ({ company }) => ({
    subject: `A test mail of ${company}`,
    heading: 'Mail works',
    paragraphs: [
      `This is what mails of ${company} look like. Invitations and links for a new password arrive this way.`,
    ],
    button: 'Open the dashboard',
    facts: [],
    closing: 'Somebody who runs Keyhouse has sent this with `keyhouse mail test`.',
  }),
};

/** null for a name that this build does not know. */
export function contentOf(template: string, subject: Subject): MailContent | null {
  return Object.hasOwn(TEMPLATES, template) ? (TEMPLATES[template]?.(subject) ?? null) : null;
}

function circumstances({ at, data }: Subject): MailContent['facts'] {
  return [
    ['When', inWords(at)],
    ...(data.ip === undefined ? [] : [['Address', data.ip] as const]),
    ...(data.browser === undefined ? [] : [['Browser', browserOf(data.browser)] as const]),
  ];
}

function until(instant: string | undefined): string {
  return instant === undefined ? '' : `, until ${inWords(instant)}`;
}

const BROWSERS = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** What people call a browser that names itself so; whatever it says otherwise, somebody made up. */
function browserOf(userAgent: string): string {
  const browser = BROWSERS.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'unknown';
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  return system === undefined ? browser : `${browser} on ${system}`;
}
