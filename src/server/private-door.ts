import { createHttpHandler, doorEngine } from '../http/index.ts';
import { listenPrivately, type OwnedFolder } from '../stores/data-folder/index.ts';
import type { EngineLog } from './engine-log.ts';
import { startListeners } from './listeners.ts';
import { operatorCaller } from './local-door.ts';
import { localRoutes } from './local-operations.ts';
import type { OpenedEngine } from './open-engine.ts';
import { VERSION } from './version.ts';

/**
 * Opens the private socket of a data folder that an application owns, for commands and attached processes. It does not keep
 * the application running.
 */
export async function listenForOperator(
  opened: OpenedEngine,
  owned: OwnedFolder,
  log: EngineLog,
): Promise<{ close(): Promise<void> }> {
  const handler = createHttpHandler({
    engine: doorEngine(opened.engine),
    trust: { trustedProxies: null, header: '' },
    log: { fault: (error, about) => log.fault(error, about), securityEvent: () => {} },
    metrics: null,
    readiness: () => opened.readiness(),
    environments: ['live', 'test'],
    prefix: '',
    serves: () => true,
    version: VERSION,
    furtherRoutes: localRoutes(opened),
  });
  return startListeners({
    api: null,
    dashboard: null,
    operator: {
      answer: handler.answer,
      callerOf: operatorCaller,
      listen: async (server) => {
        server.on('connection', (socket) => socket.unref());
        await listenPrivately(owned, server);
        server.unref();
      },
    },
    trustedProxies: null,
    onDraining: () => {},
  });
}
