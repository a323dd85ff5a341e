import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Pool, PoolClient } from 'pg';

/** The application's roles and what each may do; its own sign-in is judged by these, with or without tokens. */
export const PERMISSIONS = {
  viewer: ['tasks:read'],
  editor: ['tasks:read', 'tasks:write'],
  admin: ['tasks:read', 'tasks:write', 'tasks:delete'],
} as const;
export type Role = keyof typeof PERMISSIONS;

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly suspended: boolean;
}

type Queries = Pick<Pool | PoolClient, 'query'>;

const COLUMNS = 'id, email, name, role, suspended';
const TABLES = `
  create table if not exists users (
    id text primary key default gen_random_uuid(), email text not null unique, name text not null,
    role text not null check (role in ('viewer', 'editor', 'admin')), suspended boolean not null default false,
    password text not null);
  create table if not exists tasks (
    id bigint generated always as identity primary key, title text not null, author text not null)`;

export async function prepareTables(db: Queries): Promise<void> {
  await db.query(TABLES);
}

export async function findUser(db: Queries, by: 'id' | 'email', value: string): Promise<User | null> {
  const { rows } = await db.query<User>(`select ${COLUMNS} from users where ${by} = $1`, [value]);
  return rows[0] ?? null;
}

export async function listUsers(db: Queries): Promise<readonly User[]> {
  return (await db.query<User>(`select ${COLUMNS} from users order by email`)).rows;
}

/** All users; until the transaction ends nobody changes them. */
export async function lockUsers(db: Queries): Promise<readonly User[]> {
  return (await db.query<User>(`select ${COLUMNS} from users order by id for share`)).rows;
}

export async function addUser(
  db: Queries,
  { email, name, role, password }: { email: string; name: string; role: Role; password: string },
): Promise<User> {
  const { rows } = await db.query<User>(
    `insert into users (email, name, role, password) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    [email, name, role, await hashPassword(password)],
  );
  return rows[0] as User;
}

/** The user as changed, locked until the transaction ends; null where there is none. */
export async function changeUser(
  db: Queries,
  id: string,
  { role, suspended }: { role?: Role | undefined; suspended?: boolean | undefined },
): Promise<User | null> {
  const { rows } = await db.query<User>(
    `update users set role = coalesce($2, role), suspended = coalesce($3, suspended) where id = $1 returning ${COLUMNS}`,
    [id, role ?? null, suspended ?? null],
  );
  return rows[0] ?? null;
}

export async function removeUser(db: Queries, id: string): Promise<boolean> {
  return (await db.query('delete from users where id = $1', [id])).rowCount === 1;
}

/** The user with this password, unless suspended. An address that is not known takes as long. */
export async function checkPassword(db: Queries, email: string, password: string): Promise<User | null> {
  const { rows } = await db.query<User & { password: string }>(
    `select ${COLUMNS}, password from users where email = $1`,
    [email],
  );
  const [row] = rows;
  const isRight = await matches(password, row?.password ?? NOBODY);
  return row === undefined || !isRight || row.suspended ? null : row;
}

/** Work that is done as a whole or not at all. */
export async function transact<T>(pool: Pool, work: (db: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((broken: Error) => {
      failure = broken;
    });
    throw error;
  } finally {
    client.release(failure);
  }
}

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const NOBODY = `${'0'.repeat(32)}:${'0'.repeat(64)}`;

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt, 32)).toString('hex')}`;
}

async function matches(password: string, stored: string): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split(':');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'hex'), 32), Buffer.from(hash, 'hex'));
}
