import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ADMIN } from './first-start.ts';
import { type Started, type StartOptions, start } from './start.ts';

const HELP = `npm run example -- deployerp [options]

  --api-port PORT        of the API, 8000 unless told; 0 takes a free one
  --dashboard-port PORT  of the dashboard, 4300 unless told; 0 takes a free one
  --data-dir FOLDER      where everything is kept; a folder beside this example unless told
  --new-token            make another key, for whoever has lost the first one
  --json                 print one line of JSON instead of a greeting
`;

function readOptions(args: string[]): StartOptions & { readonly json: boolean; readonly help: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      'api-port': { type: 'string', default: '8000' },
      'dashboard-port': { type: 'string', default: '4300' },
      'data-dir': { type: 'string', default: join(import.meta.dirname, 'data') },
      'new-token': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = (name: 'api-port' | 'dashboard-port'): number => {
    const text = values[name];
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`--${name} ${text} is not a port.`);
    return Number(text);
  };
  return {
    apiPort: port('api-port'),
    dashboardPort: port('dashboard-port'),
    dataDir: values['data-dir'],
    newKey: values['new-token'],
    json: values.json,
    help: values.help,
  };
}

function greeting({ api, dashboard, password, token }: Started): string {
  const admin = password === null ? `${ADMIN}, password as the first start printed it` : `${ADMIN}  ${password}`;
  const key =
    token === null
      ? 'Keys are shown once, and this is not the first start. For another one, start with --new-token.'
      : `A key, shown this once:\n\n    ${token}\n\n  Try it:\n\n    curl ${api}/v1/servers -H "Authorization: Bearer ${token}"`;
  return `
  deployERP is running.

    API        ${api}
    Dashboard  ${dashboard}
    Admin      ${admin}

  ${key}

`;
}

try {
  const { json, help, ...options } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
  } else {
    const started = await start(options);
    const { api, dashboard, password, token } = started;
    const line = { api, dashboard, admin: { email: ADMIN, password }, token };
    process.stdout.write(json ? `${JSON.stringify(line)}\n` : greeting(started));
    const stop = () => void started.close();
    process.once('SIGINT', stop).once('SIGTERM', stop);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
