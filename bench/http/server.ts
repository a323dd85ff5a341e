/** One server of a comparison, in a process of its own. The first message says what to be, every further one asks for CPU time. */
import { once } from 'node:events';
import { startApplication } from './applications.ts';
import { startBare, startBareProxy } from './bare.ts';
import { startKeyhouse } from './keyhouse.ts';
import type { Listening, Role, Spent } from './role.ts';

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
      return startKeyhouse(wanted);
    case 'bare':
      return startBare(wanted.answer);
    case 'bare proxy':
      return startBareProxy(wanted.upstream);
    case 'application':
      return startApplication(wanted.framework, wanted.dataDir);
  }
}

function tell(message: Listening | Spent): void {
  process.send?.(message);
}
