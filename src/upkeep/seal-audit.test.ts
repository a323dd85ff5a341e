import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace } from '../manage/index.ts';
import type { CheckpointSink } from '../ports/index.ts';
import { auditSinkOf } from '../server/audit-sink.ts';
import { verifyStoreTrail } from '../server/verify-audit.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { sealAudit } from './seal-audit.ts';

const MINUTE_MS = 60_000;

let house: TestEngine;
let warned: string[];
beforeEach(async () => {
  warned = [];
  house = await testEngine();
});
afterEach(() => house.close());

const change = () => house.asHost(createWorkspace, { name: 'Another' });
const signed = () => house.engine.store.checkpoints.read(0, 100);
const keysFile = () => join(house.opened.store.secretsDir, 'audit-keys.json');

function run(sink: CheckpointSink | null = null): Promise<void> {
  const { engine, upkeep } = house.opened;
  const auditSeal = { ...engine.auditSeal, sink };
  const warn = (message: string) => void warned.push(message);
  return sealAudit.run({ ...upkeep, engine: { ...engine, auditSeal }, warn }, house.clock.now());
}

async function verified() {
  const { handle } = house.opened.store;
  const keys = house.engine.auditSeal.keys.published();
  return verifyStoreTrail(handle, { keys, checkpoints: [], witness: null });
}

describe('sealing the audit log', () => {
  it('signs the first events at once, then every ten minutes in which something happened', async () => {
    await change();
    await run();
    expect(await signed()).toHaveLength(1);
    await change();
    await run();
    house.clock.advance(9 * MINUTE_MS);
    await run();
    expect(await signed()).toHaveLength(1);
    house.clock.advance(MINUTE_MS);
    await run();
    expect(await signed()).toHaveLength(2);
    house.clock.advance(60 * MINUTE_MS);
    await run();
    expect(await signed()).toHaveLength(2);
    expect(await verified()).toMatchObject({ sound: true, checkpoints: 2, unsigned_events: 0 });
  });

  it('row 95: signs also where the clock was set back, and what it signed verifies', async () => {
    await change();
    await run();
    house.clock.stepWall(-365 * 24 * 60 * MINUTE_MS);
    await change();
    await run();
    expect(await signed()).toHaveLength(2);
    expect(await verified()).toMatchObject({ sound: true });
  });

  it('signs once, however many processes want to at the same moment', async () => {
    await change();
    await Promise.all([run(), run(), run()]);
    expect(await signed()).toHaveLength(1);
  });

  it('goes on verifying what an earlier key signed, of which no private part is left', async () => {
    await change();
    await run();
    const before = JSON.parse(readFileSync(keysFile(), 'utf8')).d;
    house.engine.auditSeal.keys.rotate();
    expect(readFileSync(keysFile(), 'utf8')).not.toContain(before);
    await change();
    house.clock.advance(10 * MINUTE_MS);
    await run();
    const [first, second] = await signed();
    expect(first?.kid).not.toBe(second?.kid);
    expect(await verified()).toMatchObject({ sound: true, checkpoints: 2 });
  });

  it('makes no second key where that of earlier checkpoints is gone, and says so', async () => {
    await change();
    await run();
    rmSync(keysFile());
    await change();
    house.clock.advance(10 * MINUTE_MS);
    await run();
    expect(warned.join()).toContain('keyhouse audit rotate-key');
    expect(existsSync(keysFile())).toBe(false);
    expect(await signed()).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('row 15: does not sign with a key that others can read', async () => {
    await change();
    await run();
    expect(statSync(keysFile()).mode & 0o777).toBe(0o600);
    chmodSync(keysFile(), 0o644);
    await change();
    house.clock.advance(10 * MINUTE_MS);
    await expect(run()).rejects.toThrow('chmod 600');
  });
});

describe('keeping checkpoints apart', () => {
  const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

  it('appends each once to a file, and begins a line of its own behind one that a crash cut off', async () => {
    const file = join(house.folder, 'checkpoints.jsonl');
    const sink = auditSinkOf({ file });
    await change();
    await run(sink);
    await run(sink);
    expect(linesOf(file)).toHaveLength(1);
    appendFileSync(file, '{"store_id":"st');
    await change();
    house.clock.advance(10 * MINUTE_MS);
    await run(sink);
    expect(linesOf(file).map((line) => line.slice(0, 15))).toHaveLength(3);
    expect(JSON.parse(linesOf(file)[2] ?? '')).toMatchObject({ number: 2 });
    expect((await house.engine.store.checkpoints.newest())?.deliveredAt).toBe(house.clock.now());
  });

  it('posts each in order, with the token, and again until it was taken', async () => {
    const taken: { readonly number: number; readonly authorization: string | undefined }[] = [];
    let status = 503;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { number } = JSON.parse(body);
        if (status < 300) taken.push({ number, authorization: request.headers.authorization });
        response.writeHead(status, { Location: 'http://127.0.0.1:1/' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keep`);
      const sink = auditSinkOf({ url, token: 'sink-token' });
      await change();
      await expect(run(sink)).rejects.toThrow('503');
      await change();
      house.clock.advance(10 * MINUTE_MS);
      status = 307;
      await expect(run(sink)).rejects.toThrow();
      status = 204;
      await run(sink);
      await run(sink);
      expect(taken).toEqual([1, 2].map((number) => ({ number, authorization: 'Bearer sink-token' })));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
