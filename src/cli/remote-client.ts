import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call } from './call.ts';
import type { Client } from './client.ts';
import { CommandFailure } from './failure.ts';
import { NobodyThere, sendRequest } from './http-client.ts';
import type { Terminal } from './terminal.ts';

type Around = Pick<Call, 'terminal' | 'warn'>;

export interface RemoteTarget {
  readonly url: string;
  /** Holds the token; null takes `KEYHOUSE_TOKEN`. */
  readonly tokenFile: string | null;
}

/** Works on a Keyhouse elsewhere with a token that has management permissions. */
export function openRemoteClient(target: RemoteTarget, around: Around): Client {
  const { terminal } = around;
  const warn = (message: string) => around.warn(message);
  const url = readUrl(target.url);
  const token = readToken(target.tokenFile, terminal, warn);
  return {
    isThroughServer: true,
    async request(ask) {
      try {
        return await sendRequest({ by: 'network', url, token }, ask);
      } catch (error) {
        if (!(error instanceof NobodyThere)) throw error;
        throw new CommandFailure('unavailable', `${url.origin} cannot be reached: ${error.message}.`, { cause: error });
      }
    },
    async close() {},
  };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new CommandFailure('usage', '--url must be the address of a Keyhouse, such as https://keys.example.com');
  }
  if (url.username !== '' || url.password !== '') {
    throw new CommandFailure(
      'usage',
      '--url must not hold a user name or password; the token comes from --token-file.',
    );
  }
  const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback) {
    throw new CommandFailure('usage', '--url must begin with https://', {
      hint: 'Over plain http the token would cross the network in the clear. Only this machine may be asked that way.',
    });
  }
  return url;
}

function readToken(file: string | null, terminal: Terminal, warn: Around['warn']): string {
  const text = file === null ? (terminal.env.KEYHOUSE_TOKEN ?? '') : readTokenFile(resolve(terminal.cwd, file), warn);
  const token = text.trim();
  const from = file === null ? 'KEYHOUSE_TOKEN' : file;
  if (token === '') {
    throw new CommandFailure('usage', `--url needs a token: ${from} ${file === null ? 'is not set' : 'is empty'}.`, {
      hint: 'Put it into KEYHOUSE_TOKEN, or into a file and name that with --token-file.',
    });
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailure('usage', `${from} must hold one token and nothing else.`);
  }
  return token;
}

function readTokenFile(path: string, warn: Around['warn']): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      warn(`Warning: ${path} can be read by other users. Close it: chmod 600 ${path}`);
    }
    return text;
  } catch (error) {
    throw new CommandFailure('usage', `The token file cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
