/** One server of a comparison, in a process of its own. The first message says what to be, every further one asks for CPU time. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpHandler, doorEngine } from '../../src/http/index.ts';
import { startListeners } from '../../src/server/listeners.ts';
import { VERSION } from '../../src/server/version.ts';
import { openSeeded } from '../seeded-engine.ts';
import { startApplication } from './applications.ts';
import type { FixedAnswer, Listening, Role, Spent } from './role.ts';

const [role] = (await once(process, 'message')) as [Role];
const port = await start(role);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({ cpuMicros: user + system });
});
tell({ port });

function start(wanted: Role): Promise<number> {
  switch (wanted.is) {
    case 'keyhouse':
      return startKeyhouse(wanted.dataDir);
    case 'bare':
      return startBare(wanted.answer);
    case 'application':
      return startApplication(wanted.framework, wanted.dataDir);
  }
}

/** The API listener of `keyhouse serve`, with everything that guards it. */
async function startKeyhouse(dataDir: string): Promise<number> {
  const opened = await openSeeded(dataDir);
  const { openMetrics } = await import('../../src/http/prometheus.ts');
  const { usage, denials, authenticator } = opened.engine;
  const metrics = openMetrics({
    cachedTokens: () => authenticator.cachedTokens,
    lookups: () => ({
      ...authenticator.pressure,
      underWay: authenticator.lookupsUnderWay,
      rememberedChanges: authenticator.rememberedChanges,
    }),
    usagePending: () => usage.pending,
    usageDropped: () => usage.dropped,
    denialsPending: () => denials.pending,
    denialsDropped: () => denials.dropped,
    limiterLineages: null,
  });
  const { answer, explainBroken } = createHttpHandler({
    engine: doorEngine(opened.engine),
    trust: { trustedProxies: null, header: 'x-forwarded-for' },
    log: { fault: console.error, securityEvent: () => {} },
    metrics,
    readiness: async () => ({ ...(await opened.readiness()), draining: false }),
    environments: ['live'],
    prefix: '',
    version: VERSION,
    serves: ([, , auth]) => auth !== 'local',
  });
  const listeners = await startListeners({
    api: { host: '127.0.0.1', port: 0, tls: null, answer, explainBroken },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
  });
  return listeners.api?.port ?? 0;
}

async function startBare({ headers, body }: FixedAnswer): Promise<number> {
  const answer: RequestListener = (_incoming, outgoing) => {
    outgoing.writeHead(200, [...headers]);
    outgoing.end(body);
  };
  const parseFirst: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString('utf8'));
      answer(incoming, outgoing);
    });
  };
  const server = createServer((incoming, outgoing) =>
    (incoming.method === 'POST' ? parseFirst : answer)(incoming, outgoing),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function tell(message: Listening | Spent): void {
  process.send?.(message);
}
