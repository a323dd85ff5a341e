/**
 * Four servers as APIs are built on them, each with one place that nobody but an administrator may reach. Prevents a list of
 * spellings that is harmless only in our own idea of how servers read a path.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import fastify from 'fastify';
import { exchange } from '../http/raw-socket.ts';
import { eventually } from '../services/deadline.ts';
import { startProcess } from '../services/process.ts';
import { freePort, type Reached } from './running-proxy.ts';

export interface RealBackends {
  readonly names: readonly string[];
  /** Which of them run the administrators' handler for this request. */
  whoRunAdmin(request: Pick<Reached, 'method' | 'url'>): Promise<string[]>;
  close(): Promise<void>;
}

const ADMIN = 'for administrators alone';

export async function startRealBackends(): Promise<RealBackends> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const ports: Readonly<Record<string, number>> = {
      express: await startExpress(closing),
      fastify: await startFastify(closing),
      ...(await startFileServers(closing)),
    };
    return {
      names: Object.keys(ports),
      async whoRunAdmin({ method, url }) {
        const bytes = Buffer.from(`${method} ${url} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 'latin1');
        const running: string[] = [];
        for (const [name, port] of Object.entries(ports)) {
          if ((await exchange(port, bytes)).text.includes(ADMIN)) running.push(name);
        }
        return running;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startExpress(closing: (() => Promise<unknown>)[]): Promise<number> {
  const app = express();
  app.get('/v1/servers{/*rest}', (_, response) => void response.send('servers'));
  app.all('/v1/admin{/*rest}', (_, response) => void response.send(ADMIN));
  const server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => new Promise((closed) => server.close(closed)));
  return (server.address() as AddressInfo).port;
}

async function startFastify(closing: (() => Promise<unknown>)[]): Promise<number> {
  const app = fastify({ routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true } });
  app.get('/v1/servers', () => 'servers');
  app.get('/v1/servers/*', () => 'servers');
  app.all('/v1/admin', () => ADMIN);
  app.all('/v1/admin/*', () => ADMIN);
  closing.push(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Python's and PHP's own servers, which hand out what lies at a path. */
async function startFileServers(closing: (() => Promise<unknown>)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-backends-'));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'v1/servers/x'), { recursive: true });
  mkdirSync(join(folder, 'v1/admin'));
  writeFileSync(join(folder, 'v1/servers/index.html'), 'servers');
  writeFileSync(join(folder, 'v1/admin/index.html'), ADMIN);
  writeFileSync(join(folder, 'v1/admin/keys'), ADMIN);
  const started: Record<string, number> = {};
  for (const [name, command] of [
    ['python', (port: number) => ['/usr/bin/python3', '-m', 'http.server', String(port), '--bind', '127.0.0.1']],
    ['php', (port: number) => ['php', '-q', '-S', `127.0.0.1:${port}`, '-t', folder]],
  ] as const) {
    const port = await freePort();
    const [program = '', ...args] = command(port);
    const running = await startProcess(program, args, { cwd: folder });
    closing.push(() => running.stop());
    const bytes = 'GET /v1/servers/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    await eventually(async () => (await exchange(port, bytes)).text.includes('servers'), 10_000, `${name} answers`);
    started[name] = port;
  }
  return started;
}
