/**
 * Runs printed commands with the real programs of this machine. What a run needs beside the command (where the proxy is,
 * whom to trust, where headers go) comes from the environment and curl's own configuration file, so that the command
 * itself stays as it is printed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithRequests } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { type StandInHosts, standInFor } from './stand-in-hosts.ts';

export interface CommandAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface Commands {
  /** Runs a curl command in a shell and reads what came back. @throws when curl itself fails. */
  curl(command: string): Promise<CommandAnswer>;
  /** Runs a program in the folder. @throws when it ends with another code than 0. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<string>;
  /** Runs a program text with Node, as an ES module. @returns what it printed. @throws when it fails. */
  node(text: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** The same with a Python that has `requests`. */
  python(text: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** The same with PHP and its cURL extension; the opening tag is added. */
  php(text: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Writes a file into the folder and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  close(): Promise<void>;
}

const NO_OTHER_PROXY = ['HTTP_PROXY', 'https_proxy', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'];

/** @param ports the local port that stands for each of the company's hosts, as `standInFor` takes them. */
export async function commandsAgainst(ports: Readonly<Record<string, number>>): Promise<Commands> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-document-'));
  const at = (name: string): string => join(folder, name);
  const hosts: StandInHosts = await standInFor(ports, folder);
  writeFileSync(
    at('.curlrc'),
    `silent\nshow-error\nmax-time = 30\nsuppress-connect-headers\ndump-header = "${at('headers')}"\n`,
  );
  const env: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries(NO_OTHER_PROXY.map((name) => [name, undefined])),
    CURL_HOME: folder,
    HTTPS_PROXY: hosts.proxy,
    http_proxy: hosts.proxy,
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: hosts.authorityFile,
    CURL_CA_BUNDLE: hosts.authorityFile,
    REQUESTS_CA_BUNDLE: hosts.authorityFile,
  };
  const run: Commands['run'] = async (program, args, further = {}) => {
    const { code, stdout, stderr } = await runProcess(program, args, { cwd: folder, env: { ...env, ...further } });
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(at(name), content);
    return at(name);
  };
  const phpOptions = ['-d', `curl.cainfo=${hosts.authorityFile}`, '-d', 'display_errors=stderr'];
  return {
    run,
    async curl(command) {
      const body = await run('sh', ['-c', command]);
      const [statusLine = '', ...lines] = readFileSync(at('headers'), 'latin1').trimEnd().split('\r\n');
      const fields = lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line));
      const headers = new Map(fields.map((field) => [String(field?.[1]).toLowerCase(), String(field?.[2])]));
      return { status: Number(statusLine.split(' ')[1]), headers, body };
    },
    node: (text, further) => run(process.execPath, [write('printed.mjs', text)], further),
    python: (text, further) => run(pythonWithRequests() ?? 'python3', [write('printed.py', text)], further),
    php: (text, further) => run('php', [...phpOptions, write('printed.php', `<?php\n${text}\n`)], further),
    write,
    async close() {
      await hosts.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
