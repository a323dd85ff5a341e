/**
 * The example application with users of its own, as a process, and its people as clients. Prevents tests of embedding that
 * only know the inside of one process: here requests go over the network to what an engineer would deploy.
 */
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../services/process.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** What the example prints with `--json`. */
interface Printed {
  readonly api: string;
  readonly dashboard: string;
  /** null where the database had users before. */
  readonly admin: Account | null;
  readonly editor: Account | null;
  readonly token: string | null;
}

export interface OwnUsersApp extends Printed {
  readonly process: RunningProcess;
}

/**
 * Starts one process of the example. All that are to be one application get the same database and folder; without a
 * database the example starts its own.
 */
export async function startOwnUsersApp(
  databaseUrl: string | null,
  dataDir: string,
  more: readonly string[] = [],
): Promise<OwnUsersApp> {
  const command = join(import.meta.dirname, '../../tools/example.ts');
  const process_ = await startProcess(
    process.execPath,
    [command, 'own-users-express', '--json', '--api-port', '0', '--data-dir', dataDir, ...more],
    { env: { DATABASE_URL: databaseUrl ?? undefined }, orphanSignal: 'QUIT' },
  );
  const [line] = await process_.waitForLine(/^\{.*"api".*\}$/, 60_000);
  return { ...(JSON.parse(line) as Printed), process: process_ };
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

/** One request, its answer read to the end. */
export async function ask(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answered> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && !isForm && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}

/** Calls the application's API with a token. */
export function withToken(url: string, token: string, method = 'GET', body?: unknown): Promise<Answered> {
  const headers = { Authorization: `Bearer ${token}` };
  return ask(`${url}/api/tasks`, { method, headers, ...(body !== undefined && { body }) });
}

/** Somebody who is signed in; the session holds for every process of the application. */
export interface Person {
  readonly cookie: string;
  request(url: string, path: string, method?: string, body?: unknown): Promise<Answered>;
  /** Creates a token of one's own through the settings endpoints of that process. */
  mint(url: string, input?: Record<string, unknown>): Promise<{ id: string; value: string }>;
}

export async function signIn(url: string, account: Account): Promise<Person> {
  const answer = await ask(`${url}/sign-in`, {
    method: 'POST',
    headers: { Origin: url },
    body: new URLSearchParams({ ...account }),
  });
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const request: Person['request'] = (at, path, method = 'GET', body) =>
    ask(`${at}${path}`, { method, headers: { Cookie: cookie, Origin: at }, ...(body !== undefined && { body }) });
  return {
    cookie,
    request,
    async mint(at, input = {}) {
      const created = await request(at, '/settings/tokens', 'POST', { name: 'test', permissions: ALL_TASKS, ...input });
      if (created.status !== 201) throw new Error(`creating a token answered ${created.status}: ${created.text}`);
      return { id: created.json.id, value: created.json.value };
    },
  };
}

const ALL_TASKS = ['tasks:read', 'tasks:write'];

/** A new user of the application, made by an admin and signed in. */
export async function addPerson(url: string, admin: Person, role: string): Promise<Person & { id: string }> {
  const account = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' };
  const added = await admin.request(url, '/admin/users', 'POST', { ...account, name: 'Someone', role });
  if (added.status !== 201) throw new Error(`adding a user answered ${added.status}: ${added.text}`);
  return { ...(await signIn(url, account)), id: added.json.id };
}
