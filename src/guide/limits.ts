import type { LimitTier } from '../profile/index.ts';
import type { Block, Prose, Section } from './document.ts';
import { code, link, plain, prose, stacked, strong } from './prose.ts';
import type { Subject } from './subject.ts';
import { numberText, periodText } from './voice.ts';

/** How many requests are accepted, and how a program can tell where it stands. */
export function limits(subject: Subject): Section {
  const { profile } = subject;
  const { tiers, defaultTier } = profile.limits;
  const all = Object.entries(tiers);
  const isLimited = all.some(([, { windows }]) => windows !== 'unlimited');
  const blocks: Block[] = isLimited
    ? [
        ...tierTable(
          all.map(([, tier]) => tier),
          tiers[defaultTier],
          subject,
        ),
        { is: 'heading', id: 'where-you-stand', text: prose`Where you stand` },
        ...standing(subject),
      ]
    : [{ is: 'paragraph', text: prose`Requests are not limited.` }];
  return {
    id: 'limits',
    title: prose`Limits`,
    blocks,
  };
}

function tierTable(tiers: readonly LimitTier[], usual: LimitTier | undefined, subject: Subject): Block[] {
  const { voice, profile, offers } = subject;
  const rotates = profile.selfService && offers.has('rotate');
  const hasUses = tiers.some(({ useCase }) => useCase !== null);
  const other =
    usual === undefined || tiers.length < 2
      ? []
      : prose`${voice.ATokenUpper} has the limits of ${strong(usual.label)} unless it was given others. `;
  return [
    {
      is: 'table',
      columns: [prose`Tier`, prose`Accepted requests`, ...(hasUses ? [prose`Meant for`] : [])],
      rows: tiers.map(({ label, windows, useCase }) => ({
        cells: [prose`${strong(label)}`, windowsText(windows), ...(hasUses ? [prose`${useCase ?? ''}`] : [])],
      })),
    },
    {
      is: 'paragraph',
      text: prose`${other}The windows slide: in no stretch of that length are more requests accepted, wherever it begins. A refused request is not counted.${rotates ? prose` After a rotation the new ${voice.token} goes on with the count of the old one.` : []}`,
    },
  ];
}

function windowsText(windows: LimitTier['windows']): Prose {
  if (windows === 'unlimited') return prose`as many as you like`;
  const texts = windows.map(({ limit, seconds }) => `${numberText(limit)} in any ${periodText(seconds)}`);
  return plain(texts.join(', and '));
}

function standing({ voice, offers }: Subject): Block[] {
  const named = offers.has('test') ? prose`, and ${code('rate_limit')} when you ${link('check it', '#check')}` : [];
  return [
    {
      is: 'paragraph',
      text: prose`With ${voice.aToken} that has limits, the answer to every request that is counted, and every refusal with 429, has these headers${named}:`,
    },
    {
      is: 'table',
      columns: [prose`Where`, prose`What it says`],
      rows: [
        {
          cells: [
            stacked([code('limit'), code('X-RateLimit-Limit')]),
            prose`how many requests the longest window accepts`,
          ],
        },
        {
          cells: [stacked([code('remaining'), code('X-RateLimit-Remaining')]), prose`how many of them are left now`],
        },
        {
          cells: [
            stacked([code('reset'), code('X-RateLimit-Reset')]),
            prose`when the oldest counted requests leave the window and their room comes back, not when all of it does: a point in time in JSON, seconds since 1970 in the header`,
          ],
        },
        {
          cells: [
            stacked([code('RateLimit-Policy'), code('RateLimit')]),
            prose`the same for every window: ${code('q')} is the limit, ${code('w')} the window in seconds, ${code('r')} what is left, ${code('t')} the seconds until ${code('reset')}`,
          ],
        },
        {
          cells: [prose`${code('Retry-After')}`, prose`with a refusal: in how many seconds to try again`],
        },
      ],
    },
    {
      is: 'paragraph',
      text: prose`Wait as long as ${code('Retry-After')} says before you repeat a request that was refused with 429. To be refused less often, spread the work, and ask once for what you now ask for many times.`,
    },
  ];
}
