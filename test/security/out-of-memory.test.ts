/** Prevents that a process whose memory runs out accepts what it should not, or loses what it has acknowledged (row 99). */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { setUpInstallation } from '../cli/command.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';

/** What the process may take beyond what it has, at first; from wave to wave less, until it may have no more. */
const SPARE_BYTES = 8 * 1024 * 1024;
const LESS_BYTES = 1024 * 1024;
const WAVES_MAX = 500;
const AT_ONCE = 64;

interface Made {
  readonly id: string;
  readonly value: string;
}

/** Whoever asks for one thing after another, of a server that may end at any moment. */
class Asker {
  readonly #api: string;

  constructor(api: string) {
    this.#api = api;
  }

  async mint(adminToken: string, name: string): Promise<Made> {
    const body = JSON.stringify({
      name,
      permissions: ['servers:read'],
      tier: 'unlimited',
      owner: { external_id: 'user-42' },
    });
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.#api}/v1/tokens`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Made;
  }

  use({ value }: Made): Promise<number | null> {
    return this.#statusOf('GET', '/v1/auth/test', value);
  }

  revoke({ id, value }: Made): Promise<number | null> {
    return this.#statusOf('DELETE', `/v1/tokens/${id}`, value);
  }

  /** null where there was no answer. */
  async #statusOf(method: string, path: string, token: string): Promise<number | null> {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(this.#api + path, { method, headers, signal: AbortSignal.timeout(15_000) });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return null;
    }
  }
}

/** Lets a process take so much more than it has now. One that has ended by itself may have anything. */
async function limitMemory(pid: number, spareBytes: number): Promise<void> {
  if (!existsSync(`/proc/${pid}/status`)) return;
  const taken = /^VmData:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (taken === undefined) return;
  const most = Number(taken) * 1024 + spareBytes;
  await runProcess('prlimit', ['--pid', `${pid}`, `--data=${most}:${most}`]);
}

suiteNeeding('prlimit', 'a process that may have no more memory', () => {
  it('row 99: accepts no revoked token on its way out, and keeps everything it has acknowledged', async () => {
    const house = await setUpInstallation();
    const { api, process: server } = await house.serve();
    const asker = new Asker(api);
    const mint = (name: string) => asker.mint(house.adminToken, name);
    const [good, revoked] = [await mint('good'), await mint('revoked')];
    const ending = await Promise.all(Array.from({ length: 20 }, (_, at) => mint(`ending ${at}`)));
    expect(await asker.revoke(revoked)).toBe(200);

    let isRunning = true;
    const ended = server.waitForEnd(120_000).finally(() => (isRunning = false));
    const acknowledged: Made[] = [];
    const heard = { good: new Set<number | null>(), revoked: new Set<number | null>() };
    for (let wave = 0; isRunning && wave < WAVES_MAX; wave++) {
      await limitMemory(server.pid, Math.max(0, SPARE_BYTES - wave * LESS_BYTES));
      const next = ending[wave];
      await Promise.all([
        next && asker.revoke(next).then((status) => status === 200 && acknowledged.push(next)),
        ...Array.from({ length: AT_ONCE }, async (_, at) => {
          if (at % 2 === 0) heard.good.add(await asker.use(good));
          else heard.revoked.add(await asker.use(revoked));
        }),
      ]);
    }
    expect(isRunning, 'the memory has run out').toBe(false);
    expect(await ended).not.toMatchObject({ code: 0 });
    expect([...heard.revoked].filter((status) => status !== null && status !== 401 && status < 500)).toEqual([]);
    expect([...heard.good].filter((status) => status !== null && status !== 200 && status < 500)).toEqual([]);

    const again = await house.serve();
    const later = new Asker(again.api);
    expect(await later.use(good)).toBe(200);
    for (const one of [revoked, ...acknowledged]) expect(await later.use(one)).toBe(401);
    expect(await again.process.stop()).toEqual({ code: 0, signal: null });
  });
});
