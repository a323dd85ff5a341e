import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/profile/index.ts';
import { EVERY_PROFILE, openProfileHouse, type ProfileHouse, type RawAnswer, said, saying } from './profile-house.ts';

/** A grant of each way of asking, and whether the profile has it. */
const waysOf = ({ grants, levels }: Profile, [guard]: ProfileHouse['permissions']) => [
  { grant: { permissions: [guard] }, has: grants.includes('permissions') },
  { grant: { level: 'read' }, has: grants.includes('level') && levels.length > 0 },
  { grant: { inherit: true }, has: grants.includes('inherit') },
];

describe.each(EVERY_PROFILE.map((profile) => [profile.name, profile] as const))('%s', (_name, given) => {
  const { tokens } = given.paths;
  const field = (name: string) => given.fieldNames[name] ?? name;
  let at: ProfileHouse;
  let manager: string;
  let grant: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    at = await openProfileHouse(given);
    manager = await at.manager();
    grant = waysOf(at.profile, at.permissions).find(({ has }) => has)?.grant ?? {};
  });
  afterAll(() => at?.close());

  const make = (owner: string, input: Readonly<Record<string, unknown>> = {}, by = manager): Promise<RawAnswer> =>
    at.call('POST', tokens, by, {
      [field('name')]: 'ci',
      [field('owner')]: { external_id: owner },
      ...grant,
      ...input,
    });
  const use = async (value: string) => (await at.call('GET', '/behind/guarded', value)).status;

  it('makes, lists, changes, rotates and revokes tokens at its own path, in its own field names', async () => {
    const { owner } = await at.mint();
    const made = await make(owner, { [field('ip_allowlist')]: ['127.0.0.1'] });
    expect(made.status, made.body).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { id, value } = made.json;
    expect(id).toMatch(new RegExp(`^${given.token.idPrefix}_\\w{20,}$`));
    const begins = [given.token.prefix, ...given.token.environments.slice(0, 1), ''].join('_');
    expect(value.slice(0, -32)).toBe(begins);
    expect(made.json).toMatchObject({ [field('name')]: 'ci', [field('ip_allowlist')]: ['127.0.0.1'] });
    for (const canonical of Object.keys(given.fieldNames)) expect(made.json).not.toHaveProperty(canonical);
    expect(await use(value)).toBe(200);

    const listed = await at.call('GET', `${tokens}?limit=100`, manager);
    const found = listed.json.data.find((one: { id: string }) => one.id === id);
    expect(found).toMatchObject({ [field('name')]: 'ci', [field('state')]: 'active' });
    expect(listed.body).not.toContain(value.slice(-32, -6));

    const renamed = await at.call('PATCH', `${tokens}/${id}`, manager, { [field('name')]: 'nightly' });
    expect([renamed.status, renamed.json[field('name')]]).toEqual([200, 'nightly']);

    const rotated = await at.call('POST', `${tokens}/${id}/rotate`, manager);
    expect(rotated.status).toBe(201);
    expect(Object.keys(rotated.json).slice(0, 2)).toEqual(['old_key', 'new_key']);
    const { old_key, new_key } = rotated.json;
    expect([old_key.id, await use(new_key.value)]).toEqual([id, 200]);
    expect(await use(value)).toBe(given.rotation.gracePeriod === '0s' ? 401 : 200);

    const revoked = await at.call('DELETE', `${tokens}/${new_key.id}`, manager);
    expect([revoked.status, revoked.json.revoked_ids]).toEqual([200, expect.arrayContaining([new_key.id])]);
    expect([await use(new_key.value), await use(value)]).toEqual([401, 401]);
  });

  it('answers at no other company’s path', async () => {
    for (const path of new Set(EVERY_PROFILE.map(({ paths }) => paths.tokens))) {
      expect((await at.call('GET', path, manager)).status, path).toBe(path === tokens ? 200 : 404);
    }
  });

  it('gives what its profile allows, and says what that is to whoever asks in another way', async () => {
    for (const { grant: asked, has } of waysOf(at.profile, at.permissions)) {
      const { owner } = await at.mint();
      const answer = await at.call('POST', tokens, manager, {
        [field('name')]: 'ci',
        owner: { external_id: owner },
        ...asked,
      });
      expect(answer.status, JSON.stringify(asked)).toBe(has ? 201 : 400);
      if (!has) expect(answer.body).toContain(`Here a grant is given by ${given.grants.join(' or ')}.`);
    }
    const { owner } = await at.mint();
    const silent = await at.call('POST', tokens, manager, { [field('name')]: 'ci', owner: { external_id: owner } });
    expect(silent.status).toBe(given.defaultGrant === null ? 400 : 201);
  });

  it('makes tokens that manage Keyhouse in every profile, and counts them apart', async () => {
    const permissions = ['keyhouse-tokens:read'];
    const input = { permissions, expires_in: '1d', inherit: undefined, level: undefined };
    const made = [await make('admin-1', input), await make('admin-1', input)];
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    for (const { json } of made) expect((await at.call('GET', tokens, json.value)).status).toBe(200);
    expect(await use(made[0]?.json.value)).toBe(403);
  });

  it(`lets an owner have ${given.onePerOwner ? 'one token, which a new one replaces at once' : 'several tokens'}`, async () => {
    const { owner, value } = await at.mint();
    const second = await make(owner);
    expect([await use(value), await use(second.json.value)]).toEqual([given.onePerOwner ? 401 : 200, 200]);
    const first = await at.call('GET', '/behind/guarded', value);
    if (given.onePerOwner) {
      expect(first.headers['www-authenticate']).toContain('was replaced');
      expect(first.status).toBe(given.errors.denials.invalid_token.status);
    }
  });

  it(`${given.selfService ? 'lets' : 'does not let'} owners make and rotate tokens by themselves`, async () => {
    const { owner, value, id } = await at.mint();
    const asked = { [field('name')]: 'second', ...grant };
    const byItself = await at.call('POST', `${tokens}/current/rotate`, value);
    const onPage = await at.callSignedIn(owner, 'POST', '', asked);
    const listed = await at.callSignedIn(owner, 'GET', '');
    expect([listed.status, listed.json.data.map((one: { id: string }) => one.id)]).toEqual([
      200,
      expect.arrayContaining([id]),
    ]);
    if (given.selfService) {
      expect([byItself.status, onPage.status]).toEqual([201, 201]);
      const again = await at.callSignedIn(owner, 'POST', `/${onPage.json.id}/rotate`, {});
      expect([again.status, await use(again.json.new_key.value)]).toEqual([201, 200]);
      return;
    }
    expect(byItself.status).toBe(403);
    const rotatedOnPage = await at.callSignedIn(owner, 'POST', `/${id}/rotate`, {});
    for (const refused of [onPage, rotatedOnPage]) {
      expect(refused.status).toBe(403);
      expect(refused.body).toContain('keyhouse-tokens:write');
    }
    expect(await use(value)).toBe(200);
    const allowed = await make(owner, { [field('self_rotate')]: true });
    expect((await at.call('POST', `${tokens}/current/rotate`, allowed.json.value)).status).toBe(201);
    // Stopping a token must not wait for anybody.
    expect((await at.callSignedIn(owner, 'DELETE', `/${allowed.json.id}?scope=lineage`)).status).toBe(200);
    const leaked = await at.mint();
    expect((await at.call('DELETE', `${tokens}/current`, leaked.value)).status).toBe(200);
    expect(await use(leaked.value)).toBe(401);
  });

  it('lets no token make tokens without the permission for it, and names that', async () => {
    const { value } = await at.mint();
    const made = await at.call('POST', tokens, value, { [field('name')]: 'second', ...grant });
    expect(said(made)).toEqual(
      saying(at.profile, made, 'insufficient_permissions', { missing: ['keyhouse-tokens:write'] }),
    );
  });

  it('row 30: a token of somebody else is not there, to the letter, whatever is asked of it', async () => {
    const [theirs, mine] = [await at.mint(), await at.mint()];
    const neighbour = await at.managerOf(mine.owner);
    expect((await at.call('GET', `${tokens}/${mine.id}`, neighbour)).status).toBe(200);
    const unknown = `${given.token.idPrefix}_${'0'.repeat(22)}`;
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { [field('name')]: 'mine now' }],
      ['DELETE', '', undefined],
      ['POST', '/rotate', {}],
      ['GET', '/usage', undefined],
    ] as const) {
      const ask = async (id: string, by: string) => {
        const answer = await at.call(method, `${tokens}/${id}${path}`, by, body);
        // The caller's own limits move on with every request, and the clock too.
        const headers = Object.entries(answer.headers).filter(([name]) => !/ratelimit|^date$/.test(name));
        return { answer, text: JSON.stringify([answer.status, headers, answer.body]).replaceAll(/req_\w+/g, 'req') };
      };
      for (const [by, status] of [
        [neighbour, 404],
        [mine.value, 403],
      ] as const) {
        const [foreign, none] = [await ask(theirs.id, by), await ask(unknown, by)];
        expect(foreign.answer.status, `${method} ${path}`).toBe(status);
        expect(foreign.text).toBe(none.text);
        expect(foreign.answer.headers['content-type']).toBe(given.errors.contentType);
        if (status === 404) expect(foreign.answer.body).toContain('There is no such thing, or it is not yours.');
      }
    }
    expect(await use(theirs.value)).toBe(200);
  });

  it('says what is wrong with an input at the place where this company has it', async () => {
    const { owner } = await at.mint();
    const answer = await make(owner, { [field('ip_allowlist')]: ['300.1.1.1'] });
    expect([answer.status, answer.headers['content-type']]).toEqual([400, given.errors.contentType]);
    expect(answer.body).toContain(`${field('ip_allowlist')}.0`);
  });
});
