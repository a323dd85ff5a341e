import type { OutboxWorker } from '../notify/index.ts';
import { stopFailingWebhook } from '../upkeep/index.ts';
import type { EngineLog } from './engine-log.ts';
import type { OpenedEngine } from './open-engine.ts';

const UINT32 = 2 ** 32;

/** Sends webhooks until it is closed. Loaded by what lives long: a command that opens a folder for a moment sends nothing. */
export async function startWebhooks({ engine, store }: OpenedEngine, log: EngineLog): Promise<OutboxWorker> {
  const { resolveBySystem, startWebhookWorker } = await import('../notify/index.ts');
  return startWebhookWorker({
    queue: store.handle.deliveryQueue,
    clock: engine.clock,
    pepper: engine.pepper,
    guard: { own: engine.webhookNetworks, resolve: resolveBySystem },
    jitter: () => Buffer.from(engine.random.bytes(4)).readUInt32BE() / UINT32,
    isSole: engine.store.capabilities.soleWriter,
    onFailed: (webhookId, isGone) => stopFailingWebhook(engine, webhookId, isGone),
    log,
  });
}
