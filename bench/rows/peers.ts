import { DatabaseSync } from 'node:sqlite';
import { apiKey } from '@better-auth/api-key';
import bearerAuth from '@fastify/bearer-auth';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fastify } from 'fastify';
import { type Contender, measure } from '../measure.ts';
import type { Row } from '../row.ts';
import type { SeededEngine } from '../seeded-engine.ts';
import { deciding, round } from './cached-decision.ts';

/** What others need for the same question, in this process and in this run. Nothing is promised about them. */
export async function peers(engine: SeededEngine): Promise<Row[]> {
  const fast = await fastifyBearerAuth(100);
  const slow = await betterAuthApiKey();
  const [ours, bearer] = await measure([deciding('keyhouse', engine, 7), fast.contender], { perRound: 5_000 });
  const [oursAgain, better] = await measure([deciding('keyhouse', engine, 7), slow.contender], { perRound: 200 });
  await Promise.all([fast.close(), slow.close()]);
  if (ours === undefined || bearer === undefined || oursAgain === undefined || better === undefined) {
    throw new Error('nothing was measured');
  }
  return [
    peerRow('@fastify/bearer-auth: one of 100 fixed keys, no permission, address, limit or expiry', bearer.ns, ours.ns),
    peerRow("better-auth's api-key plugin: permission and one window, SQLite in memory", better.ns, oursAgain.ns),
  ];
}

function peerRow(work: string, peerNs: number, oursNs: number): Row {
  return {
    work,
    yardstick: 'a cached decision of Keyhouse',
    target: 'reported',
    measured: `${(peerNs / oursNs).toFixed(peerNs / oursNs < 10 ? 2 : 0)} × its cost`,
    isMet: null,
    figures: { peer_ns: round(peerNs), keyhouse_ns: round(oursNs) },
  };
}

interface Peer {
  readonly contender: Contender;
  close(): Promise<void>;
}

async function fastifyBearerAuth(keyCount: number): Promise<Peer> {
  const keys = Array.from({ length: keyCount }, (_, index) => `key-${index}-${'x'.repeat(32)}`);
  const app = fastify();
  await app.register(bearerAuth, { keys: new Set(keys), addHook: false });
  await app.ready();
  const { verifyBearerAuth } = app;
  if (verifyBearerAuth === undefined) throw new Error('the plugin gives no check');
  const authorization = `Bearer ${keys[keyCount / 2]}`;
  const request = { raw: { headers: { authorization } }, headers: { authorization }, log: app.log };
  return {
    contender: {
      name: '@fastify/bearer-auth',
      run: async (count) => {
        for (let index = 0; index < count; index++) {
          await new Promise<void>((resolve, reject) => {
            verifyBearerAuth.call(app, request as never, {} as never, (error?: Error) =>
              error ? reject(error) : resolve(),
            );
          });
        }
      },
    },
    close: () => app.close(),
  };
}

async function betterAuthApiKey(): Promise<Peer> {
  const database = new DatabaseSync(':memory:');
  const auth = betterAuth({
    database,
    secret: 'a secret for one run of the bench only',
    baseURL: 'http://localhost:4300',
    emailAndPassword: { enabled: true },
    plugins: [apiKey({ rateLimit: { enabled: true, maxRequests: 1_000_000_000, timeWindow: 3_600_000 } })],
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
  const migrations = await getMigrations(auth.options);
  await migrations.runMigrations();
  const { user } = await auth.api.signUpEmail({
    body: { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' },
  });
  const permissions = { servers: ['read'] };
  const { key } = await auth.api.createApiKey({ body: { userId: user.id, permissions } });
  return {
    contender: {
      name: 'better-auth',
      run: async (count) => {
        for (let index = 0; index < count; index++) {
          const { valid } = await auth.api.verifyApiKey({ body: { key, permissions } });
          if (!valid) throw new Error('better-auth refused');
        }
      },
    },
    close: async () => database.close(),
  };
}
