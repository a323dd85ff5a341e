import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse } from '../../src/index.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../services/postgres.ts';

const OWNER = { external_id: 'user-42' };

suiteNeeding('postgresql', 'a profile that another process has applied', () => {
  let database: FreshDatabase;
  let folder: string;
  let here: Keyhouse;
  let there: Keyhouse;
  let before: Record<string, unknown>;
  beforeEach(async () => {
    database = await requireDatabase();
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-profile-'));
    const options = { databaseUrl: database.url, secretsDir: join(folder, 'secrets') };
    here = await createKeyhouse(options);
    there = await createKeyhouse(options);
    const workspace = { external_id: 'org-7', name: 'Example Ltd' };
    await here.owners.put({ ...OWNER, workspace, permissions: ['servers:read', 'projects:read'] });
    before = (await here.profile.read({})).profile;
  });
  afterEach(async () => {
    await here?.close();
    await there?.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const apply = (changed: Record<string, unknown>) =>
    here.profile.apply({ profile: { ...before, ...changed }, allow_narrowing: true });
  const create = (keyhouse: Keyhouse, input: Record<string, unknown> = {}) =>
    keyhouse.tokens.create({ name: 'test', permissions: ['servers:read'], owner: OWNER, ...input });

  it('row 24: judges what is created here, from the moment it was applied there', async () => {
    await create(there);
    await apply({ catalogue: [{ permission: 'projects:read', description: 'See projects', operations: [] }] });
    await expect(create(there)).rejects.toMatchObject({ code: 'unknown_permission' });
    await create(there, { permissions: ['projects:read'] });
  });

  it('bounds how long tokens live here', async () => {
    await apply({ expiry: { lifetime: '1d', lifetimeMax: '1d' } });
    await expect(create(there, { expires_in: '90d' })).rejects.toMatchObject({ code: 'invalid_expires_at' });
  });

  it('keeps to one token for each owner, whichever process makes it', async () => {
    await apply({ onePerOwner: true, rotation: { gracePeriod: '0s' } });
    const first = await create(there);
    const second = await create(here);
    expect(await there.tokens.read({ id: first.id })).toMatchObject({ state: 'replaced', superseded_by: second.id });
  });

  it('lets be created here what only the newer one has', async () => {
    const { limits } = before as { limits: { tiers: Record<string, object> } };
    const [tier] = Object.values(limits.tiers) as [object];
    await apply({ limits: { ...limits, tiers: { ...limits.tiers, extra: tier } } });
    expect(await create(there, { tier: 'extra' })).toMatchObject({ limits: { tier: 'extra' } });
  });

  it('judges what overlaps with applying it by one of the two, and afterwards only by the newer', async () => {
    const catalogue = [{ permission: 'projects:read', description: 'See projects', operations: [] }];
    const making = Array.from({ length: 20 }, () => create(there).catch((error) => error.code));
    await apply({ catalogue });
    await expect(create(there)).rejects.toMatchObject({ code: 'unknown_permission' });
    const made = await Promise.all(making);
    expect(made.filter((one) => typeof one === 'string' && one !== 'unknown_permission')).toEqual([]);
  });

  it('says here what a token looks like and how a refusal is worded, within moments', async () => {
    await apply({ token: { ...(before.token as object), prefix: 'acme' }, company: { ...(before.company as object) } });
    const { value } = await create(here);
    expect(value).toMatch(/^acme_live_/);
    const request = new Request('http://localhost/', { headers: { authorization: `Bearer ${value}` } });
    const isAccepted = async () => (await there.authenticate(request, { permission: 'servers:read' })).allowed;
    await eventually(isAccepted, 10_000, 'the other process knows the new prefix');
  });
});
