import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MEASURED, type MeasuredServer, pinned } from './running-server.ts';

export type PythonKind = 'WSGI' | 'ASGI';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../python', import.meta.url));
/** The system's own interpreter: the servers are its packages. */
const PYTHON = '/usr/bin/python3';

/** One process that answers, as an installation on one processor has it. `-m` and what follows it. */
const SERVERS: Readonly<Record<PythonKind, readonly string[]>> = {
  WSGI: ['gunicorn', '--bind', '127.0.0.1:0', '--workers', '1', '--threads', '32', 'python_apps:wsgi'],
  ASGI: ['uvicorn', '--port', '0', '--no-access-log', '--lifespan', 'off', 'python_apps:asgi'],
};

/** What the row calls the server, or null where this machine does not have it. */
export function pythonServerName(kind: PythonKind): string | null {
  const [module = ''] = SERVERS[kind];
  try {
    const said = execFileSync(
      PYTHON,
      ['-c', `import ${module} as m, sys; print(m.__version__, sys.version.split()[0])`],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      },
    );
    const [version, python] = said.trim().split(' ');
    return `${module} ${version}, Python ${python}`;
  } catch {
    return null;
  }
}

/** Whom the middleware asks; null leaves the middleware out. */
export type Asked = { readonly url: string; readonly token: string } | null;

/** @throws {Error} the process ended before it listened. */
export async function startPython(kind: PythonKind, asked: Asked): Promise<MeasuredServer> {
  const [program, ...args] = pinned(MEASURED, [PYTHON, '-m', ...SERVERS[kind]]);
  const child = spawn(program, args, {
    cwd: HERE,
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: PACKAGE,
      PYTHONDONTWRITEBYTECODE: '1',
      ...(asked !== null && { KEYHOUSE_URL: asked.url, VERIFIER_TOKEN: asked.token }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await listening(child);
  return {
    url,
    cpuMicros: async () => family(child).reduce((sum, pid) => sum + cpuMicrosOf(pid), 0),
    async stop() {
      const exited = once(child, 'exit');
      for (const pid of family(child).reverse()) process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

/** Both servers name the address they listen on when an application is loaded. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the Python server ended before it listened:\n${said}`)));
  });
}

/** The process and its children: one of these servers answers in a child. */
function family({ pid }: ChildProcess): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid as number, ...children.split(' ').filter(Boolean).map(Number)];
}

const TICKS_PER_SECOND = 100;

/** User and system time of a process, every thread of it (`proc(5)`, fields 14 and 15 of `stat`). */
function cpuMicrosOf(pid: number): number {
  const [user = 0, system = 0] =
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  return ((user + system) * 1e6) / TICKS_PER_SECOND;
}
