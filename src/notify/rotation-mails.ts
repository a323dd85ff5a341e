import { inWords } from './in-words.ts';
import type { MailContent, Subject } from './templates.ts';

const TAKE = 'Take the new value';

/** What mails about automatic rotation say. None has a value in it: the link leads to it, once. */
export const ROTATION_MAILS: Readonly<Record<string, (subject: Subject) => MailContent>> = {
  rotation_due: (subject) => ({
    subject: `Time to rotate ${subject.data.name} at ${subject.company}`,
    heading: `Rotate ${subject.data.name}`,
    paragraphs: [
      `${subject.data.name} for the ${subject.company} API rotates automatically, and a new value waits for you.`,
      'Nothing stops working now. The present value works until you take the new one, and for the agreed time after that, so that you can put the new one into place.',
      ...ending(subject),
    ],
    button: TAKE,
    facts: facts(subject),
    closing: closing(subject),
  }),
  rotation_reminder: (subject) => ({
    subject: `Reminder: ${subject.data.name} at ${subject.company} waits to be rotated`,
    heading: `${subject.data.name} waits to be rotated`,
    paragraphs: [
      'Its new value has not been taken yet. The present one goes on working until then.',
      ...ending(subject),
    ],
    button: TAKE,
    facts: facts(subject),
    closing: closing(subject),
  }),
  rotation_overdue: (subject) => ({
    subject: `${subject.data.name} at ${subject.company} was not rotated`,
    heading: `${subject.data.name} is overdue`,
    paragraphs: [
      'Nobody has taken its new value, and this is the last reminder. The present value goes on working, for longer than a value should.',
    ],
    button: TAKE,
    facts: facts(subject),
    closing: closing(subject),
  }),
  rotation_ended: (subject) => ({
    subject: `${subject.data.name} at ${subject.company} has ended`,
    heading: `${subject.data.name} has ended`,
    paragraphs: [
      'Nobody took its new value in spite of the reminders, and it is set to end then. It does not work any more: make another one in the dashboard if you still need it.',
    ],
    button: 'Open the dashboard',
    facts: facts(subject),
    closing: 'You are told because it is in your care.',
  }),
};

function ending({ data }: Subject): readonly string[] {
  return data.ends_at === undefined
    ? []
    : [`If nobody takes the new value, the present one stops working on ${inWords(data.ends_at)}.`];
}

function facts({ data }: Subject): MailContent['facts'] {
  return [
    ['Name', data.name ?? ''],
    ['Present value', data.hint ?? ''],
    ['Due since', inWords(data.due_at ?? '')],
  ];
}

function closing({ data }: Subject): string {
  const until = data.expires_at === undefined ? '' : `, until ${inWords(data.expires_at)}`;
  return `The link is for you alone${until}. Whoever has the present value can also take the new one with it.`;
}
