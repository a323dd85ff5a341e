/**
 * Serves the data folder `argv[2]`: makes `argv[4]` changes that the webhook at `argv[3]` is told of, says so after each, and
 * delivers meanwhile, until it is killed.
 */
import { createWebhook, createWorkspace, localCaller, perform } from '../../src/manage/index.ts';
import { openEngine } from '../../src/server/open-engine.ts';
import { startWebhooks } from '../../src/server/webhooks.ts';
import { generateId } from '../../src/token/index.ts';
import { THIS_MACHINE } from './house.ts';

const [, , dataDir = '', url = '', changes = ''] = process.argv;
const log = { warning: () => {}, fault: (error: unknown) => console.error(error) };
const opened = await openEngine({
  dataDir,
  databaseUrl: null,
  secretsDir: null,
  profile: null,
  applyNarrowing: false,
  cachedTokensMax: 1_000,
  webhookNetworks: THIS_MACHINE,
  log,
});
const { engine } = opened;
const caller = () =>
  localCaller('operator', { ip: null, requestId: generateId('req', engine.random), idempotencyKey: null });
const { rows } = await engine.store.webhooks.list({}, { limit: 1, after: null });
if (rows.length === 0) await perform(createWebhook, engine, caller(), { url, event_types: ['workspace.created'] });
await startWebhooks(opened, log);
for (let made = 0; made < Number(changes); made++) {
  const { id } = await perform(createWorkspace, engine, caller(), { name: 'Widgets' });
  console.log(`made ${id}`);
}
