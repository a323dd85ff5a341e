import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createKeyhouse } from '../../src/index.ts';

it('what an attached application refuses is explained there and by the owner of the folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-denials-'));
  const dataDir = join(folder, 'data');
  const owner = await createKeyhouse({ dataDir });
  const attached = await createKeyhouse({ dataDir, attach: true });
  try {
    const put = { external_id: 'user-42', workspace: { external_id: 'org-7' }, permissions: ['servers:read'] };
    await owner.owners.put(put);
    const made = await owner.tokens.create({
      name: 'ci',
      permissions: ['servers:read'],
      owner: { external_id: 'user-42' },
    });
    const value = made.value as string;
    const refuse = async (keyhouse: typeof owner) => {
      const rawHeaders = ['Authorization', `Bearer ${value}`];
      const request = { rawHeaders, url: `/servers/${value}?page=2`, method: 'POST', ip: '203.0.113.9' };
      const result = await keyhouse.authenticate(request, { permission: 'servers:write' });
      expect(result.allowed).toBe(false);
      return result.requestId;
    };
    const there = await refuse(attached);
    const explained = await attached.denials.read({ request_id: there });
    expect(explained).toMatchObject({
      door: 'middleware',
      method: 'POST',
      path: '/servers/kh_live_…',
      cause: 'permission_missing',
      permissions: { missing: ['servers:write'], held: ['servers:read'] },
      address: { ip: '203.0.113.9' },
    });
    expect(await owner.denials.read({ request_id: there })).toEqual(explained);
    const here = await refuse(owner);
    const { data } = await attached.denials.list({ owner_id: made.owner.id });
    expect(data.map(({ request_id }) => request_id)).toEqual(expect.arrayContaining([there, here]));
    const { denials } = await attached.denials.why({ token: value });
    expect(denials).toHaveLength(2);
    expect(JSON.stringify([explained, data, denials])).not.toContain(value.slice(8));
  } finally {
    await attached.close();
    await owner.close();
    rmSync(folder, { recursive: true });
  }
});
