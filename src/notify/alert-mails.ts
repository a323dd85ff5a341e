import { inWords } from './in-words.ts';
import type { MailContent, Subject } from './templates.ts';

interface Wording {
  readonly subject: (about: string, company: string) => string;
  readonly text: string;
  readonly advice: string;
}

const REVOKE = 'If you do not know it, revoke the token now and make another one.';

/** What each kind of alert says, and what to do about it. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  new_network: {
    subject: (about, company) => `${about} at ${company} was used from a new network`,
    text: 'It was used from a network that it was never used from before.',
    advice: `If a server of yours has moved, all is well. ${REVOKE}`,
  },
  denial_burst: {
    subject: (about, company) => `Many requests with ${about} at ${company} are refused`,
    text: 'Many requests with it were refused within an hour.',
    advice:
      'Either a program needs more than its token may do, or somebody tries out what it may. The dashboard says why each was refused.',
  },
  used_after_end: {
    subject: (about, company) => `${about} at ${company} is used after its end`,
    text: 'It was revoked or replaced, and somebody still uses it. Every such request is refused.',
    advice: 'If a program of yours was forgotten, give it the new value. If not, somebody has a copy of the old one.',
  },
  failures_from_address: {
    subject: (_about, company) => `Somebody tries out tokens at ${company}`,
    text: 'Many texts that could be a token and are none came from one network within an hour. None was accepted.',
    advice: 'Nothing has to be done. If it goes on, keep the network out where requests come in.',
  },
  rotated_from_new_address: {
    subject: (about, company) => `${about} at ${company} was rotated from a new network`,
    text: 'It rotated itself from a network that it was never used from before. Whoever did has its new value.',
    advice: REVOKE,
  },
  token_in_url: {
    subject: (_about, company) => `Tokens are sent in addresses at ${company}`,
    text: 'Requests had a token in their address, where logs of proxies and browsers keep it. They were refused.',
    advice: 'Send the token in the Authorization header, and rotate the one that was in the address.',
  },
};

/** Of an alert about what was unusual. */
export function alertMail({ company, data }: Subject): MailContent {
  const wording = WORDINGS[data.kind ?? ''] ?? (WORDINGS.denial_burst as Wording);
  const about = data.name ?? 'A token';
  return {
    subject: wording.subject(about, company),
    heading: wording.subject(about, company),
    paragraphs: [
      wording.text,
      wording.advice,
      ...(data.is_last === undefined
        ? []
        : ['This is the last mail about alerts in this hour; the dashboard has all of them.']),
    ],
    button: 'Open the dashboard',
    facts: [
      ...(data.name === undefined ? [] : [['Name', data.name] as const]),
      ...(data.hint === undefined ? [] : [['Value', data.hint] as const]),
      ...(data.network === undefined ? [] : [['Network', data.network] as const]),
      ['Seen', inWords(data.at ?? '')],
      ['How often so far', data.count ?? '1'],
    ],
    closing: 'You are told once; what follows on the same day is counted in the dashboard.',
  };
}
