import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { externalToken, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { findCredential } from '../token/index.ts';
import { importTokens } from './import-tokens.ts';
import { listTokens } from './list-tokens.ts';
import { readToken } from './read-token.ts';
import { revokeToken } from './revoke-token.ts';
import { rotateToken } from './rotate-token.ts';

const sha = (algorithm: 'sha256' | 'sha512', text: string | Buffer, encoding: 'hex' | 'base64' | 'base64url' = 'hex') =>
  createHash(algorithm).update(text).digest(encoding);
/** As many letters and digits. */
const letters = (length: number) => randomBytes(length).toString('hex').slice(0, length);
const SANCTUM = {
  source: 'laravel',
  recipe: 'sanctum',
  prefix: '',
  alphabet: 'base62',
  length_min: 40,
  length_max: 48,
};
const KNOX = {
  source: 'django',
  recipe: 'knox',
  prefix: '',
  alphabet: 'hex',
  length_min: 64,
  length_max: 64,
  scheme: 'Token',
};
const row = (foreignId: string, digest: string, more: object = {}) => ({
  foreign_id: foreignId,
  digest,
  name: `token ${foreignId}`,
  owner: { external_id: 'user-42' },
  permissions: ['servers:read'],
  ...more,
});
const numbered = (rows: readonly object[]) => rows.map((value, at) => ({ line: at + 1, value }));

describe('importing tokens of another system', () => {
  let house: TestEngine;
  const take = (form: object, rows: readonly object[], more: object = {}) =>
    house.asHost(importTokens, { ...form, ...more, lines: numbered(rows) });

  beforeAll(async () => {
    house = await testEngine();
    await externalToken(house, { externalId: 'user-42', workspace: 'org-7', may: ['servers:read', 'servers:write'] });
  });
  afterAll(async () => {
    await house.close();
  });

  it('lets a token of Sanctum go on working, until it is revoked', async () => {
    const secret = letters(40);
    const token = `1|${secret}`;
    expect(await house.verdict(token, ['servers:read'])).toBe('invalid_token');
    const { imported, results } = await take(SANCTUM, [
      row('1', sha('sha256', secret), { created_at: '2020-01-31T00:00:00Z', hint: '1|…' }),
    ]);
    expect(imported).toBe(1);
    expect(await house.verdict(token, ['servers:read'])).toBe('ok');
    expect(await house.verdict(token, ['servers:write'])).toBe('insufficient_permissions');
    // What stands before the bar is as much a part of it as what stands behind.
    expect(await house.verdict(`2|${secret}`)).toBe('invalid_token');
    expect(await house.verdict(secret)).toBe('invalid_token');

    const id = results[0]?.token_id as string;
    const read = await house.asHost(readToken, { id });
    expect(read).toMatchObject({ imported_from: 'laravel', hint: '1|…', created_at: '2020-01-31T00:00:00.000Z' });
    await house.asHost(revokeToken, { id });
    expect(await house.verdict(token, ['servers:read'])).toBe('invalid_token');
  });

  it('knows both ways in which knox makes digests, and the scheme its clients send', async () => {
    const [newer, older] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    await take(KNOX, [
      row(newer.slice(0, 15), sha('sha512', newer)),
      row(older.slice(0, 8), sha('sha512', Buffer.from(older, 'hex'))),
    ]);
    expect(await house.verdict(newer, ['servers:read'])).toBe('ok');
    expect(await house.verdict(older, ['servers:read'])).toBe('ok');
    expect(await house.verdict(older.toUpperCase())).toBe('invalid_token');
    const { token: format } = house.engine.authenticator.profile.profile;
    expect(findCredential(['Authorization', `Token ${newer}`], null, [], format)).toEqual({
      found: 'text',
      text: newer,
    });
  });

  it('changes nothing the second time, and refuses what is not right by its line', async () => {
    const [one, two] = [`old_${letters(32)}`, `old_${letters(32)}`];
    const form = {
      source: 'table',
      recipe: 'sha256',
      prefix: 'old_',
      alphabet: 'base62',
      length_min: 32,
      length_max: 32,
    };
    const rows = [
      row('a', sha('sha256', one, 'base64')),
      row('b', sha('sha256', two, 'base64url'), { last_used_at: '2026-01-02T03:04:05Z' }),
      row('c', sha('sha256', 'x'), { owner: { external_id: 'nobody' } }),
      row('d', sha('sha256', 'y'), { permissions: ['servers:delete'] }),
      row('b', sha('sha256', 'z')),
      row('e', 'no digest'),
    ];
    const foretold = await take(form, rows, { dry_run: true });
    expect(foretold).toMatchObject({ dry_run: true, imported: 2, skipped: 0, rejected: 4 });
    expect(await house.verdict(one)).toBe('invalid_token');
    const done = await take(form, rows);
    const outcome = ({ line, result, code, message }: (typeof done.results)[number]) => [line, result, code, message];
    expect(done.results.map(outcome)).toEqual(foretold.results.map(outcome));
    expect(await house.verdict(one, ['servers:read'])).toBe('ok');
    expect(await house.verdict(two, ['servers:read'])).toBe('ok');
    const before = (await house.asHost(listTokens, {})).data.length;
    expect(await take(form, rows)).toMatchObject({ imported: 0, skipped: 2, rejected: 4 });
    expect((await house.asHost(listTokens, {})).data).toHaveLength(before);
    const other = await take(form, [row('a', sha('sha256', 'another'))]);
    expect(other.results[0]).toMatchObject({ result: 'rejected', code: 'conflict' });
  });

  it('row 10: looks nothing up that is of no declared form', async () => {
    let reads = 0;
    const { facts } = house.engine.store;
    const { findByDigest } = facts;
    facts.findByDigest = (digests) => {
      reads += 1;
      return findByDigest.call(facts, digests);
    };
    try {
      const secret = letters(40);
      for (const text of [`1|${secret}é`, `1|${secret.slice(1)}`, `|${secret}`, `1 |${secret}`, `ol_${letters(32)}`]) {
        expect(await house.verdict(text)).toBe('invalid_token');
      }
      expect(reads).toBe(0);
      expect(await house.verdict(`1|${secret}`)).toBe('invalid_token');
      expect(reads).toBe(1);
    } finally {
      facts.findByDigest = findByDigest;
    }
  });

  it('row 65: works in the very next request, although it was unknown a moment ago', async () => {
    const secret = letters(40);
    expect(await house.verdict(`8|${secret}`)).toBe('invalid_token');
    await take(SANCTUM, [row('8', sha('sha256', secret))]);
    expect(await house.verdict(`8|${secret}`, ['servers:read'])).toBe('ok');
  });

  it('row 15: stores no digest that another system knows', async () => {
    const secret = letters(40);
    const { results } = await take(SANCTUM, [row('9', sha('sha256', secret))]);
    const stored = await house.engine.store.tokens.findById(results[0]?.token_id as string);
    expect(stored).toMatchObject({ digestScheme: 'sanctum:laravel', digest: expect.stringMatching(/^[\w-]{43}$/) });
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(JSON.stringify(stored)).not.toContain(sha('sha256', secret, encoding));
    }
  });

  it('row 25: gives no token more than its owner may do, and is not for who reaches one workspace alone', async () => {
    const { results } = await take(SANCTUM, [
      row('20', sha('sha256', 'a'), { permissions: ['keyhouse-audit:read'] }),
      row('21', sha('sha256', 'b'), { permissions: ['networks:read'] }),
    ]);
    expect(results.map(({ code }) => code)).toEqual(['exceeds_creator', 'exceeds_creator']);
    const may = ['keyhouse-tokens:read', 'keyhouse-tokens:write', 'keyhouse-owners:act-as'];
    const { value } = await workspaceManager(house, 'org-7', may);
    await expect(house.asBearer(value, importTokens, { ...SANCTUM, lines: [] })).rejects.toMatchObject({
      code: 'insufficient_permissions',
    });
  });

  it('row 13: takes no digest, hint or id in place of the token', async () => {
    const secret = letters(40);
    const digest = sha('sha256', secret);
    await take(SANCTUM, [row('77', digest)]);
    for (const text of [digest, `77|${digest}`, `sanctum:77:${digest}`, `77|${digest.slice(0, 40)}`]) {
      expect(await house.verdict(text)).toBe('invalid_token');
    }
  });

  it('gives an imported token a successor of ours, asked with the old value', async () => {
    const secret = letters(40);
    const token = `5|${secret}`;
    await take(SANCTUM, [row('5', sha('sha256', secret))]);
    const { new_key } = await house.asBearer(token, rotateToken, { id: 'current' });
    expect(new_key.value).toMatch(/^kh_live_/);
    expect(await house.verdict(new_key.value as string, ['servers:read'])).toBe('ok');
    expect(await house.asHost(readToken, { id: new_key.id })).toMatchObject({ imported_from: null });
  });
});
