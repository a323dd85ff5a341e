import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type RunningProcess, runProcess, startProcess } from '../services/process.ts';

const BIN = join(import.meta.dirname, '../../bin/keyhouse.mjs');

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one line of JSON it has to be. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** An installation in a folder of its own, worked on by the real command. */
export interface Installation {
  readonly folder: string;
  readonly dataDir: string;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The same with `--json`; fails the test when the command does. */
  json(args: readonly string[], options?: RunOptions): Promise<Ran['json']>;
  serve(args?: readonly string[], options?: RunOptions): Promise<Served>;
}

export interface Served {
  readonly api: string;
  readonly dashboard: string;
  readonly setup_code: string | null;
  readonly process: RunningProcess;
}

export const PASSWORD = 'a long one of my own';

/** A folder that is removed, with everything that runs in it stopped, when the test ends. */
export function newInstallation(): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-cli-'));
  const running: RunningProcess[] = [];
  onTestFinished(async () => {
    for (const one of running) await one.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return installationIn(folder, running);
}

function installationIn(folder: string, running: RunningProcess[]): Installation {
  const surroundings = (options: RunOptions) => ({
    cwd: folder,
    // Hundreds of processes load the same modules: compiled once, they take half the time.
    env: { ...WITHOUT_OURS, NODE_COMPILE_CACHE: join(kept, 'compiled'), ...options.env },
    input: options.input ?? '',
  });
  const run: Installation['run'] = async (args, options = {}) => {
    const { code, stdout, stderr } = await runProcess(process.execPath, [BIN, ...args], surroundings(options));
    const isOneLine = /^[^\n]+\n$/.test(stdout);
    return { code, stdout, stderr, json: isOneLine && args.includes('--json') ? JSON.parse(stdout) : null };
  };
  return {
    folder,
    dataDir: join(folder, 'keyhouse-data'),
    run,
    async json(args, options) {
      const ran = await run([...args, '--json'], options);
      if (ran.code !== 0) throw new Error(`keyhouse ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`);
      return ran.json;
    },
    async serve(args = [], options = {}) {
      const free = ['--api-port', '0', '--dashboard-port', '0', '--json'];
      const server = await startProcess(process.execPath, [BIN, 'serve', ...free, ...args], surroundings(options));
      running.push(server);
      const [line] = await server.waitForLine(/^\{"api".*/);
      return { ...JSON.parse(line), process: server };
    },
  };
}

/** An installation with an administrator, and `user-42` of the customer `org-7`. */
export async function setUpInstallation(): Promise<Installation & { readonly adminToken: string }> {
  template ??= makeTemplate();
  const { folder, adminToken } = await template;
  const installation = newInstallation();
  cpSync(folder, installation.folder, { recursive: true });
  for (const place of [installation.dataDir, `${installation.dataDir}.secrets`]) chmodSync(place, 0o700);
  return { ...installation, adminToken };
}

/** What the tests of one file share. */
const kept = mkdtempSync(join(tmpdir(), 'keyhouse-cli-kept-'));
afterAll(() => rmSync(kept, { recursive: true, force: true }));

/** Made once for each file of tests: a store at rest is two folders that can be copied. */
let template: Promise<{ readonly folder: string; readonly adminToken: string }> | null = null;

async function makeTemplate() {
  const folder = join(kept, 'template');
  mkdirSync(folder);
  const { json } = installationIn(folder, []);
  const made = await json(['init', '--admin-email', 'ops@example.com', '--admin-password-stdin'], {
    input: `${PASSWORD}\n`,
  });
  await json([
    ...['owner', 'put', 'user-42', '--email', 'ada@example.com', '--workspace', 'org-7'],
    ...['--workspace-name', 'Example Ltd', '--permissions', 'servers:read,instances:*'],
  ]);
  return { folder, adminToken: made.token.value as string };
}

/** Nothing that whoever runs the tests has set may reach the commands. */
const WITHOUT_OURS: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...Object.keys(process.env).filter((name) => name.startsWith('KEYHOUSE_')), 'NO_COLOR', 'FORCE_COLOR'].map(
    (name) => [name, undefined],
  ),
);
