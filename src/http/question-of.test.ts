import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { parseIpAllowlist } from '../policy/index.ts';
import { keyhouse } from '../profile/index.ts';
import { addressOf } from './question-of.ts';

const proxies = parseIpAllowlist(['127.0.0.1', '10.0.0.0/8']);
if (!proxies.ok) throw new Error('not a list');
const trust = { trustedProxies: proxies.list, header: 'x-forwarded-for' };
const nobody = { trustedProxies: null, header: 'x-forwarded-for' };

describe('the client address', () => {
  it('row 31: is the connection’s own where nobody is trusted, whatever the headers say', () => {
    const rawHeaders = ['X-Forwarded-For', '203.0.113.9', 'Forwarded', 'for=203.0.113.9', 'X-Real-IP', '203.0.113.9'];
    expect(addressOf({ rawHeaders, peer: '198.51.100.1' }, nobody)).toBe('198.51.100.1');
    expect(addressOf({ rawHeaders, peer: '198.51.100.1' }, trust)).toBe('198.51.100.1');
  });

  it('row 31: is the first hop from the right that is no trusted proxy, over every line', () => {
    const from = (...lines: string[]) =>
      addressOf({ rawHeaders: lines.flatMap((line) => ['X-Forwarded-For', line]), peer: '127.0.0.1' }, trust);
    expect(from('203.0.113.9')).toBe('203.0.113.9');
    expect(from('1.2.3.4, 203.0.113.9, 10.1.1.1')).toBe('203.0.113.9');
    expect(from('1.2.3.4', '203.0.113.9', '10.1.1.1')).toBe('203.0.113.9');
    expect(from('203.0.113.9, garbage')).toBeNull();
    expect(from('garbage, 203.0.113.9')).toBe('203.0.113.9');
    expect(from()).toBe('127.0.0.1');
    expect(from(Array.from({ length: 1000 }, () => '10.0.0.1').join(','))).toBe('10.0.0.1');
  });

  it('row 32: is read from exactly one header, by its exact name', () => {
    const names = [
      'X_Forwarded_For',
      'X.Forwarded.For',
      'Forwarded',
      'X-Real-IP',
      'CF-Connecting-IP',
      'X-Forwarded-For2',
    ];
    for (const name of names) {
      expect(addressOf({ rawHeaders: [name, '203.0.113.9'], peer: '127.0.0.1' }, trust), name).toBe('127.0.0.1');
    }
    const configured = { ...trust, header: 'cf-connecting-ip' };
    const rawHeaders = ['X-Forwarded-For', '1.1.1.1', 'CF-Connecting-IP', '203.0.113.9'];
    expect(addressOf({ rawHeaders, peer: '127.0.0.1' }, configured)).toBe('203.0.113.9');
  });

  it('row 33: is one text for one address', () => {
    for (const peer of ['::ffff:203.0.113.5', '::FFFF:cb00:7105', '203.0.113.5']) {
      expect(addressOf({ rawHeaders: [], peer }, nobody)).toBe('203.0.113.5');
    }
  });

  it('is never what an untrusted client wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }), (lines) => {
        const rawHeaders = lines.flatMap((line) => ['X-Forwarded-For', line]);
        expect(addressOf({ rawHeaders, peer: '198.51.100.1' }, trust)).toBe('198.51.100.1');
      }),
    );
  });
});

describe('a token that is restricted to addresses', () => {
  let house: House;
  let token: string;
  beforeAll(async () => {
    house = await openHouse(keyhouse, () => ({ trust }));
    token = (await house.mint({ ip_allowlist: ['203.0.113.0/24'] })).value;
  });
  afterAll(() => house.close());

  const status = async (peer: string | null, ...headers: string[]) =>
    (await house.ask({ target: '/v1/auth/test', token, peer, headers })).status;

  it('row 31: is refused from elsewhere, and a spoofed header does not help', async () => {
    expect(await status('203.0.113.9')).toBe(200);
    expect(await status('198.51.100.1')).toBe(403);
    expect(await status('198.51.100.1', 'X-Forwarded-For', '203.0.113.9')).toBe(403);
    expect(await status('127.0.0.1', 'X-Forwarded-For', '203.0.113.9, 198.51.100.1')).toBe(403);
    expect(await status('127.0.0.1', 'X-Forwarded-For', '203.0.113.9')).toBe(200);
  });

  it('row 38: is refused where no address is known', async () => {
    expect(await status(null)).toBe(403);
    expect((await house.ask({ target: '/v1/auth/test', token: (await house.mint()).value, peer: null })).status).toBe(
      200,
    );
  });
});
