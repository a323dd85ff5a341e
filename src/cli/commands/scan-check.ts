import type { Call } from '../call.ts';
import { CommandFailure } from '../failure.ts';
import { failureOf } from '../problem.ts';
import type { Find } from '../scan/index.ts';
import { askVisible } from '../secret-input.ts';

/** What is known of a found value. */
export interface Known {
  /** As of a token; `unknown` to this caller, or `other`: no token, but a value that lets somebody in for a while. */
  readonly state: string;
  readonly id: string | null;
  readonly name: string | null;
}

const STILL_WORKS: ReadonlySet<string> = new Set(['active', 'superseded', 'disabled']);

/** What has become of each value, asked once. */
export async function askAbout(call: Call, finds: readonly Find[]): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  if (finds.length === 0) return known;
  const { tokensPath, ours } = await call.dialect();
  for (const { text, kind } of finds) {
    if (known.has(text)) continue;
    if (kind !== 'token') {
      known.set(text, { state: 'other', id: null, name: null });
      continue;
    }
    const reply = await call.tryAsking({ method: 'POST', path: `${tokensPath}/find`, body: { token: text } });
    if (reply.status >= 400 && reply.status !== 404) throw failureOf(reply);
    const { state, id, name } = ours(reply.json) as Known;
    known.set(text, reply.status === 404 ? { state: 'unknown', id: null, name: null } : { state, id, name });
  }
  return known;
}

/** Revokes what still works, after a question that is answered at the terminal or beforehand. */
export async function revokeFound(call: Call, known: Iterable<Known>): Promise<void> {
  const living = new Map<string, Known>();
  for (const one of known) if (one.id !== null && STILL_WORKS.has(one.state)) living.set(one.id, one);
  if (living.size === 0) {
    call.terminal.err(call.isJson ? '' : 'None of them still works: nothing to revoke.\n');
    return;
  }
  if (!(await isConfirmed(call, living.size))) {
    throw new CommandFailure('refused', 'Nothing was revoked.');
  }
  const { tokensPath } = await call.dialect();
  for (const { id, name } of living.values()) {
    await call.ask({
      method: 'DELETE',
      path: `${tokensPath}/${encodeURIComponent(id as string)}`,
      query: { reason: 'leaked: found by keyhouse scan' },
    });
    call.warn(`Revoked ${id} (${name}).`);
  }
}

async function isConfirmed(call: Call, count: number): Promise<boolean> {
  if (call.flag('yes')) return true;
  if (!call.terminal.isInteractive) {
    throw new CommandFailure('usage', 'Nobody is there to be asked: give --yes to revoke without a question.');
  }
  const typed = await askVisible(
    call.terminal,
    `Revoke ${count === 1 ? 'this token' : `these ${count} tokens`}? [y/N]`,
  );
  return /^y(?:es)?$/i.test(typed.trim());
}
