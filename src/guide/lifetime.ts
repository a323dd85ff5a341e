import type { Block, Prose, Section } from './document.ts';
import { listed, plain, prose, sample, strong } from './prose.ts';
import { replacement } from './replacement.ts';
import { curlCommand } from './samples.ts';
import type { Subject } from './subject.ts';
import { durationText } from './voice.ts';

/** How long a token lives, how it is exchanged for another, and how it is ended. */
export function lifetime(subject: Subject): Section {
  const blocks: Block[] = [
    { is: 'heading', id: 'expiry', text: prose`When it ends by itself` },
    { is: 'paragraph', text: expiry(subject) },
    { is: 'heading', id: 'rotation', text: prose`How to replace it` },
    ...replacement(subject),
    { is: 'heading', id: 'revocation', text: prose`How to stop it` },
    ...revocation(subject),
  ];
  return {
    id: 'lifetime',
    title: prose`Expiry, replacement, revocation`,
    blocks,
  };
}

function expiry({
  profile: {
    expiry: { lifetime: usual, lifetimeMax },
    onePerOwner,
    selfService,
  },
  voice,
}: Subject): Prose {
  const mayChoose = selfService && !onePerOwner;
  if (usual === null) {
    const chosen = mayChoose ? plain(' unless you chose a date when you made it') : [];
    return prose`${voice.ATokenUpper} does not end by itself${chosen}. Replace it regularly all the same, every 90 days for instance, and whenever somebody who could read it leaves.`;
  }
  const longest =
    lifetimeMax === null || lifetimeMax === usual || !mayChoose
      ? []
      : prose` You can choose another date when you make it, at most ${plain(durationText(lifetimeMax))} away.`;
  return prose`${voice.ATokenUpper} works for ${plain(durationText(usual))}. After that every request is refused until a new one is used.${longest} Put the date into your calendar: replacing it a week early costs nothing, and a week late is an outage.`;
}

function revocation(subject: Subject): Block[] {
  const { profile, voice, variable, apiUrl, offers, pathOf } = subject;
  const { words, selfService } = profile;
  const paths = words.menuPaths.map((path) => strong(path.join(' → ')));
  const where = selfService
    ? prose`Open ${listed(paths, 'or')} and choose ${strong(words.revokeButton)} beside the ${voice.token}.`
    : prose`Ask an administrator to choose ${strong(words.revokeButton)} in ${listed(paths, 'or')}.`;
  const blocks: Block[] = [
    {
      is: 'paragraph',
      text: prose`${where} It is refused from that moment on, everywhere, and nothing brings it back. Do this at once when somebody may have seen it; asking afterwards whether it was necessary is cheaper.`,
    },
  ];
  if (!offers.has('revoke')) return blocks;
  const url = apiUrl + pathOf({ below: 'tokens', path: '/current' });
  return [
    ...blocks,
    {
      is: 'paragraph',
      text: prose`${voice.ATokenUpper} can also stop itself, which is the quickest way when you hold one that you found where it does not belong:`,
    },
    {
      is: 'code',
      sample: sample('sh', curlCommand({ method: 'DELETE', url, variable })),
    },
  ];
}
