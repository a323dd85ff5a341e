import { randomBytes } from 'node:crypto';
import type { Keyhouse } from 'keyhouse';
import type { FirstStart } from '../kit/start.ts';
import type { Tables } from '../kit/tables.ts';
import { EVERYTHING, RESOURCES } from './resources.ts';

export const ADMIN = 'admin@deployerp.example';

/** What people beside the admin may do. A key never does more than its owner may do at that moment. */
const ROLES = {
  deployer: ['servers:read', 'servers:write', 'instances:*', 'backups:*', 'teams:read'],
  viewer: ['servers:read', 'instances:read', 'backups:read', 'teams:read', 'billing:read'],
} as const satisfies Record<string, readonly string[]>;

/** @returns null when there are users already. */
export async function makeFirstStart(keyhouse: Keyhouse, tables: Tables): Promise<FirstStart | null> {
  const { data: users } = await keyhouse.users.list({ limit: 1 });
  if (users.length > 0) return null;
  const password = randomBytes(15).toString('base64url');
  const { token, workspace } = await keyhouse.setUp({ email: ADMIN, password, name: 'Admin', workspace: 'deployERP' });
  for (const [name, permissions] of Object.entries(ROLES)) {
    await keyhouse.roles.create({ name, permissions: [...permissions] });
    await keyhouse.users.create({ email: `${name}@deployerp.example`, workspace: { id: workspace.id }, roles: [name] });
  }
  furnish(tables, workspace.id);
  const managing = 'permissions' in token.grant ? token.grant.permissions : [];
  await keyhouse.tokens.update({
    id: token.id,
    name: 'First key',
    permissions: [...managing, ...EVERYTHING],
    tier: 'high-volume',
  });
  return { password, token: token.value, managementToken: null };
}

/** Another key like the first one, for whoever has lost it. */
export async function makeAnotherKey(keyhouse: Keyhouse): Promise<string> {
  const { data: users } = await keyhouse.users.list({ search: ADMIN });
  const admin = users.find(({ email }) => email === ADMIN);
  const admins = (await keyhouse.roles.list({})).data.find(({ name }) => name === 'admin');
  if (admin === undefined || admins === undefined) throw new Error(`There is no ${ADMIN} any more.`);
  const { value } = await keyhouse.tokens.create({
    name: 'Another key',
    owner: { id: admin.id },
    permissions: [...admins.permissions, ...EVERYTHING],
    tier: 'high-volume',
  });
  return value as string;
}

/** Something to see in the first answers. */
function furnish(tables: Tables, workspace: string): void {
  const insert = (name: string, values: Parameters<Tables['insert']>[2]) => {
    const resource = RESOURCES.find((one) => one.name === name);
    if (resource === undefined) throw new Error(`there is no resource ${name}`);
    return String(tables.insert(resource, workspace, values).id);
  };
  const server = insert('servers', { name: 'web-1', region: 'eu-central', size: 'medium' });
  const instance = insert('instances', { name: 'shop', server_id: server, version: '17.2' });
  insert('backups', { instance_id: instance, note: 'before the update' });
  insert('teams', { name: 'Operations', purpose: null });
  insert('invoices', { number: '2027-0001', issued_on: '2027-01-31', amount_cents: 4_900, currency: 'EUR' });
}
