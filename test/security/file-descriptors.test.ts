/** Prevents that a process that may open no more files stops, accepts what it should not, or does not come back (row 78). */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { setUpInstallation } from '../cli/command.ts';
import { requestText } from '../http/raw-socket.ts';
import { eventually, within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';

const CONNECTIONS = 1_000;
/** Files the process may open beyond those it has open at rest. */
const SPARE = 64;

/** One connection that is kept, and asked one thing after another. */
function keptConnection(port: number) {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').on('error', () => {});
  return {
    ask: (firstLine: string, token: string) =>
      within(
        new Promise<string>((resolve) => {
          let text = '';
          const take = (chunk: string): void => {
            text += chunk;
            const body = /\r\nContent-Length: (\d+)\r\n[\s\S]*?\r\n\r\n/i.exec(text);
            if (body === null || text.length < body.index + body[0].length + Number(body[1])) return;
            socket.off('data', take);
            resolve(text);
          };
          socket.on('data', take);
          socket.write(requestText(firstLine, [`Authorization: Bearer ${token}`]));
        }),
        15_000,
        `an answer to ${firstLine}`,
      ),
    close: () => socket.destroy(),
  };
}

suiteNeeding('prlimit', 'a process that may open no more files', () => {
  it('row 78: decides on the connections it has, refuses what it cannot do, and accepts new ones once some end', async () => {
    const house = await setUpInstallation();
    const { api, process: server } = await house.serve();
    const { port } = new URL(api);
    const mint = async (name: string) =>
      (await house.json([
        'token',
        'create',
        '--name',
        name,
        '--permissions',
        'servers:read',
        '--owner',
        'user-42',
      ])) as {
        id: string;
        value: string;
      };
    const [used, unused, ended] = [await mint('used'), await mint('unused'), await mint('ended')];
    const kept = keptConnection(Number(port));
    expect(await kept.ask('GET /v1/auth/test HTTP/1.1', used.value)).toMatch(/^HTTP\/1\.1 200 /);

    const open = readdirSync(`/proc/${server.pid}/fd`).length;
    const limited = await runProcess('prlimit', ['--pid', `${server.pid}`, `--nofile=${open + SPARE}:${open + SPARE}`]);
    expect(limited).toMatchObject({ code: 0 });
    const others: Socket[] = [];
    const refused = await within(
      new Promise<number>((resolve) => {
        let closed = 0;
        const look = (): void => {
          if (closed >= CONNECTIONS - 2 * SPARE) resolve(closed);
        };
        for (let count = 0; count < CONNECTIONS; count++) {
          const socket = connect(Number(port), '127.0.0.1');
          socket.on('error', () => {});
          socket.once('close', () => {
            closed += 1;
            look();
          });
          others.push(socket);
        }
      }),
      30_000,
      'connections beyond the limit are ended',
    );
    expect(refused).toBeGreaterThan(0);

    expect(await kept.ask('GET /v1/auth/test HTTP/1.1', used.value), 'a cached token').toMatch(/^HTTP\/1\.1 200 /);
    expect(await kept.ask('GET /v1/auth/test HTTP/1.1', unused.value), 'one that is read').toMatch(/^HTTP\/1\.1 200 /);
    const ending = await kept.ask(`DELETE /v1/tokens/${ended.id} HTTP/1.1`, ended.value);
    expect(ending).toMatch(/^HTTP\/1\.1 (?:200|5\d\d) /);
    if (ending.startsWith('HTTP/1.1 200')) {
      expect(await kept.ask('GET /v1/auth/test HTTP/1.1', ended.value)).toMatch(/^HTTP\/1\.1 401 /);
    }

    for (const socket of others) socket.destroy();
    await eventually(
      async () => (await fetch(`${api}/healthz`)).status === 200,
      15_000,
      'new connections are accepted',
    );
    const again = keptConnection(Number(port));
    expect(await again.ask(`DELETE /v1/tokens/${used.id} HTTP/1.1`, used.value)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await kept.ask('GET /v1/auth/test HTTP/1.1', used.value)).toMatch(/^HTTP\/1\.1 401 /);
    again.close();
    kept.close();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});
