import { inWords } from './in-words.ts';
import type { MailContent, Subject } from './templates.ts';

/** What people are told when somebody has reported the value of a token. It has no part of the value but the hint. */
export function leakMail({ company, data, at }: Subject): MailContent {
  const isRevoked = data.policy === 'revoke';
  return {
    subject: isRevoked
      ? `${data.name} at ${company} was leaked and is revoked`
      : `${data.name} at ${company} was leaked: act now`,
    heading: isRevoked ? `${data.name} is revoked` : `${data.name} was leaked`,
    paragraphs: [
      `${data.reporter === 'github' ? 'GitHub' : 'Somebody'} has found the whole value of ${data.name} where it should not be, and has sent it to us.`,
      isRevoked
        ? 'It was revoked at once, so that nobody can use it any more. Whatever used it has stopped working: make another one, and put it into place.'
        : `${data.state === 'disabled' ? 'It is disabled, and would work again once enabled' : 'It goes on working, also for whoever else has found it'}: rotate it without grace, or revoke it.`,
      ...(data.state === 'superseded'
        ? ['It was rotated before, and its successor works on. If you did not rotate it yourself, revoke that as well.']
        : []),
    ],
    button: 'Open the dashboard',
    facts: [
      ['Name', data.name ?? ''],
      ['Value', data.hint ?? ''],
      ['Reported', inWords(at)],
      ...(data.url === undefined ? [] : [['Found at', data.url] as const]),
    ],
    closing: 'Take the value away from where it is, history included, and look through the uses of the last days.',
  };
}
