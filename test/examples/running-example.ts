/**
 * An example as a reader starts it: its own process, free ports, a folder of its own. Prevents tests that pass because they
 * reach inside what a reader only sees from outside.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPreset, type Profile } from '../../src/profile/index.ts';
import { type RunningProcess, startProcess } from '../services/process.ts';

/** The one line that `--json` prints. */
export interface ExampleLine {
  readonly api: string;
  readonly dashboard: string;
  readonly admin: { readonly email: string; readonly password: string | null };
  readonly token: string | null;
  /** A token that manages Keyhouse and nothing else, where the first one does not. */
  readonly managementToken: string | null;
}

export interface RunningExample extends ExampleLine {
  readonly process: RunningProcess;
  readonly dataDir: string;
  /** A request to the API; `body` is sent as JSON. */
  ask(method: string, path: string, token: string | null, body?: unknown): Promise<ExampleAnswer>;
  /** A new token made with the one that manages, or with the first one where that does. @throws when it is refused. */
  makeKey(input: Readonly<Record<string, unknown>>): Promise<{ readonly id: string; readonly value: string }>;
  close(): Promise<void>;
}

export interface ExampleAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

const ROOT = join(import.meta.dirname, '../..');

/** @param dataDir an existing folder, which is then kept; a new one, removed at the end, unless told. */
export async function startExample(
  name: string,
  { dataDir, options = [] }: { readonly dataDir?: string; readonly options?: readonly string[] } = {},
): Promise<RunningExample> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), `keyhouse-example-${name}-`));
  const args = ['--api-port', '0', '--dashboard-port', '0', '--data-dir', folder, '--json', ...options];
  const process = await startProcess(globalThis.process.execPath, [join(ROOT, 'tools/example.ts'), name, ...args], {
    cwd: ROOT,
  });
  const line = JSON.parse((await process.waitForLine(/^\{"api".*\}$/))[0]) as ExampleLine;
  const ask: RunningExample['ask'] = async (method, path, token, body) => {
    const answer = await fetch(line.api + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, json: isJson ? JSON.parse(text) : text };
  };
  return {
    ...line,
    process,
    dataDir: folder,
    ask,
    async makeKey(input) {
      const { tokens } = (findPreset(name) as Profile).paths;
      const { status, json } = await ask('POST', tokens, line.managementToken ?? line.token, {
        name: 'test',
        ...input,
      });
      if (status !== 201) throw new Error(`no key was made: ${status} ${JSON.stringify(json)}`);
      return json;
    },
    async close() {
      await process.stop();
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
