import { randomBytes } from 'node:crypto';
import type { Keyhouse } from 'keyhouse';
import type { FirstStart } from '../kit/start.ts';
import type { Hoster } from './hoster.ts';
import { OPERATIONS } from './operations.ts';

export const ADMIN = 'admin@hosting.example';

/** Every permission that an operation needs. */
export const EVERYTHING: readonly string[] = [...new Set(OPERATIONS.map(({ permission }) => permission))];

/** A customer, who has a workspace with its own people, domains and bills. */
const CUSTOMER = { external_id: 'customer-1', name: 'Garden Shop' };
const CUSTOMER_EMAIL = 'ada@garden-shop.example';

/** What people of a customer may do. A token never does more than its owner may do at that moment. */
const ROLES = {
  customer: EVERYTHING,
  webmaster: ['domains:read', 'dns:read', 'dns:write', 'hosting:read'],
  accounting: ['account:read', 'domains:read', 'hosting:read'],
} as const satisfies Record<string, readonly string[]>;

/** @returns null when there are users already. */
export async function makeFirstStart(keyhouse: Keyhouse, hoster: Hoster, company: string): Promise<FirstStart | null> {
  const { data: users } = await keyhouse.users.list({ limit: 1 });
  if (users.length > 0) return null;
  const password = randomBytes(15).toString('base64url');
  const { token } = await keyhouse.setUp({ email: ADMIN, password, name: 'Admin', workspace: company });
  for (const [name, permissions] of Object.entries(ROLES)) await keyhouse.roles.create({ name, permissions });
  const { id } = await keyhouse.workspaces.create(CUSTOMER);
  const person = (email: string, name: string, role: keyof typeof ROLES) =>
    keyhouse.users.create({ email, name, workspace: { id }, roles: [role] });
  const customer = await person(CUSTOMER_EMAIL, 'Ada Example', 'customer');
  await person('web@garden-shop.example', 'Webmaster', 'webmaster');
  await person('office@garden-shop.example', 'Accounting', 'accounting');
  furnish(hoster, id);
  return { password, token: await makeToken(keyhouse, 'First token', customer.id), managementToken: token.value };
}

/** Another token like the first one, for whoever has lost it. */
export async function makeAnotherToken(keyhouse: Keyhouse): Promise<string> {
  const { data: users } = await keyhouse.users.list({ search: CUSTOMER_EMAIL });
  const customer = users.find(({ email }) => email === CUSTOMER_EMAIL);
  if (customer === undefined) throw new Error(`There is no ${CUSTOMER_EMAIL} any more.`);
  return makeToken(keyhouse, 'Another token', customer.id);
}

async function makeToken(keyhouse: Keyhouse, name: string, ownerId: string): Promise<string> {
  const { value } = await keyhouse.tokens.create({ name, owner: { id: ownerId }, permissions: EVERYTHING });
  return value as string;
}

/** Something to see in the first answers. */
function furnish({ domains, records, services, accounts }: Hoster, workspace: string): void {
  accounts.update(workspace, {
    company: 'Garden Shop',
    contact_name: 'Ada Example',
    email: CUSTOMER_EMAIL,
    city: 'Berlin',
    country: 'DE',
  });
  domains.register(workspace, { name: 'garden-shop.example', years: 1, auto_renew: true });
  records.create(workspace, 'garden-shop.example', { name: '@', type: 'A', value: '203.0.113.10' });
  records.create(workspace, 'garden-shop.example', { name: 'www', type: 'CNAME', value: 'garden-shop.example' });
  records.create(workspace, 'garden-shop.example', {
    name: '@',
    type: 'MX',
    value: 'mail.garden-shop.example',
    priority: 10,
  });
  services.order(workspace, { plan: 'starter', domain: 'garden-shop.example' });
}
