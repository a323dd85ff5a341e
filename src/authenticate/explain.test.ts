import { describe, expect, it } from 'vitest';
import type { DenialDetails, DenialRecord } from '../ports/index.ts';
import { sampleDenial } from '../testing/sample-records.ts';
import { EXPLAINED_CHECKS, type ExplainedCheck, explain } from './explain.ts';
import { JUDGED_CHECKS } from './judge.ts';

const words = { token: 'API key', tokens: 'API keys' };
const token = { name: 'ci', hint: 'kh_live_4n2a…Zq8C', environment: 'live', expiresAt: 1_700_000_000_000 };

function refused(cause: string, details: Partial<DenialDetails> = {}, fields: Partial<DenialRecord> = {}) {
  const common = { environments: ['live'], allOf: [], anyOf: [], addressFrom: 'connection', token, allowlist: null };
  return sampleDenial({ cause, details: { ...common, ...details }, ...fields });
}

const unmatched = { tokenId: null, lineageId: null };

/** Cause, what else the door saw, the check it failed at, and words that say what was compared and what to do. */
const CAUSES: readonly [cause: string, record: DenialRecord, at: ExplainedCheck, said: RegExp, advice: RegExp][] = (
  [
    ['no_credential', {}, unmatched, 'syntax', /no credential/, /Send Authorization/],
    ['token_in_url', {}, unmatched, 'syntax', /in the URL/, /replace this one/],
    ['malformed', { problem: 'duplicate' }, unmatched, 'syntax', /More than one/, /exactly one/],
    ['malformed', { problem: 'empty' }, unmatched, 'syntax', /Nothing stands/, /variable/],
    ['malformed', { problem: 'syntax' }, unmatched, 'syntax', /Bearer/, /nothing else/],
    ['malformed', { problem: 'two_methods' }, unmatched, 'syntax', /another in the URL/, /header alone/],
    ['malformed', { problem: 'too_many' }, unmatched, 'syntax', /more header lines/, /100/],
    ['foreign', {}, unmatched, 'syntax', /does not begin as every API key/, /belongs to something else/],
    ['mistyped', { problem: 'length' }, unmatched, 'syntax', /too short/, /Copy the whole API key/],
    ['mistyped', { problem: 'alphabet' }, unmatched, 'syntax', /character/, /Copy/],
    ['mistyped', { problem: 'environment' }, unmatched, 'syntax', /environment/, /Copy/],
    ['mistyped', { problem: 'checksum' }, unmatched, 'checksum', /last six/, /Copy/],
    ['too_many_failures', {}, unmatched, 'digest', /Too many/, /Wait/],
    ['authority_unavailable', {}, unmatched, 'digest', /could not be reached/, /outage/],
    ['unknown', {}, unmatched, 'digest', /No valid API key/, /ended or never was/],
    ['wrong_kind', {}, unmatched, 'kind_and_environment', /another kind/, /another purpose/],
    ['wrong_environment', {}, {}, 'kind_and_environment', /is for live; served here: live/, /live/],
    ['revoked', {}, {}, 'not_ended', /is revoked/, /never works again/],
    ['disabled', {}, {}, 'not_ended', /is disabled/, /Enable/],
    ['replaced', { since: 1_700_000_000_000 }, {}, 'not_ended', /2023-11-14T22:13:20/, /replaced/],
    ['expired', {}, {}, 'not_expired', /expires at 2023-11-14T22:13:20/, /rotate/],
    ['owner_disabled', {}, {}, 'owner', /owner is disabled/, /Enable the owner/],
    ['membership_ended', {}, {}, 'owner', /no longer in the workspace/, /place in the workspace/],
    ['workspace_disabled', {}, {}, 'owner', /workspace is disabled/, /Enable the workspace/],
    [
      'address_not_allowed',
      { allowlist: ['192.0.2.0/24'] },
      {},
      'address',
      /203\.0\.113\.9.*not on/,
      /put 203\.0\.113\.9/,
    ],
    ['address_not_allowed', { allowlist: ['192.0.2.0/24'] }, { ip: null }, 'address', /not known/, /proxies/],
    ['ambiguous_path', { rule: null }, {}, 'route', /two ways/, /plain form/],
    [
      'no_matching_rule',
      { rule: null },
      {},
      'route',
      /No route rule fits GET \/v1\/servers/,
      /write a route rule for GET/,
    ],
    [
      'permission_missing',
      { allOf: ['a:b', 'c:d'], missing: ['c:d'], held: ['a:b'], heldCount: 3 },
      {},
      'permission',
      /all of a:b, c:d.*Missing: c:d.*Held: a:b and 2 more/,
      /c:d/,
    ],
    [
      'limit_reached',
      {
        retryAfterMs: 1_500,
        windows: [{ name: 'minute', limit: 5, seconds: 60, remaining: 0, resetAt: 1_700_000_060_000 }],
      },
      {},
      'rate_limit',
      /0 of 5 per minute left; reset at 2023-11-14T22:14:20/,
      /Wait until 2023-11-14T22:13:21/,
    ],
    ['limit_reached', { retryAfterMs: null }, {}, 'rate_limit', /limit/, /higher limit/],
  ] as const
).map(([cause, details, fields, at, said, advice]) => [cause, refused(cause, details, fields), at, said, advice]);

describe('explaining a refusal', () => {
  it.each(CAUSES)(
    'says of %s where it failed, what was compared and what to do',
    (_cause, record, at, said, advice) => {
      const explanation = explain(record, words);
      expect(explanation.checks.map(({ check }) => check)).toEqual(EXPLAINED_CHECKS);
      const failed = explanation.checks.filter(({ outcome }) => outcome === 'failed');
      expect(failed.map(({ check }) => check)).toEqual([at]);
      expect(failed[0]?.compared).toMatch(said);
      expect(explanation.advice).toMatch(advice);
      const place = EXPLAINED_CHECKS.indexOf(at);
      for (const [index, { check, outcome, compared }] of explanation.checks.entries()) {
        const isSkipped = check === 'digest' && record.cause === 'wrong_kind';
        if (index > place || isSkipped) expect([check, outcome, compared]).toEqual([check, 'not_reached', null]);
        else if (index < place)
          expect([check, outcome, compared]).toEqual([check, 'passed', expect.stringMatching(/\.$/)]);
      }
    },
  );

  it('takes the order of the checks from the judge, between what comes before and after it', () => {
    expect(EXPLAINED_CHECKS.slice(3, -1)).toEqual(JUDGED_CHECKS);
    expect(JUDGED_CHECKS).toEqual([
      'kind_and_environment',
      'not_ended',
      'not_expired',
      'owner',
      'address',
      'route',
      'permission',
    ]);
  });

  it('calls a token what the company calls it', () => {
    const { checks, advice } = explain(refused('revoked'), words);
    const text = JSON.stringify([checks, advice]);
    expect(text).toContain('API key');
    expect(text).not.toMatch(/\btoken\b/);
  });

  it('names the rule that asked and the header the address came from', () => {
    const rule = { methods: 'GET', path: '/v1/servers/{id}' };
    const record = refused('permission_missing', { rule, addressFrom: 'x-forwarded-for', missing: ['a:b'], held: [] });
    const said = explain(record, words).checks.map(({ compared }) => compared);
    expect(said).toContain('The rule GET /v1/servers/{id} fits.');
    expect(said).toContain('The address is 203.0.113.9 (from x-forwarded-for); any may be used.');
  });

  it('shows every check passed where nothing speaks against it, and where another workspace was asked for', () => {
    for (const cause of ['ok', 'cross_workspace_denied']) {
      const { checks } = explain(refused(cause, { foreign: { kind: 'token', id: 'tok_9' } }), words);
      expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
    }
    expect(
      explain(refused('cross_workspace_denied', { foreign: { kind: 'token', id: 'tok_9' } }), words).advice,
    ).toContain('token tok_9 of another workspace');
  });
});
