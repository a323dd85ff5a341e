/**
 * A README as its reader follows it: the first block starts the example, and everything else is typed into one terminal.
 * Prevents READMEs whose commands stopped working. `sh refused` marks a block that has to be refused.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessEnd, runProcess, startProcess } from '../services/process.ts';

const ROOT = join(import.meta.dirname, '../..');

type Ended = ProcessEnd & { readonly stdout: string; readonly stderr: string };

export interface FollowedReadme {
  /** What the example printed when it had started. */
  readonly greeting: string;
  /** The command that the greeting proposes. */
  readonly firstAnswer: Ended;
  /** All blocks after the first, in one shell that stops at the first command that fails; a status from 400 on is failing. */
  readonly script: Ended;
}

/**
 * Runs the README of an example on free ports and a new folder. Tokens of the greeting are in the environment as TOKEN and
 * MANAGEMENT_TOKEN, `localhost:8000` and `localhost:4300` stand for its two addresses, and the shell stands where the
 * first block was typed.
 */
export async function runReadme(file: string): Promise<FollowedReadme> {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```sh( refused)?\n(.*?)^```$/gms)].map(
    ([, refused, text = '']) => ({ isRefused: refused !== undefined, text: text.trim() }),
  );
  const [start, ...typed] = blocks;
  const [program = '', ...args] = start?.text.split(' ') ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-readme-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.curlrc'), 'silent\nshow-error\nfail-with-body\n');
  const ports = ['--api-port', '0', '--dashboard-port', '0', '--data-dir', join(folder, 'data')];
  const example = await startProcess(program, [...args, ...ports], { cwd: ROOT });
  try {
    const [, api = ''] = await example.waitForLine(/^ {4}API {8}http:\/\/(\S+)$/);
    const [, dashboard = ''] = await example.waitForLine(/^ {4}Dashboard {2}http:\/\/(\S+)$/);
    const [, firstCommand = ''] = await example.waitForLine(/^ {4}(curl .+)$/);
    const [TOKEN, MANAGEMENT_TOKEN] = [...example.stdout().matchAll(/^ {4}(\w+_\w{32})$/gm)].map((match) => match[1]);
    const run = (text: string) =>
      runProcess('sh', ['-e', '-c', text.replaceAll('localhost:8000', api).replaceAll('localhost:4300', dashboard)], {
        cwd: ROOT,
        env: { TOKEN, MANAGEMENT_TOKEN, CURL_HOME: home, HOME: home },
      });
    const commands = typed.map(({ isRefused, text }) =>
      isRefused ? `if { ${text}\n} 2>&1; then echo 'this was not refused' >&2; exit 1; fi` : text,
    );
    const firstAnswer = await run(firstCommand);
    const script = await run(commands.join('\n'));
    return { greeting: example.stdout(), firstAnswer, script };
  } finally {
    await example.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
