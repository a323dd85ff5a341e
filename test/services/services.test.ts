import { existsSync, readFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';
import { eventually, within } from './deadline.ts';
import { suiteNeeding } from './leftover.ts';
import { requireDatabase, startPostgres } from './postgres.ts';
import { runProcess, startProcess } from './process.ts';

describe('waiting', () => {
  it('names what did not happen', async () => {
    await expect(within(new Promise(() => {}), 10, 'the moon rises')).rejects.toThrow('the moon rises');
    await expect(eventually(() => false, 20, 'the sun rises')).rejects.toThrow('the sun rises');
  });

  it('keeps the last error of a check that never succeeded', async () => {
    const check = (): never => {
      throw new Error('still dark');
    };
    await expect(eventually(check, 20, 'light')).rejects.toMatchObject({ cause: { message: 'still dark' } });
  });
});

describe('child processes', () => {
  it('are waited for by a line of their output', async () => {
    const child = await startProcess(process.execPath, ['-e', 'console.log("port 41"); setInterval(() => {}, 1e6)']);
    expect((await child.waitForLine(/^port (\d+)$/))[1]).toBe('41');
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('that end early fail the wait with what they wrote', async () => {
    const child = await startProcess(process.execPath, ['-e', 'console.error("no such file")']);
    await expect(child.waitForLine(/ready/)).rejects.toThrow('no such file');
  });

  it('are stopped with their descendants', async () => {
    const script = `const { spawn } = require('node:child_process');
      const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' });
      console.log('inner ' + inner.pid); setInterval(() => {}, 1e6);`;
    const child = await startProcess(process.execPath, ['-e', script]);
    const inner = Number((await child.waitForLine(/^inner (\d+)$/))[1]);
    await child.stop('SIGKILL');
    await eventually(() => !isRunning(inner), 10_000, `process ${inner} is gone`);
  });

  it('end when the process that started them is killed', async (context) => {
    context.skip(process.platform !== 'linux', 'only Linux ends children with their parent');
    const script = `import { startProcess } from ${JSON.stringify(new URL('./process.ts', import.meta.url).href)};
      const child = await startProcess(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
      await child.waitForLine(/up/);
      console.log('child ' + child.pid);`;
    const parent = await startProcess(process.execPath, ['--input-type=module', '-e', script]);
    const child = Number((await parent.waitForLine(/^child (\d+)$/))[1]);
    parent.signal('SIGKILL');
    await eventually(() => !isRunning(child), 10_000, `process ${child} is gone`);
    await parent.stop();
  });

  it('read their input', async () => {
    const done = await runProcess(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'], { input: 'héllo' });
    expect(done).toMatchObject({ code: 0, stdout: 'héllo' });
  });
});

describe('the chaos proxy', () => {
  const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  let proxy: ChaosProxy;
  beforeAll(async () => {
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const address = echo.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    proxy = await startChaosProxy({ host: '127.0.0.1', port: address.port });
  });
  afterAll(async () => {
    await proxy.close();
    echo.close();
  });

  const ask = (message: string): Promise<string> => {
    const socket = createConnection(proxy.port, proxy.host);
    socket.end(message);
    return within(text(socket), 5_000, 'the echo answers');
  };

  it('relays unchanged until told otherwise', async () => {
    expect(await ask('hello')).toBe('hello');
  });

  it('cuts an answer in its middle', async () => {
    proxy.cutAnswerAfter(3);
    await expect(ask('hello')).rejects.toThrow('ECONNRESET');
    expect(await ask('hello')).toBe('hello');
  });

  it('swallows answers while the request still arrives, and passes them on when healed', async () => {
    const before = proxy.requestBytes();
    proxy.stall('answers');
    const answer = ask('late');
    await eventually(() => proxy.requestBytes() === before + 4, 5_000, 'the request passes');
    proxy.heal();
    expect(await answer).toBe('late');
  });

  it('refuses connections until healed', async () => {
    proxy.refuse();
    await expect(ask('x')).rejects.toThrow('ECONNRESET');
    proxy.heal();
    expect(await ask('x')).toBe('x');
  });
});

suiteNeeding('postgresql', 'a throw-away PostgreSQL', () => {
  const query = async (url: string, statement: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    // A server that is killed says so on the connection too, besides failing the query.
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  };

  it('gives every caller an empty database of its own', async () => {
    const [one, two] = await Promise.all([requireDatabase(), requireDatabase()]);
    await query(one.url, 'create table t (id int)');
    expect(await query(two.url, `select count(*)::int as n from pg_class where relname = 't'`)).toEqual([{ n: 0 }]);
    await one.drop();
    await expect(query(one.url, 'select 1')).rejects.toThrow('does not exist');
    await two.drop();
  });

  it('keeps what was committed when a private cluster crashes, and disappears when stopped', async () => {
    const cluster = await startPostgres();
    try {
      await query(cluster.url, 'create table t (id int)');
      await query(cluster.url, 'insert into t values (7)');
      await cluster.restart('immediate');
      expect(await query(cluster.url, 'select id from t')).toEqual([{ id: 7 }]);
    } finally {
      await cluster.stop();
    }
    await expect(query(cluster.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('ends with the run even when the run is killed', async (context) => {
    context.skip(process.platform !== 'linux', 'only Linux ends children with their parent');
    const script = `import { startCluster } from ${JSON.stringify(new URL('./postgres-cluster.ts', import.meta.url).href)};
      const cluster = await startCluster();
      console.log('cluster ' + cluster.url);`;
    const parent = await startProcess(process.execPath, ['--input-type=module', '-e', script]);
    const url = (await parent.waitForLine(/^cluster (\S+)$/))[1] ?? '';
    parent.signal('SIGKILL');
    await eventually(
      () =>
        query(url, 'select 1').then(
          () => false,
          (error) => error.code === 'ECONNREFUSED',
        ),
      10_000,
      'the server stops',
    );
    await parent.stop();
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie has ended; only its parent has not asked yet.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}
