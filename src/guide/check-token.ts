import type { Section } from './document.ts';
import { code, plain, prose, sample } from './prose.ts';
import { curlCommand } from './samples.ts';
import type { Subject } from './subject.ts';

/** What the bearer of a token can ask about it. */
export function checkToken(subject: Subject): Section | null {
  const { voice, variable, apiUrl, offers, pathOf } = subject;
  if (!offers.has('test')) return null;
  const path = pathOf({ below: 'root', path: '/v1/auth/test' });
  const isAsked = subject.profile.grants[0] === 'permissions';
  const call = { method: 'GET', url: apiUrl + path, variable } as const;
  return {
    id: 'check',
    title: prose`Check your ${voice.token}`,
    blocks: [
      {
        is: 'paragraph',
        text: prose`${code(`GET ${path}`)} needs no permission and answers any ${voice.token} that works. It counts as one request.`,
      },
      { is: 'code', sample: sample('sh', curlCommand(call)) },
      { is: 'code', sample: sample('json', JSON.stringify(exampleAnswer(subject), null, 2)) },
      {
        is: 'list',
        items: [
          prose`${code('key_id')} names the ${voice.token} without giving it away: quote it to support, never the value.`,
          prose`${code('permissions')} is what it ${isAsked ? plain('was given') : plain('may do')}.`,
          prose`${code('rate_limit')} is how much is left; it is ${code('null')} where nothing is limited.`,
        ],
      },
      {
        is: 'paragraph',
        text: prose`Any request with the header ${code('X-Debug-Auth: true')} is answered with what was checked, also when it is refused. Only ${voice.aToken} that exists and still works gets these headers:`,
      },
      {
        is: 'code',
        sample: sample('sh', curlCommand(call, ['-H "X-Debug-Auth: true" -o /dev/null -D -'])),
      },
      {
        is: 'table',
        columns: [prose`Header`, prose`What it says`],
        rows: [
          { cells: [prose`${code('X-Auth-Key-ID')}`, prose`the id of the ${voice.token}`] },
          { cells: [prose`${code('X-Auth-Permissions')}`, prose`the same permissions, separated by commas`] },
          {
            cells: [
              prose`${code('X-Auth-IP-Check')}`,
              prose`${code('passed')}, ${code('failed')}, or ${code('not-restricted')} where it may come from any address`,
            ],
          },
          {
            cells: [
              prose`${code('X-Auth-Rate-Limit')}`,
              prose`what is left and the limit, ${code('999/1000')}, or ${code('unlimited')}`,
            ],
          },
        ],
      },
    ],
  };
}

/** The answer to the first request of a token of the usual tier. */
function exampleAnswer({ profile }: Subject): unknown {
  const { tiers, defaultTier } = profile.limits;
  const windows = tiers[defaultTier]?.windows ?? 'unlimited';
  const longest = windows === 'unlimited' ? undefined : windows[0];
  return {
    authenticated: true,
    key_id: `${profile.token.idPrefix}_4n2aZq8C4n2aZq8C4n2aZq`,
    permissions: examplePermissions(profile),
    rate_limit:
      longest === undefined
        ? null
        : { limit: longest.limit, remaining: longest.limit - 1, reset: '2026-01-31T15:00:00.000Z' },
  };
}

/** Two permissions that make sense here. */
function examplePermissions({ catalogue, levels, grants }: Subject['profile']): readonly string[] {
  if (catalogue === 'open') return ['servers:read', 'instances:*'];
  const level = levels[0];
  if (grants[0] === 'level' && level !== undefined) return level.permissions;
  return catalogue.slice(0, 2).map(({ permission }) => permission);
}
