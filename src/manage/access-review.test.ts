import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { applyAccessReview, exportAccessReview, revokeToken, updateToken } from './index.ts';

const FILE = 'a'.repeat(64);

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
});
afterAll(() => house.close());

const make = (externalId: string) =>
  externalToken(house, { externalId, workspace: 'org-7', may: ['servers:read', 'servers:write'] });

/** What the export says of a token, as a reviewer gets it. */
async function rowOf(id: string) {
  const { text } = await house.asHost(exportAccessReview, { format: 'jsonl' });
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return rows.find(({ token_id }) => token_id === id);
}

type Decided = readonly [id: string, decision: string | null, more?: object];

async function apply(decided: readonly Decided[], asked: object = {}) {
  const lines = [];
  for (const [at, [id, decision, more]] of decided.entries()) {
    const { version = 'gone' } = (await rowOf(id)) ?? {};
    lines.push({ line: at + 1, value: { token_id: id, version, decision, ...more } });
  }
  return house.asHost(applyAccessReview, { file_sha256: FILE, reviewer: 'Ann Lee', ...asked, lines });
}

const newest = async () => (await house.engine.store.audit.list({}, { limit: 1, after: null })).rows[0];

describe('an access review', () => {
  it('does what was decided, each as a change with the note as its reason, and keeps the evidence', async () => {
    const [kept, ended, narrowed] = [await make('r-1'), await make('r-2'), await make('r-3')];
    expect(await rowOf(ended.token.id)).toMatchObject({
      owner: 'r-2',
      state: 'active',
      permissions: 'servers:read servers:write',
      last_used_at: null,
      decision: '',
    });
    const decisions: Decided[] = [
      [kept.token.id, 'keep'],
      [ended.token.id, 'revoke', { note: 'nobody knows it' }],
      [narrowed.token.id, 'narrow', { narrow_to: ['servers:read'], note: 'reads only' }],
    ];
    const before = await house.engine.store.changeFeed.newest();
    expect(await apply(decisions, { dry_run: true })).toMatchObject({
      applied: false,
      kept: 1,
      revoked: 1,
      narrowed: 1,
    });
    expect(await house.verdict(ended.value)).toBe('ok');
    expect(await apply(decisions)).toMatchObject({ applied: true, kept: 1, revoked: 1, narrowed: 1, stale: 0 });
    expect(await house.verdict(kept.value, ['servers:write'])).toBe('ok');
    expect(await house.verdict(ended.value)).toBe('invalid_token');
    expect(await house.verdict(narrowed.value, ['servers:write'])).toBe('insufficient_permissions');
    const entries = await house.engine.store.audit.read(before, 100);
    const written = entries.filter(({ action }) => action !== 'review.exported');
    expect(written.map(({ action, personal }) => [action, personal])).toEqual([
      ['token.revoked', { reason: 'nobody knows it' }],
      ['token.updated', { reason: 'reads only' }],
      ['review.applied', { reviewer: 'Ann Lee' }],
    ]);
    expect(await newest()).toMatchObject({
      details: { file_sha256: FILE, rows: 3, kept: 1, revoked: 1, narrowed: 1, undecided: 0 },
    });
  });

  it('does nothing at all where a token was changed since the export, and names it', async () => {
    const [stale, other] = [await make('r-4'), await make('r-5')];
    const { version } = await rowOf(stale.token.id);
    await house.asHost(updateToken, { id: stale.token.id, permissions: ['servers:read'] });
    const lines = [
      {
        line: 1,
        value: { token_id: other.token.id, version: (await rowOf(other.token.id)).version, decision: 'revoke' },
      },
      { line: 2, value: { token_id: stale.token.id, version, decision: 'keep' } },
    ];
    const answer = await house.asHost(applyAccessReview, { file_sha256: FILE, lines });
    expect(answer).toMatchObject({ applied: false, stale: 1 });
    expect(answer.results[1]).toMatchObject({ line: 2, token_id: stale.token.id, result: 'stale' });
    expect(await house.verdict(other.value)).toBe('ok');
  });

  it('leaves a use and an undecided row alone', async () => {
    const { token, value } = await make('r-6');
    const { version } = await rowOf(token.id);
    await house.verdict(value);
    const line = { line: 1, value: { token_id: token.id, version, decision: null } };
    expect(await house.asHost(applyAccessReview, { file_sha256: FILE, lines: [line] })).toMatchObject({
      applied: true,
      undecided: 1,
    });
    line.value.decision = 'keep' as never;
    expect(await house.asHost(applyAccessReview, { file_sha256: FILE, lines: [line] })).toMatchObject({ kept: 1 });
  });

  it('refuses what is no narrowing, no decision, decided twice, or about a token that is not there', async () => {
    const { token } = await make('r-7');
    const wrong: readonly Decided[][] = [
      [[token.id, 'narrow', { narrow_to: ['servers:read', 'images:read'] }]],
      [[token.id, 'narrow']],
      [[token.id, 'burn']],
      [
        [token.id, 'keep'],
        [token.id, 'revoke'],
      ],
      [['tok_0000000000000000000000', 'revoke']],
    ];
    for (const decided of wrong) expect(await apply(decided)).toMatchObject({ applied: false, rejected: 1 });
  });

  it('lists what has ended only where that is asked for', async () => {
    const { token } = await make('r-8');
    await house.asHost(revokeToken, { id: token.id });
    expect(await rowOf(token.id)).toBeUndefined();
    const { text } = await house.asHost(exportAccessReview, { format: 'csv', ended: true, limit: 500 });
    expect(text).toContain(token.id);
  });
});
