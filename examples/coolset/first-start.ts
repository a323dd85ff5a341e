import { randomBytes } from 'node:crypto';
import type { Keyhouse } from 'keyhouse';
import type { FirstStart } from '../kit/start.ts';
import type { Tables } from '../kit/tables.ts';
import type { Storage } from './api.ts';
import { ORDERS } from './resources.ts';
import { OPERATOR_ROLE, ROLES, type RoleName } from './roles.ts';

export const ADMIN = 'admin@coolset.example';

/** Two customers, each with a workspace of its own. */
const EXAMPLE = { external_id: 'example-ltd', name: 'Example Ltd' };
const SAMPLE = { external_id: 'sample-gmbh', name: 'Sample GmbH' };

/** People beside the admin. One of them works for both companies, and is not the same in both. */
const PEOPLE: readonly { readonly name: string; readonly memberships: readonly ReturnType<typeof as>[] }[] = [
  { name: 'Editor', memberships: [as('editor', EXAMPLE)] },
  { name: 'Viewer', memberships: [as('viewer', EXAMPLE), as('admin', SAMPLE)] },
];

/** @returns null when there are users already. */
export async function makeFirstStart(keyhouse: Keyhouse, storage: Storage): Promise<FirstStart | null> {
  const { data: users } = await keyhouse.users.list({ limit: 1 });
  if (users.length > 0) return null;
  const password = randomBytes(15).toString('base64url');
  const made = await keyhouse.setUp({ email: ADMIN, password, name: 'Admin', workspace: 'Coolset' });
  const example = await keyhouse.workspaces.create(EXAMPLE);
  const sample = await keyhouse.workspaces.create(SAMPLE);
  for (const { inKeyhouse, permissions } of Object.values(ROLES)) {
    await keyhouse.roles.create({ name: inKeyhouse, permissions });
  }
  const home = { workspace: { id: made.workspace.id }, roles: [OPERATOR_ROLE] };
  await keyhouse.users.update({ id: made.user.id, memberships: [home, as('admin', EXAMPLE), as('viewer', SAMPLE)] });
  for (const { name, memberships } of PEOPLE) {
    await keyhouse.users.create({ name, email: `${name.toLowerCase()}@coolset.example`, memberships });
  }
  furnish(storage.live, example.id, [
    { number: 'PO-1001', supplier: 'Nordic Steel', product: 'Recycled steel coil', quantity: 12, status: 'shipped' },
    { number: 'PO-1002', supplier: 'Green Freight', product: 'Pallets', quantity: 400, status: 'placed' },
  ]);
  furnish(storage.live, sample.id, [
    { number: 'B-77', supplier: 'Papierwerk', product: 'Cartons', quantity: 2_500, status: 'received' },
  ]);
  furnish(storage.sandbox, example.id, [
    { number: 'TEST-1', supplier: 'Nobody', product: 'Something to try', quantity: 1, status: 'draft' },
  ]);
  return { password, token: await makeToken(keyhouse, made.user.id), managementToken: made.token.value };
}

/** Another token like the first one, for whoever has lost it. */
export async function makeAnotherToken(keyhouse: Keyhouse): Promise<string> {
  const { data: users } = await keyhouse.users.list({ search: ADMIN });
  const admin = users.find(({ email }) => email === ADMIN);
  if (admin === undefined) throw new Error(`There is no ${ADMIN} any more.`);
  return makeToken(keyhouse, admin.id);
}

/** A token is made for one of the companies that its owner belongs to. */
async function makeToken(keyhouse: Keyhouse, ownerId: string): Promise<string> {
  const workspace = { external_id: EXAMPLE.external_id };
  const made = await keyhouse.tokens.create({ name: 'Production', owner: { id: ownerId }, workspace, level: 'admin' });
  return made.value as string;
}

function as(role: RoleName, { external_id }: typeof EXAMPLE) {
  return { workspace: { external_id }, roles: [ROLES[role].inKeyhouse] };
}

/** Something to see in the first answers. */
function furnish(tables: Tables, workspace: string, orders: readonly Parameters<Tables['insert']>[2][]): void {
  for (const order of orders) tables.insert(ORDERS, workspace, order);
}
