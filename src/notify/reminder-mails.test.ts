import { describe, expect, it } from 'vitest';
import { type Profile, presets } from '../profile/index.ts';
import { composeMail } from './compose-mail.ts';

const hosting = presets.hosting as Profile;

const item = (fields: object) => ({
  ...{ kind: 'expiring', name: 'ci', hint: 'kh_live_ABcd…wxyz', owner: null, at: '2027-03-03T08:00:00.000Z' },
  ...{ tokens: null, path: '/tokens/tok_1' },
  ...fields,
});

const mail = (count: number, ...items: object[]) =>
  composeMail(
    {
      ...{ id: 'mal_1', template: 'reminders', to: 'ada@example.com', createdAt: 0 },
      data: { count: String(count), items: JSON.stringify(items), at: '2027-02-24T08:00:00.000Z' },
    },
    null,
    {
      profile: hosting,
      from: { address: 'keys@example.com', name: null },
      dashboardUrl: 'https://keys.example.com',
    },
  );

describe('the mail of reminders', () => {
  it('names one thing in its subject, and links to its page', () => {
    const one = mail(1, item({}));
    expect(one?.subject).toBe(`ci at ${hosting.company.name}: ending soon`);
    expect(one?.text).toContain(
      '- ci kh_live_ABcd…wxyz: ends on 3 March 2027 at 08:00 UTC\n  https://keys.example.com/tokens/tok_1\n',
    );
    expect(one?.html).toContain('<a class="link" href="https://keys.example.com/tokens/tok_1"');
  });

  it('lists several by what is to be done, most urgent first, and counts the rest', () => {
    const several = mail(
      30,
      item({}),
      item({ kind: 'owner_ended', name: 'Bob', hint: null, tokens: 3, path: '/owners/bob' }),
      item({ kind: 'unused', name: 'old', owner: 'Bob' }),
    );
    const { tokens } = hosting.words;
    expect(several?.subject).toBe(`30 reminders about ${tokens} at ${hosting.company.name}`);
    expect(several?.text).toContain(`with 3 ${tokens} that nobody has revoked`);
    expect(several?.text).toContain('old kh_live_ABcd…wxyz: of Bob, not used since');
    expect(several?.text).toContain('And: 27 more, less urgent');
    const at = ['Ending soon', 'Left behind', 'Not used any more'].map((title) => several?.text.indexOf(title) ?? -1);
    expect(at).toEqual(at.toSorted((one, other) => one - other));
    expect(at).not.toContain(-1);
  });

  it('row 20: keeps a name on its line, whatever stands in it', () => {
    const name = 'ci\r\nBcc: eve@example.com\u2028<script>\u001b[2J"';
    const hostile = mail(1, item({ name, owner: name }));
    expect(hostile?.subject).not.toMatch(/[\p{Cc}\p{Zl}]/u);
    expect(hostile?.text.split('\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(hostile?.html).not.toContain('<script>');
  });
});
