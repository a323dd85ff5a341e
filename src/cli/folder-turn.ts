import { setTimeout as delay } from 'node:timers/promises';
import { type Config, findOwnerSocket } from '../server/operator.ts';
import { NobodyThere, sendRequest } from './http-client.ts';

/** Longer than a command has a store open. */
const COMMANDS_PASS_MS = 30_000;
const ASK_AGAIN_MS = 100;

/**
 * Does what needs the data folder for itself. Another command that has it for a moment is waited for; a server is not.
 * @throws {FolderOwned} a server runs on it.
 */
export async function inTurn<T>(config: Config, work: () => Promise<T>): Promise<T> {
  const deadline = AbortSignal.timeout(COMMANDS_PASS_MS);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isOwned = error instanceof Error && error.name === 'FolderOwned';
      if (!isOwned || deadline.aborted || (await isServed(config))) throw error;
      await delay(ASK_AGAIN_MS);
    }
  }
}

async function isServed(config: Config): Promise<boolean> {
  const path = findOwnerSocket(config);
  if (path === null) return false;
  try {
    await sendRequest({ by: 'socket', path }, { method: 'GET', path: '/healthz' });
    return true;
  } catch (error) {
    return !(error instanceof NobodyThere);
  }
}
