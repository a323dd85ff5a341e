import { randomBytes } from 'node:crypto';
import type { Keyhouse } from 'keyhouse';
import type { FirstStart } from '../kit/start.ts';
import type { Tables } from '../kit/tables.ts';
import { INSTALLERS, JOBS } from './resources.ts';

export const ADMIN = 'admin@installer.example';

/** What people beside the admin may do, and with them their tokens: no more and no less, at every moment. */
const ROLES = {
  'partner-admin': ['installers:*', 'jobs:*'],
  dispatcher: ['installers:read', 'jobs:*'],
  viewer: ['installers:read', 'jobs:read'],
} as const satisfies Record<string, readonly string[]>;

/** Books jobs from another program. It is nobody's account, and may do what that program does and nothing more. */
const INTEGRATION = { name: 'ERP Integration', permissions: ['installers:read', 'jobs:read', 'jobs:write'] };

/** @returns null when there are users already. */
export async function makeFirstStart(keyhouse: Keyhouse, tables: Tables): Promise<FirstStart | null> {
  const { data: users } = await keyhouse.users.list({ limit: 1 });
  if (users.length > 0) return null;
  const password = randomBytes(15).toString('base64url');
  const admin = { email: ADMIN, password, name: 'Admin', workspace: 'Installer.com' };
  const { token: managing, workspace } = await keyhouse.setUp(admin);
  for (const [name, permissions] of Object.entries(ROLES)) {
    await keyhouse.roles.create({ name, permissions });
    await keyhouse.users.create({ email: `${name}@installer.example`, workspace: { id: workspace.id }, roles: [name] });
  }
  const account = await keyhouse.serviceAccounts.create({ ...INTEGRATION, workspace: { id: workspace.id } });
  furnish(tables, workspace.id);
  return { password, token: await makeToken(keyhouse, account.id), managementToken: managing.value };
}

/** Another token of the service account, for whoever has lost the first one. */
export async function makeAnotherToken(keyhouse: Keyhouse): Promise<string> {
  const { data: accounts } = await keyhouse.serviceAccounts.list({ search: INTEGRATION.name });
  const account = accounts.find(({ name }) => name === INTEGRATION.name);
  if (account === undefined) throw new Error(`There is no service account ${INTEGRATION.name} any more.`);
  return makeToken(keyhouse, account.id);
}

/** The profile knows one kind of token, so nothing is said about what it may do: all that its owner may. */
async function makeToken(keyhouse: Keyhouse, ownerId: string): Promise<string> {
  const { value } = await keyhouse.tokens.create({ name: INTEGRATION.name, owner: { id: ownerId } });
  return value as string;
}

/** Something to see in the first answers. */
function furnish(tables: Tables, workspace: string): void {
  const electric = tables.insert(INSTALLERS, workspace, {
    name: 'Example Electric',
    trade: 'ev-charging',
    city: 'Oslo',
    email: 'post@electric.example',
  });
  tables.insert(INSTALLERS, workspace, { name: 'Example Heating', trade: 'heat-pumps', city: 'Bergen' });
  tables.insert(JOBS, workspace, {
    installer_id: String(electric.id),
    title: 'Charger in the garage, 11 kW',
    planned_for: '2027-03-15',
  });
}
