import type { Subject } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import type { Engine } from './operation.ts';

export interface NotedRead {
  readonly action: string;
  readonly subject: Subject | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Writes into the audit log that something was taken out or looked at, before it is: what cannot be noted is not shown.
 * Reads of decisions do not belong there.
 */
export async function noteRead(engine: Engine, caller: Caller, { action, subject, details }: NotedRead): Promise<void> {
  await engine.changes.commit(async () => ({
    value: null,
    subjects: [],
    tightening: false,
    audit: auditDraft(caller, engine.clock.now(), {
      action,
      subject,
      workspaceId: caller.reach === 'installation' ? null : caller.reach.workspaceId,
      details,
    }),
  }));
}

const SAME_LOOK_MS = 60 * 60_000;
const LOOKS_MAX = 10_000;
const looks = new WeakMap<Engine, Map<string, number>>();

/** The same for what a page asks for again and again: once an hour for each reader and subject, in this process. */
export async function noteLook(engine: Engine, caller: Caller, read: NotedRead): Promise<void> {
  const seen = looks.get(engine) ?? new Map<string, number>();
  looks.set(engine, seen);
  const key = JSON.stringify([caller.actor, read.action, read.subject]);
  const now = engine.clock.monotonic();
  const before = seen.get(key);
  if (before !== undefined && now - before < SAME_LOOK_MS) return;
  await noteRead(engine, caller, read);
  if (seen.size >= LOOKS_MAX) seen.clear();
  seen.set(key, now);
}
