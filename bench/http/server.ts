/** One server of a comparison, in a process of its own. The first message says what to be, every further one asks what it has spent. */
import { once } from 'node:events';
import { startApplication } from './applications.ts';
import { startBare, startBareProxy } from './bare.ts';
import { startKeyhouse } from './keyhouse.ts';
import type { Listening, Role, Spent, Started } from './role.ts';

const [role] = (await once(process, 'message')) as [Role];
const { port, storeReads } = await start(role);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({ cpuMicros: user + system, storeReads: storeReads() });
});
tell({ port });

async function start(wanted: Role): Promise<Started> {
  switch (wanted.is) {
    case 'keyhouse':
      return startKeyhouse(wanted);
    case 'bare':
      return { port: await startBare(wanted.answer), storeReads: () => 0 };
    case 'bare proxy':
      return { port: await startBareProxy(wanted.upstream), storeReads: () => 0 };
    case 'application':
      return { port: await startApplication(wanted.framework, wanted.dataDir), storeReads: () => 0 };
  }
}

function tell(message: Listening | Spent): void {
  process.send?.(message);
}
