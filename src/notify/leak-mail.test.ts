import { expect, it } from 'vitest';
import { hosting } from '../profile/index.ts';
import { composeMail } from './compose-mail.ts';

const mail = (data: Readonly<Record<string, string>>) => {
  const draft = { id: 'mal_1', template: 'token_leaked', to: 'ada@example.com', createdAt: 0 };
  const stationery = {
    profile: hosting,
    from: { address: 'keys@example.com', name: null },
    dashboardUrl: 'https://keys.example.com',
  };
  return composeMail(
    { ...draft, data: { name: 'ci', hint: 'host_4n2a…Zq8C', at: '2027-01-01T00:00:00.000Z', ...data } },
    null,
    stationery,
  );
};

it.each([
  ['revoke', 'active', 'was leaked and is revoked', 'Whatever used it has stopped working'],
  ['revoke', 'superseded', 'was leaked and is revoked', 'its successor works on'],
  ['alert', 'active', 'was leaked: act now', 'also for whoever else has found it'],
  ['alert', 'disabled', 'was leaked: act now', 'would work again once enabled'],
])('a mail about a leaked token says what to do, under %s of one that is %s', (policy, state, subject, sentence) => {
  const composed = mail({ policy, state, reporter: 'anybody' });
  expect(composed?.subject).toContain(subject);
  for (const text of [composed?.text, composed?.html]) {
    expect(text).toContain(sentence);
    expect(text).toContain('host_4n2a…Zq8C');
    expect(text).not.toContain('Found at');
  }
  expect(mail({ policy, state, reporter: 'github', url: 'https://github.com/a/b' })?.text).toContain('github.com/a/b');
});
