import type { Profile } from '../profile/index.ts';
import { checkToken } from './check-token.ts';
import type { GuideDocument, Place, Section } from './document.ts';
import { errors } from './errors.ts';
import { getToken } from './get-token.ts';
import { lifetime } from './lifetime.ts';
import { limits } from './limits.ts';
import { logoOf } from './logo.ts';
import { permissions } from './permissions.ts';
import { code, prose } from './prose.ts';
import { safety } from './safety.ts';
import { sendToken } from './send-token.ts';
import { type GuideOptions, type Subject, subjectOf } from './subject.ts';
import { support } from './support.ts';

/** The integrators' guide of a company: everything in it comes from the profile and from what is served beside it. */
export function guideOf(profile: Profile, options: GuideOptions): GuideDocument {
  const subject = subjectOf(profile, options);
  const { company } = profile;
  const { voice } = subject;
  return {
    company: company.name,
    logo: logoOf(company.logoUrl),
    title: prose`Authentication`,
    lead: prose`How a program proves to the ${company.name} API that it may ask: with ${voice.aToken}. This guide says how to get one, how to send it, how to keep it, and what every refusal means.`,
    essentials: essentials(subject),
    sections: SECTIONS.map((write) => write(subject)).filter((section) => section !== null),
    places: places(subject),
  };
}

const SECTIONS: readonly ((subject: Subject) => Section | null)[] = [
  getToken,
  sendToken,
  checkToken,
  permissions,
  limits,
  lifetime,
  errors,
  safety,
  support,
];

function essentials({ voice, apiUrl, variable, beginnings }: Subject): GuideDocument['essentials'] {
  return [
    prose`Base address: ${code(apiUrl)}`,
    prose`Every request carries ${code('Authorization: Bearer')}, one space and the ${voice.token}, which begins with ${beginnings.flatMap((beginning, index) => prose`${index === 0 ? [] : prose` or `}${code(beginning)}`)}`,
    prose`The samples read it from ${code(variable)}. Do not put it into source files, URLs, logs or client-side code.`,
    prose`401 and 403 do not go away by repeating; after 429 and 503 wait as long as ${code('Retry-After')} says.`,
  ];
}

function places({ offers, profile: { company }, voice }: Subject): Place[] {
  return [
    ...(offers.has('reference')
      ? [{ title: prose`Reference`, href: 'reference', about: prose`every operation, to read and to try` }]
      : []),
    ...(offers.has('description')
      ? [
          {
            title: prose`The API, described`,
            href: 'reference/api.json',
            about: prose`its operations as an OpenAPI document`,
          },
        ]
      : []),
    ...(offers.has('openapi')
      ? [
          {
            title: prose`openapi.json`,
            href: 'openapi.json',
            about: prose`the ${voice.token} endpoints as an OpenAPI description`,
          },
        ]
      : []),
    ...(company.supportUrl === null
      ? []
      : [{ title: prose`Support`, href: company.supportUrl, about: prose`the support of ${company.name}` }]),
  ];
}
