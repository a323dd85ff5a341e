import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Company, type Started, type StartOptions, start } from './start.ts';

const OPTIONS = `
  --api-port PORT        of the API, 8000 unless told; 0 takes a free one
  --dashboard-port PORT  of the dashboard, 4300 unless told; 0 takes a free one
  --data-dir FOLDER      where everything is kept; a folder beside this example unless told
  --new-token            make another token, for whoever has lost the first one
  --json                 print one line of JSON instead of a greeting
`;

/** Starts a company as the command line says, and stops it on SIGINT and SIGTERM. Whatever goes wrong is one sentence. */
export async function launch(company: Company): Promise<void> {
  try {
    const { json, help, ...options } = readOptions(company, process.argv.slice(2));
    if (help) {
      process.stdout.write(`npm run example -- ${company.name} [options]\n${OPTIONS}`);
      return;
    }
    const started = await start(company, options);
    process.stdout.write(json ? lineOf(company, started) : greetingOf(company, started));
    const stop = () => void started.close();
    process.once('SIGINT', stop).once('SIGTERM', stop);
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  }
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as { readonly code?: unknown; readonly port?: unknown };
  return code === 'EADDRINUSE'
    ? `Port ${port} is taken. Choose others with --api-port and --dashboard-port; 0 takes a free one.`
    : error.message;
}

function readOptions({ name }: Company, args: string[]): StartOptions & Record<'json' | 'help', boolean> {
  const { values } = parseArgs({
    args,
    options: {
      'api-port': { type: 'string', default: '8000' },
      'dashboard-port': { type: 'string', default: '4300' },
      'data-dir': { type: 'string', default: join(import.meta.dirname, '..', name, 'data') },
      'new-token': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = (option: 'api-port' | 'dashboard-port'): number => {
    const text = values[option];
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(`--${option} ${text} is not a port.`);
    return Number(text);
  };
  return {
    apiPort: port('api-port'),
    dashboardPort: port('dashboard-port'),
    dataDir: values['data-dir'],
    newToken: values['new-token'],
    json: values.json,
    help: values.help,
  };
}

function lineOf({ adminEmail }: Company, { api, dashboard, password, token, managementToken }: Started): string {
  const admin = { email: adminEmail, password };
  return `${JSON.stringify({ api, dashboard, admin, token, managementToken })}\n`;
}

function greetingOf(company: Company, started: Started): string {
  const { api, dashboard, password, token, managementToken } = started;
  const admin = `${company.adminEmail}${password === null ? ', password as the first start printed it' : `  ${password}`}`;
  const tokens =
    token === null
      ? ['Tokens are shown once, and this is not the first start. For another one, start with --new-token.']
      : [
          `A token for the API, shown this once:\n\n    ${token}`,
          ...(managementToken === null
            ? []
            : [`One that manages Keyhouse, shown this once:\n\n    ${managementToken}`]),
          `Try it:\n\n    ${company.firstCommand(api, token)}`,
        ];
  return `
  ${company.title} is running.

    API        ${api}
    Dashboard  ${dashboard}
    Admin      ${admin}

${tokens.map((text) => `  ${text}\n`).join('\n')}
`;
}
