import { fileKeyOf, SETTINGS, type Setting, type SettingName, variableOf } from '../../server/settings.ts';
import type { CommandSpec } from '../command.ts';
import { givenSettings, SETTING_OPTIONS } from '../options.ts';
import { table } from '../table.ts';

export const configCommand: CommandSpec = {
  name: 'config',
  about: 'Show every setting as it would be in force, and where it comes from.',
  details: 'Secrets are not shown. Values that would be refused at a start are reported, all at once.',
  options: SETTING_OPTIONS,
  examples: ['keyhouse config', 'KEYHOUSE_API_PORT=9000 keyhouse config --json'],
  reach: 'here',
  async run(call) {
    const { explainConfig } = await import('../../server/operator.ts');
    const { env, cwd, out } = call.terminal;
    const explained = await explainConfig(givenSettings(call.options), env, cwd);
    const names = Object.keys(SETTINGS) as SettingName[];
    const rows = names.map((name) => {
      const { value, source } = explained[name];
      const { secret }: Setting = SETTINGS[name];
      const from = { flag: `--${name}`, variable: variableOf(name), file: fileKeyOf(name), default: 'default' }[source];
      return { name, value: secret === true && value !== null ? '(not shown)' : value, source, from };
    });
    if (call.isJson) out(`${JSON.stringify({ settings: rows.map(({ from: _from, ...row }) => row) })}\n`);
    else {
      const columns = [
        { title: 'SETTING', of: ({ name }: (typeof rows)[number]) => name },
        { title: 'VALUE', of: ({ value }: (typeof rows)[number]) => value },
        {
          title: 'FROM',
          of: ({ source, from }: (typeof rows)[number]) => (source === 'file' ? `file: ${from}` : from),
        },
      ];
      out(table(rows, columns, call.paint));
    }
    await call.config();
    return undefined;
  },
};
