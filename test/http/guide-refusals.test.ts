import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DENIAL_REASONS, type DenialReason } from '../../src/policy/index.ts';
import { BRING, bearer, GUARDED } from './bring-denial.ts';
import { EVERY_PROFILE, openProfileHouse, type ProfileHouse, type RawAnswer } from './profile-house.ts';

/** Fields that the guide prints, as it spells them. */
const PRINTED = ['Content-Type', 'WWW-Authenticate', 'Retry-After', 'X-Request-Id'];

describe.each(EVERY_PROFILE.map((profile) => [profile.name, profile] as const))('the guide of %s', (_name, given) => {
  let at: ProfileHouse;
  let guide: string;
  beforeAll(async () => {
    at = await openProfileHouse(given);
    const answer = await at.call('GET', '/guide.md', null);
    expect(answer.status).toBe(200);
    guide = answer.body;
  });
  afterAll(() => at?.close());

  /** The answer printed below the heading of this refusal. */
  const printed = (reason: DenialReason): string => {
    const answers = [...guide.matchAll(/^(`{3,})http\n(HTTP\/1\.1 [\s\S]*?)\n\1$/gm)].map(([, , text]) => String(text));
    return answers[DENIAL_REASONS.indexOf(reason)] as string;
  };

  it('lists every refusal once in its table, and shows the answer to each', () => {
    const rows = guide.split('\n').filter((line) => /^\| `\d{3}`.*\]\(#/.test(line));
    expect(rows.map((row) => Number(row.slice(3, 6)))).toEqual(
      DENIAL_REASONS.map((reason) => given.errors.denials[reason].status),
    );
    for (const reason of DENIAL_REASONS) expect(printed(reason)).toMatch(/^HTTP\/1\.1 \d{3} \w/);
  });

  it('says of a quoted token and of a sample that they are not valid, as they are answered', async () => {
    const causes = guide.split('<a id="invalid_token"></a>')[1]?.split('**What to do.**')[0] ?? guide;
    expect(causes).toContain('has quotation marks or brackets around it');
    expect(causes).toContain('A sample was sent in its place');
    const denied = given.errors.denials.invalid_token;
    for (const sent of ['"x"', '<x>', 'YOUR_API_TOKEN', 'undefined']) {
      const { status, headers } = await at.send(GUARDED, bearer(sent));
      expect([status, headers['www-authenticate']], sent).toEqual([
        denied.status,
        expect.stringContaining('error="invalid_token"'),
      ]);
    }
  });

  it.each(DENIAL_REASONS)('H1: prints for %s what this address really answers', async (reason) => {
    const { answer } = await BRING[reason](at);
    expect(comparable(wired(answer), at.guard)).toBe(comparable(printed(reason), at.guard));
  });

  /** Without what differs from request to request, and with the permission of this house in place of the guide's. */
  const comparable = (text: string, guard: string): string => {
    const missing = /scope="([^"]+)"/.exec(printed('insufficient_permissions'))?.[1] ?? '';
    return text
      .replace(/^(HTTP\/1\.1 \d+ ).*/, '$1')
      .replaceAll(missing, guard)
      .replace(/req_\w+/g, 'req_…')
      .replace(/Retry-After: \d+/, 'Retry-After: …')
      .replace(/\b\d+ s\./g, '… s.')
      .replace(/"retry_after": \d+/, '"retry_after": …');
  };
});

function wired({ status, headers, json }: RawAnswer): string {
  const lines = PRINTED.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  return [`HTTP/1.1 ${status} `, ...lines, '', JSON.stringify(json, null, 2)].join('\n');
}
