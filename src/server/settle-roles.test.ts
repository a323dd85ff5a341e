import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testEngine } from '../testing/engine.ts';
import { sampleRole } from '../testing/index.ts';

it('an installation of an earlier version learns what its built-in roles hold by now, once, and other roles stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-roles-'));
  const earlier = await testEngine({ left: { folder, at: Date.UTC(2027, 0, 15) } });
  const admin = sampleRole({ name: 'admin', everything: true, builtIn: true, permissions: ['keyhouse-tokens:*'] });
  const own = sampleRole({ name: 'auditors', permissions: ['keyhouse-audit:read'] });
  await earlier.engine.store.transact(async ({ owners }) => {
    await owners.directory.insertRole(admin);
    await owners.directory.insertRole(own);
  });
  await earlier.close();

  const rolesOf = async () => {
    const now = await testEngine({ left: { folder, at: Date.UTC(2027, 0, 16) } });
    const { store } = now.engine;
    const roles = await store.owners.listRoles();
    const { rows } = await store.audit.list({ action: 'role.updated' }, { limit: 10, after: null });
    await now.close();
    return { roles, told: rows.map(({ actor, subject }) => [actor.kind, subject?.id]) };
  };
  const { roles, told } = await rolesOf();
  const held = (name: string) => roles.find((role) => role.name === name)?.permissions;
  expect(held('admin')).toEqual(expect.arrayContaining(['keyhouse-tokens:*', 'keyhouse-webhooks:*']));
  expect(held('auditors')).toEqual(['keyhouse-audit:read']);
  expect(told).toEqual([['system', admin.id]]);
  expect((await rolesOf()).told).toEqual(told);
  rmSync(folder, { recursive: true, force: true });
});
