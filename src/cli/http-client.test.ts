import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NobodyThere, sendRequest } from './http-client.ts';

let folder: string;
let server: Server | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-http-client-'));
});
afterEach(async () => {
  const open = server;
  server = null;
  await new Promise<void>((closed) => (open === null ? closed() : open.close(() => closed())));
  rmSync(folder, { recursive: true, force: true });
});

/** Answers every connection with these bytes once its request has begun, then cuts it. */
async function answering(bytes: string): Promise<{ by: 'socket'; path: string }> {
  const path = join(folder, 'test.sock');
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes, () => socket.destroy()));
  });
  await new Promise<void>((listening) => server?.listen(path, listening));
  return { by: 'socket', path };
}

describe('sendRequest', () => {
  it('tells a connection that nobody took from one that broke: only then is it safe to ask again', async () => {
    const nowhere = { by: 'socket', path: join(folder, 'none.sock') } as const;
    await expect(sendRequest(nowhere, { method: 'POST', path: '/' })).rejects.toBeInstanceOf(NobodyThere);
    const broken = await answering('');
    const change = sendRequest(broken, { method: 'POST', path: '/', body: {} });
    await expect(change).rejects.toMatchObject({
      kind: 'unavailable',
      hint: 'Whether it was done is not known: look before you repeat it.',
    });
    await expect(sendRequest(broken, { method: 'GET', path: '/' })).rejects.toMatchObject({
      hint: 'Run the command again.',
    });
  });

  it('takes no half of an answer for a whole one', async () => {
    const endpoint = await answering('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":"tok_1"');
    await expect(sendRequest(endpoint, { method: 'GET', path: '/' })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('reads nothing of an upload for somebody who is not there', async () => {
    let reads = 0;
    const upload = async function* () {
      reads += 1;
      yield Buffer.from('{}\n');
    };
    const nowhere = { by: 'socket', path: join(folder, 'none.sock') } as const;
    await expect(sendRequest(nowhere, { method: 'POST', path: '/', upload })).rejects.toBeInstanceOf(NobodyThere);
    expect(reads).toBe(0);
  });

  it('takes a refusal that comes before the upload is over', async () => {
    const endpoint = await answering('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}');
    const upload = async function* () {
      for (let line = 0; line < 10_000; line++) yield Buffer.from(`${'x'.repeat(1_000)}\n`);
    };
    const reply = sendRequest(endpoint, { method: 'POST', path: '/', upload });
    await expect(reply).resolves.toMatchObject({ status: 413 });
  });
});
