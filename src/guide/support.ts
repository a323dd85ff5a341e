import type { Section } from './document.ts';
import { code, link, listed, prose } from './prose.ts';
import type { Subject } from './subject.ts';

/** Whom to ask, where the company says. */
export function support({ profile: { company }, voice }: Subject): Section | null {
  const ways = [
    ...(company.supportUrl === null ? [] : [link(company.supportUrl, company.supportUrl)]),
    ...(company.supportEmail === null ? [] : [link(company.supportEmail, `mailto:${company.supportEmail}`)]),
  ];
  if (ways.length === 0) return null;
  return {
    id: 'support',
    title: prose`Get help`,
    blocks: [
      {
        is: 'paragraph',
        text: prose`The support of ${company.name} is at ${listed(ways, 'or')}. Send the ${code('X-Request-Id')} of the answer, the time, and the id of the ${voice.token}. Never send the ${voice.token} itself: support does not need it, and whoever asks for it is not support.`,
      },
    ],
  };
}
