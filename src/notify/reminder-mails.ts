import { inWords } from './in-words.ts';
import type { MailContent, MailList, Subject } from './templates.ts';

/** One thing that people are reminded of, as the outbox has it. */
interface Item {
  readonly kind: string;
  readonly name: string;
  readonly hint: string | null;
  readonly owner: string | null;
  readonly at: string;
  readonly tokens: number | null;
  readonly path: string;
}

interface Section {
  readonly title: (subject: Subject) => string;
  readonly note: (item: Item, subject: Subject) => string;
}

/** In the order of the mail, the most urgent first. */
const SECTIONS: Readonly<Record<string, Section>> = {
  expiring: {
    title: () => 'Ending soon',
    note: ({ at }) => `ends on ${inWords(at)}`,
  },
  owner_ended: {
    title: () => 'Left behind',
    note: ({ at, tokens }, subject) =>
      `disabled or gone since ${inWords(at)}, with ${tokens} ${subject.tokens} that nobody has revoked`,
  },
  rotation_overdue: {
    title: () => 'Time to rotate',
    note: ({ at }) => `the same value since ${inWords(at)}`,
  },
  unused: {
    title: () => 'Not used any more',
    note: ({ at }) => `not used since ${inWords(at)}: revoke it if nobody needs it`,
  },
};

/** The mail of the day: everything that one person is reminded of. */
export function remindersMail(subject: Subject): MailContent {
  const items = itemsOf(subject.data.items);
  const count = Math.max(items.length, Number(subject.data.count) || 0);
  const [first] = items;
  const isOne = count === 1 && first !== undefined;
  const heading = isOne ? `${first.name} needs a look` : `${count} reminders about ${subject.tokens}`;
  const rest = count - items.length;
  return {
    subject: isOne
      ? `${first.name} at ${subject.company}: ${SECTIONS[first.kind]?.title(subject).toLowerCase()}`
      : `${count} reminders about ${subject.tokens} at ${subject.company}`,
    heading,
    paragraphs: [
      `These are reminders about ${subject.tokens} for the ${subject.company} API. Each comes once, and all of a day in one mail.`,
    ],
    lists: Object.entries(SECTIONS).flatMap(([kind, section]) => listOf(kind, section, items, subject)),
    button: 'Open the dashboard',
    facts: rest > 0 ? [['And', `${rest} more, less urgent`]] : [],
    closing: 'Nothing was changed. You are told because they are in your care.',
  };
}

function listOf(kind: string, section: Section, items: readonly Item[], subject: Subject): readonly MailList[] {
  const lines = items
    .filter((item) => item.kind === kind)
    .map((item) => ({
      label: [item.name, item.hint].filter((part) => part !== null).join(' '),
      link: `${subject.dashboardUrl}${item.path}`,
      note: [item.owner === null ? null : `of ${item.owner}`, section.note(item, subject)]
        .filter((part) => part !== null)
        .join(', '),
    }));
  return lines.length === 0 ? [] : [{ title: section.title(subject), lines }];
}

function itemsOf(text: string | undefined): readonly Item[] {
  return text === undefined ? [] : (JSON.parse(text) as Item[]);
}
