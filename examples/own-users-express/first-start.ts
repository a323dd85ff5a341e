import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Tokens } from './tokens.ts';
import { addUser, lockUsers, prepareTables, type Role, transact } from './users.ts';

interface Account {
  readonly email: string;
  readonly password: string;
}

export interface DemoUsers {
  readonly admin: Account;
  readonly editor: Account;
}

/** Any number, the same in every process: they start one after the other. */
const START_LOCK = 5_839_217;

/**
 * Makes the tables and, in an empty database, an admin and an editor. Keyhouse is told of everybody there is, also of users
 * that are older than this application's tokens.
 * @returns the users it made, with their passwords; null where there were some.
 */
export async function prepare(pool: Pool, tokens: Pick<Tokens, 'tell'>): Promise<DemoUsers | null> {
  return transact(pool, async (db) => {
    await db.query('select pg_advisory_xact_lock($1)', [START_LOCK]);
    await prepareTables(db);
    const add = async (role: Role, name: string): Promise<Account> => {
      const account = { email: `${role}@example.com`, password: randomBytes(9).toString('base64url') };
      await addUser(db, { ...account, role, name });
      return account;
    };
    const isEmpty = (await lockUsers(db)).length === 0;
    const made = isEmpty ? { admin: await add('admin', 'Admin'), editor: await add('editor', 'Editor') } : null;
    for (const user of await lockUsers(db)) await tokens.tell(user);
    return made;
  });
}

/** Creates a token as its owner does on the settings page. */
export async function firstToken(url: string, { email, password }: Account): Promise<string> {
  const signedIn = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Origin: url },
    body: new URLSearchParams({ email, password }),
  });
  const cookie = signedIn.headers.getSetCookie().join('; ');
  const created = await fetch(`${url}/settings/tokens`, {
    method: 'POST',
    headers: { Origin: url, Cookie: cookie, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'first token', permissions: ['tasks:read', 'tasks:write'] }),
  });
  const { value } = (await created.json()) as { value: string };
  return value;
}
