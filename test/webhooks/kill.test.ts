/** Prevents an event that is lost because the process that was to tell of it was killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../services/deadline.ts';
import { startProcess } from '../services/process.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const TELLER = fileURLToPath(new URL('./tell-until-killed.ts', import.meta.url));
const ROUNDS = Number(process.env.KEYHOUSE_KILL_ROUNDS ?? 3);

describe('a process that tells webhooks and is killed', () => {
  let folder: string;
  let receiver: Receiver;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyhouse-tell-'));
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await receiver.close();
    await rm(folder, { recursive: true });
  });

  it('loses no event it has acknowledged, and sends twice only what has the id it had', {
    timeout: 120_000,
  }, async () => {
    const made: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const teller = await startProcess(process.execPath, [TELLER, join(folder, 'data'), receiver.url, '40']);
      const before = receiver.received.length;
      // Amid a delivery: it was received, and the receiver has not answered yet.
      receiver.reply = () => {
        if (receiver.received.length > before + round * 3) teller.signal('SIGKILL');
        return 204;
      };
      await teller.waitForEnd(60_000);
      made.push(...[...teller.stdout().matchAll(/^made (\S+)\n/gm)].map(([, id]) => String(id)));
    }
    receiver.reply = () => 204;
    const last = await startProcess(process.execPath, [TELLER, join(folder, 'data'), receiver.url, '0']);
    const told = () => new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body)]));
    const ids = () => new Set([...told().values()].map(({ data }) => data.workspace.id));
    await eventually(() => made.every((id) => ids().has(id)), 60_000, 'every event has come');
    await last.stop('SIGKILL');
    expect(made.length).toBeGreaterThan(ROUNDS);
    const events = receiver.received.map(({ headers, body }) => `${headers['webhook-id']} ${body}`);
    expect(new Set(events).size, 'one id has one body, at every attempt').toBe(told().size);
    expect(events.length, 'some were under way when the process was killed').toBeGreaterThan(told().size);
  });
});
