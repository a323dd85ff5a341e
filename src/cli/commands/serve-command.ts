import type { CommandSpec } from '../command.ts';
import { SETTING_OPTIONS } from '../options.ts';

export const serveCommand: CommandSpec = {
  name: 'serve',
  about: 'Serve the API and the dashboard until stopped (Ctrl-C, SIGTERM).',
  details:
    'Makes the store at a first start and prints how to become the first administrator. With --json the start is one line of JSON. ' +
    'Every option is also a variable and a key of keyhouse.config.json; see `keyhouse config`.',
  options: SETTING_OPTIONS,
  examples: ['keyhouse serve', 'keyhouse serve --profile deployerp --api-port 0 --dashboard-port 0 --json'],
  reach: 'here',
  async run(call) {
    const { serve, strangeVariables } = await import('../../server/operator.ts');
    const { inTurn } = await import('../folder-turn.ts');
    const config = await call.config();
    for (const variable of strangeVariables(call.terminal.env)) {
      call.warn(`Warning: ${variable} is no setting of Keyhouse; see \`keyhouse config\`.`);
    }
    const stopped = new Promise<void>((resolve) => {
      // Once: whoever asks again does not want to wait.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    });
    const surroundings = {
      stdout: (text: string) => call.terminal.out(text),
      stderr: (text: string) => call.terminal.err(text),
      json: call.isJson,
      stopped,
    };
    await inTurn(config, () => serve(config, surroundings));
    return undefined;
  },
};
