import { randomBytes } from 'node:crypto';
import type { Keyhouse } from 'keyhouse';
import type { FirstStart } from '../kit/start.ts';

export const ADMIN = 'admin@yoursite.example';
const EDITOR = 'editor@yoursite.example';

/**
 * An admin, who may do everything, and an editor, who sees what is installed. Tokens do what their user may do.
 * @returns null when there are users already.
 */
export async function makeFirstStart(keyhouse: Keyhouse): Promise<FirstStart | null> {
  const { data: users } = await keyhouse.users.list({ limit: 1 });
  if (users.length > 0) return null;
  const password = randomBytes(15).toString('base64url');
  const { token, workspace } = await keyhouse.setUp({ email: ADMIN, password, name: 'Admin', workspace: 'Your Site' });
  await keyhouse.roles.create({ name: 'editor', permissions: ['collections:read'] });
  await keyhouse.users.create({
    email: EDITOR,
    name: 'Editor',
    workspace: { id: workspace.id },
    roles: ['editor'],
  });
  return { password, token: await makeBearerToken(keyhouse), managementToken: token.value };
}

/** The admin's one bearer token, in place of the one before. */
export async function makeBearerToken(keyhouse: Keyhouse): Promise<string> {
  const { data: users } = await keyhouse.users.list({ search: ADMIN });
  const admin = users.find(({ email }) => email === ADMIN);
  if (admin === undefined) throw new Error(`There is no ${ADMIN} any more.`);
  const { value } = await keyhouse.tokens.create({ name: 'Build process', owner: { id: admin.id }, inherit: true });
  return value as string;
}
