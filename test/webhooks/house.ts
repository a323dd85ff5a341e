import { startWebhookWorker } from '../../src/notify/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { type TestEngine, type TestEngineOptions, testEngine } from '../../src/testing/index.ts';
import { stopFailingWebhook } from '../../src/upkeep/index.ts';

const parsed = parseIpAllowlist(['127.0.0.0/8']);
if (!parsed.ok) throw new Error('the network of this machine does not parse');

/** The network of this machine, which webhooks reach where it is named. */
export const THIS_MACHINE = parsed.list;

export function webhookHouse(options: TestEngineOptions = {}): Promise<TestEngine> {
  return testEngine({ webhookNetworks: THIS_MACHINE, ...options });
}

/** Delivers as the server does, at the times of the house. Every name leads to this machine. */
export function startDeliveries(house: TestEngine) {
  const logged: string[] = [];
  const faults: unknown[] = [];
  const worker = startWebhookWorker({
    queue: house.opened.store.handle.deliveryQueue,
    clock: house.clock,
    pepper: house.engine.pepper,
    guard: { own: house.engine.webhookNetworks, resolve: async () => ['127.0.0.1'] },
    jitter: () => 0,
    isSole: house.engine.store.capabilities.soleWriter,
    onFailed: (webhookId, isGone) => stopFailingWebhook(house.engine, webhookId, isGone),
    log: {
      warning: (message, about) => logged.push(JSON.stringify({ message, ...about })),
      fault: (error) => faults.push(error),
    },
  });
  return {
    logged,
    /** @throws what went wrong in the worker itself. */
    async close() {
      await worker.close();
      if (faults.length > 0) throw faults[0];
    },
  };
}
