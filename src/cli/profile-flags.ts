import type { Answers } from '../profile/draft/index.ts';
import type { OptionSpec } from './command.ts';

/** What a new company can be told of as flags, by the answer that each of them gives. */
export const PROFILE_FLAGS: Readonly<Record<keyof Answers, OptionSpec>> = {
  company: { flags: '--company <name>', about: 'What customers know the company by.' },
  name: { flags: '--name <name>', about: "The profile's own name; made of the company's when left out." },
  supportUrl: { flags: '--support-url <address>', about: 'Page that helps people who are stuck, or none.' },
  supportEmail: { flags: '--support-email <address>', about: 'E-mail address for the same, or none.' },
  signInUrl: { flags: '--sign-in-url <address>', about: 'Where customers sign in to make tokens, or none.' },
  apiBaseUrl: { flags: '--api-base-url <address>', about: 'Address of your API in samples, without a path, or none.' },
  environments: {
    flags: '--environments <list>',
    about: 'What tokens say in their value: live,test or live, or none where they say nothing.',
  },
  prefix: {
    flags: '--prefix <prefix>',
    about: 'What every token begins with. It cannot be changed for tokens that exist.',
  },
  tokenWord: { flags: '--token-word <word>', about: 'What customers call a token: "API key".' },
  tokensPath: { flags: '--tokens-path <path>', about: 'Where the endpoints about tokens are.' },
  grants: {
    flags: '--grants <list>',
    about: 'Ways to say what a token may do, out of permissions, level and inherit (all that its owner may).',
  },
  lifetime: {
    flags: '--lifetime <duration>',
    about: 'Life of a token that asks for nothing else: a duration such as 90d, or never where it does not end.',
  },
  onePerOwner: {
    flags: '--one-per-owner <answer>',
    about: 'Whether a new token ends the one its owner had: yes or no.',
  },
  selfService: { flags: '--self-service <answer>', about: 'Whether owners make tokens for themselves: yes or no.' },
};
