/** The reference of settings, made of the table that the configuration is read by. */
import { fileKeyOf, SETTINGS, type Setting, type SettingName, variableOf } from '../src/server/settings.ts';
import { code, prose, table } from './render-commands.ts';

const KINDS: Readonly<Record<Setting['kind'], string>> = {
  text: 'text',
  port: 'port, 0 to 65535',
  count: 'whole number',
  switch: 'true or false',
  list: 'list, separated by commas',
};

export function renderConfiguration(): string {
  const names = Object.keys(SETTINGS) as SettingName[];
  const rows = names.map((name) => {
    const { kind, default: usual, about, values, secret }: Setting = SETTINGS[name];
    const further = [
      ...(values === undefined ? [] : [`Values: ${values.map(code).join(', ')}.`]),
      ...(secret === true ? ['Never shown.'] : []),
    ];
    return [
      code(`--${name}`),
      code(variableOf(name)),
      code(fileKeyOf(name)),
      KINDS[kind],
      usual === null || usual === '' ? 'not set' : code(usual),
      [prose(about), ...further].join(' '),
    ];
  });
  return `${INTRODUCTION}\n\n${table(['flag', 'variable', 'key in the file', 'kind', 'default', ''], rows)}\n\n${COMMANDS}\n`;
}

const INTRODUCTION = `# Configuration

<!-- Written by tools/generate-reference.ts from src/server/settings.ts. -->

A setting is a flag of \`keyhouse serve\`, an environment variable, or a key of \`keyhouse.config.ts\` or \`keyhouse.config.json\` in
the folder where the command is called. A flag wins over a variable, a variable over the file, the file over the default.
\`keyhouse config\` shows what is in force and where it comes from. A start reports everything that is wrong at once and ends with
code 78; a setting that makes an installation less safe is announced.

\`\`\`json
{ "dataDir": "/var/lib/keyhouse", "apiPort": 8000, "profile": "deployerp", "trustedProxies": ["127.0.0.1"] }
\`\`\`

A password in \`--database-url\` is refused, because every user of a machine can read command lines: set \`KEYHOUSE_DATABASE_URL\`.`;

const COMMANDS = `## Variables of commands

| variable | |
| --- | --- |
| \`KEYHOUSE_URL\` | The Keyhouse that commands work on, like \`--url\`. |
| \`KEYHOUSE_TOKEN\` | The token for \`--url\`. |
| \`NO_COLOR\` | Set to anything: no colours. |`;
