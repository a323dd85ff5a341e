/**
 * The management client under profiles that put their tokens elsewhere and call their fields otherwise. Prevents fields that
 * are missing without a word because a company has another name for them.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { KeyhouseError, type ManagementOptions, management } from '../../client/src/management/index.ts';
import { coolset, deployerp, keyhouse as neutral, type Profile } from '../../src/profile/index.ts';
import { type Authority, OWNER, openAuthority } from './open-authority.ts';

let authority: Authority | null = null;
afterEach(async () => {
  await authority?.close();
  authority = null;
});

async function under(profile: Profile, permissions: string[], options: Partial<ManagementOptions> = {}) {
  authority = await openAuthority(profile, permissions);
  const paths: string[] = [];
  const { url, adminToken: token } = authority;
  const keyhouse = management({
    url,
    token,
    fetch: (asked, init) => {
      paths.push(new URL(asked).pathname);
      return fetch(asked, init);
    },
    ...options,
  });
  return { keyhouse, paths };
}

const ADDRESSES = ['203.0.113.0/24'];
const ASKED = { name: 'ci', owner: OWNER, permissions: ['servers:read'], ip_allowlist: ADDRESSES };

describe('a profile with a path and field names of its own', () => {
  it('is spoken to in its words, and its answers come in ours', async () => {
    const { keyhouse, paths } = await under(deployerp, ['servers:read']);
    const { id, ip_allowlist } = await keyhouse.tokens.create(ASKED);
    expect(ip_allowlist).toEqual(ADDRESSES);
    expect((await keyhouse.tokens.update({ id, ip_allowlist: null })).ip_allowlist).toBeNull();
    expect((await keyhouse.tokens.read({ id })).ip_allowlist).toBeNull();
    for await (const token of keyhouse.tokens.all({ owner_external_id: 'user-42' })) {
      expect(token).toHaveProperty('ip_allowlist', null);
      expect(token).not.toHaveProperty('ip_whitelist');
    }
    expect(paths.filter((path) => path === '/openapi.json')).toHaveLength(1);
    expect(paths.filter((path) => path.startsWith('/v1/tokens'))).toEqual([]);
    const refusal = await keyhouse.tokens.create({ ...ASKED, ip_allowlist: ['nowhere'] }).catch((error) => error);
    expect(refusal).toMatchObject({ status: 400, problems: [{ path: expect.stringMatching(/^ip_allowlist/) }] });
  });

  it('is not asked about where it is given, nor by calls about anything else', async () => {
    const given = { tokensPath: '/v1/api-keys/', fieldNames: { ip_allowlist: 'ip_whitelist' } };
    const { keyhouse, paths } = await under(deployerp, ['servers:read'], given);
    expect((await keyhouse.tokens.create(ASKED)).ip_allowlist).toEqual(ADDRESSES);
    await keyhouse.owners.list();
    expect(paths).toEqual(['/v1/api-keys', '/v1/owners']);
    const asking = management({
      url: authority?.url ?? '',
      token: authority?.adminToken ?? '',
      fetch: (url, init) => {
        paths.push(new URL(url).pathname);
        return fetch(url, init);
      },
    });
    await asking.owners.list();
    expect(paths.slice(2)).toEqual(['/v1/owners']);
  });

  it('can rename what stands inside a part of a token', async () => {
    const fieldNames = { permissions: 'scopes', rotation: 'renewal', auto_rotate: 'renews', name: 'title' };
    const { keyhouse } = await under({ ...neutral, fieldNames }, ['servers:read']);
    const { ip_allowlist: _, ...asked } = ASKED;
    const { id, value } = await keyhouse.tokens.create(asked);
    const token = await keyhouse.tokens.read({ id });
    expect(token.grant).toEqual({ permissions: ['servers:read'] });
    expect(token.rotation.auto_rotate).toBe(false);
    const verdict = await keyhouse.tokens.verify({ token: value ?? '', all_of: [] });
    expect(verdict).toMatchObject({ allowed: true, token: { name: 'ci', owner: { name: 'Ada' } } });
    const other = management({ url: authority?.url ?? '', token: value ?? '' });
    const refusal = await other.roles.list().catch((error) => error);
    const { token: refused, owner } = await keyhouse.denials.read({ request_id: refusal.requestId });
    expect([refused?.name, owner?.name]).toEqual(['ci', 'Ada']);
  });
});

it('an error has the status and the sentence also where the bodies of a profile have no code', async () => {
  const { keyhouse } = await under(
    coolset,
    coolset.catalogue === 'open' ? [] : coolset.catalogue.map((one) => one.permission),
  );
  const error = await keyhouse.tokens.read({ id: 'tok_4n2aZq8C4n2aZq8C' }).catch((reason) => reason);
  expect(error).toBeInstanceOf(KeyhouseError);
  expect(error).toMatchObject({ status: 404, code: null, message: 'There is no such thing, or it is not yours.' });
});
