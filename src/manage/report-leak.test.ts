import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyhouse, type Profile } from '../profile/index.ts';
import { becomeAdmin, externalToken, rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
import { generateToken, systemRandom } from '../token/index.ts';
import {
  anonymousCaller,
  createWebhook,
  importTokens,
  listAuditEvents,
  listWebhookDeliveries,
  readToken,
  reportLeak,
  reportLeaksFromGithub,
  rotateToken,
} from './index.ts';

let house: TestEngine;
const open = async (options: Parameters<typeof testEngine>[0] = {}) => {
  house = await testEngine({ sendsMail: true, ...options });
};
beforeEach(() => open());
afterEach(() => house.close());

const alerting: Profile = { ...keyhouse, leaks: { onReport: 'alert' } };
const stranger = (ip = '198.51.100.7') => anonymousCaller({ ip, requestId: 'req_leak', idempotencyKey: null });
const report = (input: Record<string, unknown>, ip?: string) => house.as(stranger(ip), reportLeak, input);
const madeUp = () => generateToken(keyhouse.token, 'token', 'live', systemRandom);
const tokenOf = (externalId = 'ada', token: Record<string, unknown> = {}) =>
  externalToken(house, {
    externalId,
    workspace: 'org-7',
    may: ['servers:read'],
    token: { notification_email: `${externalId}@example.com`, ...token },
  });
const actions = async () => {
  const { data } = await house.asHost(listAuditEvents, { limit: 100 });
  return data.filter(({ action }) => /leak|revoked/.test(action));
};

describe('a report of a leaked token', () => {
  it('revokes it at once, under the reason leaked, whoever reports it', async () => {
    const { token, value } = await tokenOf();
    expect(await house.verdict(value)).toBe('ok');
    await report({ text: `curl -H "Authorization: Bearer ${value}" https://api.example.com` });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.asHost(readToken, { id: token.id })).toMatchObject({ state: 'revoked' });
    const [entry, ...others] = await actions();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      action: 'token.revoked',
      details: { token_ids: [token.id], reported_by: 'anybody' },
    });
    expect(entry?.personal).toMatchObject({ reason: 'leaked', ip: '198.51.100.7' });
  });

  it('answers the same for a real value, a dead one and one that nobody has, and writes and waits as much for each', async () => {
    const { value } = await tokenOf();
    const seen = [];
    for (const text of [value, value, madeUp()]) {
      const before = await house.engine.store.changeFeed.newest();
      const answer = await report({ tokens: [text] });
      seen.push({ answer, written: (await house.engine.store.changeFeed.newest()) - before });
    }
    expect(seen[0]?.written).toBe(1);
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect((await actions()).map(({ action, details }) => [action, details.known ?? null])).toEqual([
      ['leak.reported', false],
      ['leak.reported', true],
      ['token.revoked', null],
    ]);
  });

  it('tells the owner and the administrators once, with no value and no address that a stranger named', async () => {
    const admin = await becomeAdmin(house);
    const { token, value } = await tokenOf();
    await takeMails(house);
    for (let again = 0; again < 3; again++) {
      await report({ tokens: [value], url: 'https://phishing.example.com/', note: `I found ${value} there` });
    }
    const mails = await takeMails(house);
    expect(mails.map(({ template, to }) => `${template} ${to}`).toSorted()).toEqual([
      `token_leaked ada@example.com`,
      `token_leaked ${admin.user.email}`,
    ]);
    expect(mails[0]?.data).toMatchObject({ name: 'for ada', hint: token.hint, policy: 'revoke', state: 'active' });
    expect(JSON.stringify(mails)).not.toContain('phishing');
    const [, , first] = await actions();
    expect(first?.personal).toMatchObject({ url: 'https://phishing.example.com/', note: 'I found … there' });
    expect(JSON.stringify([mails, await actions()])).not.toContain(value.slice(8));
  });

  it('row 17: writes down no value of another system either, though it may be as short as a name or look like a commit', async () => {
    await house.close();
    await open({ profile: alerting });
    await tokenOf();
    const form = {
      source: 'django',
      recipe: 'sha512',
      prefix: '',
      alphabet: 'printable',
      length_min: 16,
      length_max: 64,
    };
    const values = [createHash('sha256').update('knox').digest('hex'), 'short_value-of_16~', '7|secret-of-sanctum'];
    const rows = values.map((value, at) => ({
      foreign_id: `${at}`,
      digest: createHash('sha512').update(value).digest('hex'),
      name: `token ${at}`,
      owner: { external_id: 'ada' },
      permissions: ['servers:read'],
    }));
    await house.asHost(importTokens, { ...form, lines: rows.map((value, at) => ({ line: at + 1, value })) });
    const commit = createHash('sha1').update('a commit').digest('hex');
    const url = `https://example.com/${commit}?at=${values.map(encodeURIComponent).join('&at=')}`;
    await report({ tokens: values, url, note: `${values.join(' ')} ${values[2]?.slice(2)}` });
    expect(await Promise.all(values.map((value) => house.verdict(value)))).toEqual(['ok', 'ok', 'ok']);
    const entries = await actions();
    expect(entries.map(({ action }) => action)).toEqual(['token.leaked', 'token.leaked', 'token.leaked']);
    for (const { personal } of entries) {
      expect(personal).toMatchObject({ url: `https://example.com/${commit}?at=…&at=…&at=…`, note: '… … … …' });
    }
  });

  it('publishes token.leaked beside token.revoked', async () => {
    const { id } = await house.asHost(createWebhook, {
      url: 'https://hooks.example.com/',
      event_types: ['token.leaked', 'token.revoked'],
    });
    const { value } = await tokenOf();
    await report({ tokens: [value] });
    const { data } = await house.asHost(listWebhookDeliveries, { id, limit: 10 });
    expect(data.map(({ event_type }) => event_type).toSorted()).toEqual(['token.leaked', 'token.revoked']);
  });

  it('ends an old value alone: whoever has it does not end what replaced it', async () => {
    const { token, value } = await tokenOf();
    const rotated = await house.asHost(rotateToken, { id: token.id, grace_period: '1d' });
    await report({ tokens: [value] });
    expect(await house.verdict(value)).toBe('invalid_token');
    expect(await house.verdict(rotated.new_key.value as string)).toBe('ok');
    expect((await takeMails(house)).at(-1)?.data).toMatchObject({ state: 'superseded' });
    await report({ tokens: [value] });
    expect(await house.verdict(rotated.new_key.value as string)).toBe('ok');
  });

  it('only tells people where the profile says so, once a day', async () => {
    await house.close();
    await open({ profile: alerting });
    const { value } = await tokenOf();
    await report({ tokens: [value] });
    await report({ tokens: [value] });
    expect(await house.verdict(value)).toBe('ok');
    expect((await takeMails(house)).map(({ data }) => data.policy)).toEqual(['alert']);
    expect((await actions()).map(({ action }) => action)).toEqual(['leak.reported', 'token.leaked']);
    house.clock.advance(24 * 60 * 60_000);
    await report({ tokens: [value] });
    expect(await takeMails(house)).toHaveLength(1);
  });

  it('row 70: slows a source that reports many down, whatever it reports, and nobody else', async () => {
    const { value } = await tokenOf();
    const twenty = () => Array.from({ length: 20 }, madeUp);
    for (let time = 0; time < 5; time++) await report({ tokens: twenty() });
    expect(await rejectionOf(report({ tokens: [value] }))).toMatchObject({ code: 'rate_limited' });
    expect(await house.verdict(value)).toBe('ok');
    await report({ tokens: [value] }, '203.0.113.9');
    expect(await house.verdict(value)).toBe('invalid_token');
  });

  it.each([
    ['no value of ours', { text: 'nothing here' }, /form of tokens/],
    ['values of another kind', { tokens: [generateToken(keyhouse.token, 'session', 'live', systemRandom)] }, /form of/],
    ['too many', { text: Array.from({ length: 21 }, madeUp).join(' ') }, /more than 20/],
    ['an address that is none', { tokens: [madeUp()], url: 'javascript:alert(1)' }, /address/],
  ])('is refused with a sentence where it has %s', async (_name, input, sentence) => {
    const { code, message, problems } = await rejectionOf(report(input));
    expect(code).toBe('invalid_input');
    expect([message, ...problems.map((one) => one.message)].join(' ')).toMatch(sentence);
  });
});

describe('a report by GitHub', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  let published: { key_identifier: string; key: string }[];
  let asked: number;
  let server: Server;
  const pem = (key: typeof publicKey) => key.export({ type: 'spki', format: 'pem' }).toString();
  beforeEach(async () => {
    published = [{ key_identifier: 'k1', key: pem(publicKey) }];
    asked = 0;
    server = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify({ public_keys: published.map((one) => ({ ...one, is_current: true })) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await house.close();
    await open({ githubReports: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`) });
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const send = (found: unknown, { key = privateKey, identifier = 'k1', ip = '192.0.2.1' } = {}) => {
    const body = Buffer.from(typeof found === 'string' ? found : JSON.stringify(found));
    const signature = sign('sha256', body, key).toString('base64');
    return house.as(stranger(ip), reportLeaksFromGithub, { key_identifier: identifier, signature, body });
  };
  const found = (token: string) => ({ token, type: 'acme_token', url: 'https://github.com/a/b', source: 'commit' });
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  it('is believed by its signature, and told which finds are tokens', async () => {
    const { value } = await tokenOf();
    const unknown = madeUp();
    expect(await send([found(value), found(unknown), found(value)])).toEqual([
      { token_hash: sha256(value), token_type: 'acme_token', label: 'true_positive' },
      { token_hash: sha256(unknown), token_type: 'acme_token', label: 'false_positive' },
      { token_hash: sha256(value), token_type: 'acme_token', label: 'true_positive' },
    ]);
    expect(await house.verdict(value)).toBe('invalid_token');
    expect((await takeMails(house)).at(-1)?.data).toMatchObject({ reporter: 'github', url: 'https://github.com/a/b' });
    expect((await send([found(value)]))[0]?.label).toBe('true_positive');
  });

  it('is told nothing and changes nothing without a signature that fits', async () => {
    const { value } = await tokenOf();
    const body = Buffer.from(JSON.stringify([found(value)]));
    const signature = sign('sha256', body, privateKey).toString('base64');
    const altered = Buffer.from(JSON.stringify([found(value), found(value)]));
    const raw = (input: object) => house.as(stranger(), reportLeaksFromGithub, input);
    for (const work of [
      send([found(value)], { key: other.privateKey }),
      send([found(value)], { identifier: 'k2' }),
      raw({ key_identifier: 'k1', signature, body: altered }),
      raw({ key_identifier: 'k1', signature: '', body }),
      raw({ key_identifier: '', signature: 'no base64', body }),
    ]) {
      expect((await rejectionOf(work)).code).toBe('authentication_required');
    }
    expect(await house.verdict(value)).toBe('ok');
    expect(await actions()).toEqual([]);
  });

  it('is asked for its keys when it names a new one, once a minute at the most', async () => {
    await send([found(madeUp())]);
    await send([found(madeUp())]);
    expect(asked).toBe(1);
    published = [{ key_identifier: 'k2', key: pem(other.publicKey) }];
    const withNew = () => send([found(madeUp())], { key: other.privateKey, identifier: 'k2' });
    expect((await rejectionOf(withNew())).code).toBe('authentication_required');
    expect(asked).toBe(1);
    house.clock.advance(60_000);
    expect(await withNew()).toHaveLength(1);
    expect((await rejectionOf(send([found(madeUp())]))).code).toBe('authentication_required');
    expect(asked).toBe(2);
  });

  it('is asked to come again while its keys cannot be had', async () => {
    published = [{ key_identifier: 'k1', key: 'x'.repeat(300_000) }];
    expect((await rejectionOf(send([found(madeUp())]))).code).toBe('busy');
    published = [{ key_identifier: 'k1', key: pem(publicKey) }];
    house.clock.advance(60_000);
    expect(await send([found(madeUp())])).toHaveLength(1);
  });

  it('believes no key of another kind', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    published = [{ key_identifier: 'k1', key: pem(rsa.publicKey) }];
    expect((await rejectionOf(send([found(madeUp())], { key: rsa.privateKey }))).code).toBe('authentication_required');
  });

  it('refuses a body that is no list of finds', async () => {
    for (const body of ['{', '{}', '[{"token": 1}]'])
      expect((await rejectionOf(send(body))).code).toBe('invalid_input');
  });

  it('is not there until it is switched on', async () => {
    await house.close();
    await open();
    expect((await rejectionOf(send([found(madeUp())]))).code).toBe('not_found');
  });
});
