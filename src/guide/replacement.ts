import { formatInstant, parseGracePeriod } from '../policy/index.ts';
import type { Block, Prose } from './document.ts';
import { showsCodes } from './errors.ts';
import { code, plain, prose, sample } from './prose.ts';
import { curlCommand } from './samples.ts';
import type { Subject } from './subject.ts';
import { durationText } from './voice.ts';

/** How one token takes the place of another, in the ways that this company has. */
export function replacement(subject: Subject): Block[] {
  const { profile, offers } = subject;
  const rotates = profile.selfService && offers.has('rotate');
  return [
    ...(profile.onePerOwner ? atOnce(subject) : []),
    ...(rotates ? rotation(subject) : []),
    ...(!rotates && !profile.onePerOwner ? sideBySide(subject) : []),
  ];
}

/** Where a new one ends the old one. */
function atOnce({ profile, voice }: Subject): Block[] {
  const make = profile.selfService
    ? prose`Make a new one`
    : prose`Ask for a new one, or make it if you are an administrator,`;
  return [
    {
      is: 'paragraph',
      text: prose`${make} in the same way as the first. The old ${voice.token} ends at that moment, so plan for a short gap: stop what uses it, put the new one in its place, start again.`,
    },
  ];
}

/** Two tokens side by side, and then one. */
function sideBySide({ profile, voice }: Subject): Block[] {
  const first = profile.selfService ? prose`Make a second ${voice.token}` : prose`Have a second ${voice.token} made`;
  return [
    {
      is: 'steps',
      items: [
        prose`${first} with the same permissions.`,
        prose`Give it to your application, and see that it works.`,
        prose`Revoke the old one.`,
      ],
    },
  ];
}

function rotation(subject: Subject): Block[] {
  const { profile, voice, variable, apiUrl, pathOf } = subject;
  const url = apiUrl + pathOf({ below: 'tokens', path: '/current/rotate' });
  return [
    {
      is: 'paragraph',
      text: prose`This request, sent with the ${voice.token} you have, is answered with its successor, which has the same name, permissions and limits:`,
    },
    { is: 'code', sample: sample('sh', curlCommand({ method: 'POST', url, variable })) },
    { is: 'code', sample: sample('json', JSON.stringify(exampleRotation(subject), null, 2)) },
    {
      is: 'list',
      items: [
        prose`${code('new_key.value')} is the new ${voice.token}, shown this once. Store it before you do anything else.`,
        fateOfTheOld(profile),
        prose`If the answer gets lost on its way, send the same request again with the old ${voice.token}: for ten minutes, and as long as the new one has not been used, you are given the same new one. After that it is refused with 409${showsCodes(subject) ? prose` ${code('already_rotated')}` : []}.`,
        profile.expiry.lifetime === null
          ? prose`A date on which the old one was to end is the date of the new one too.`
          : prose`The life of the new one begins at that moment; only a date that you chose yourself stays as it is.`,
      ],
    },
  ];
}

function fateOfTheOld({ rotation: { gracePeriod }, onePerOwner, fieldNames }: Subject['profile']): Prose {
  if (onePerOwner) return prose`The old one ends at that moment.`;
  const field = fieldNames.grace_period ?? 'grace_period';
  const choice = prose`The body ${code(JSON.stringify({ [field]: '1h' }))}, sent as ${code('application/json')}, asks for another time, and ${code('0s')} for none.`;
  if (gracePeriod === '0s') return prose`The old one ends at that moment. ${choice}`;
  return prose`The old one goes on working for ${plain(durationText(gracePeriod))}, until ${code('old_key.expires_at')}, so that you can exchange it everywhere without a gap. Then it ends by itself; until then, the answers it gets say so in ${code('Deprecation')} and ${code('Sunset')}. ${choice}`;
}

const ROTATED_AT = Date.parse('2026-01-31T14:00:00Z');

function exampleRotation({ profile, beginnings }: Subject): unknown {
  const { idPrefix } = profile.token;
  const graceMs = profile.onePerOwner ? 0 : (parseGracePeriod(profile.rotation.gracePeriod) ?? 0);
  return {
    old_key: { id: `${idPrefix}_4n2aZq8C4n2aZq8C4n2aZq`, expires_at: formatInstant(ROTATED_AT + graceMs) },
    new_key: {
      id: `${idPrefix}_7w9dKt3F7w9dKt3F7w9dKt`,
      value: `${beginnings[0]}…`,
      created_at: formatInstant(ROTATED_AT),
    },
  };
}
