import { resolve } from 'node:path';
import { TokenFinder } from '../../token/index.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { asFailure, CommandFailure } from '../failure.ts';
import {
  type Find,
  isRulesFormat,
  Report,
  RULES_FORMATS,
  rulesText,
  searchHistory,
  searchStaged,
  searchStream,
  walk,
  walkTracked,
} from '../scan/index.ts';
import { jsonText, printable } from '../terminal.ts';
import { askAbout, type Known, revokeFound } from './scan-check.ts';
import { lookedFor } from './scan-profile.ts';

const FOUND = 1;
const ERROR = 2;

export const scanCommand: CommandSpec = {
  name: 'scan',
  args: [{ syntax: '[paths...]', about: 'Files and folders; with --git or --staged, the folder of the repository.' }],
  about: 'Find tokens in files, in git and in a stream, by their prefix and checksum, and nothing else.',
  details:
    'Every file counts: hidden, binary and ignored ones too, in UTF-8 and UTF-16. Links below a folder are not followed. ' +
    'Values are never printed. What is looked for are the tokens of --profile, else of the Keyhouse at hand, else of every ' +
    'preset. The exit code is 0 when nothing was found, 1 when something was, and 2 when something could not be looked at. ' +
    '`keyhouse scan rules --format gitleaks` prints rules for another scanner, which knows the prefix and not the checksum.',
  options: [
    {
      flags: '--git [range]',
      about: 'Look through the history: every version that any branch or tag reaches, or those of a range of commits.',
    },
    { flags: '--staged', about: 'Look through what is about to be committed.' },
    { flags: '--stdin', about: 'Look through standard input.' },
    { flags: '--gitignore', about: 'Leave out what git ignores.' },
    { flags: '--profile <file>', about: 'A profile file, or the name of a preset, whose tokens are looked for.' },
    { flags: '--check', about: 'Say of each token what has become of it. Asks the Keyhouse at hand.' },
    { flags: '--revoke', about: 'Revoke those that still work, after a question.' },
    { flags: '--yes', about: 'Revoke them without the question.' },
    { flags: '--format <name>', about: 'With `scan rules`: for which scanner.', choices: RULES_FORMATS },
  ],
  examples: [
    'keyhouse scan .',
    'keyhouse scan --git origin/main..HEAD',
    'keyhouse scan --staged --profile acme.json',
    'keyhouse scan --stdin --check < server.log',
    'keyhouse scan rules --format gitleaks > .gitleaks.toml',
  ],
  reach: 'anywhere',
  async run(call) {
    try {
      return await run(call);
    } catch (error) {
      // Whoever asks by exit code has one number for every way in which there is no answer.
      const { message, hint, cause, answer } = asFailure(error);
      throw new CommandFailure('usage', message, {
        ...(hint !== null && { hint }),
        ...(answer !== null && { answer }),
        ...(cause !== undefined && { cause }),
      });
    }
  },
};

async function run(call: Call): Promise<number> {
  const format = call.option('format');
  if (format !== undefined) {
    if (call.args.join() !== 'rules' || !isRulesFormat(format)) {
      throw new CommandFailure('usage', '--format goes with: keyhouse scan rules');
    }
    call.terminal.out(rulesText(format, await lookedFor(call)));
    return 0;
  }
  const asks = call.flag('check') || call.flag('revoke');
  const finds: Find[] = [];
  const formats = (await lookedFor(call)).map(({ token }) => token);
  const report = new Report(new TokenFinder(formats), {
    find: (find) => (asks ? void finds.push(find) : show(call, find, null)),
    problem: (message) => call.warn(message),
  });
  await search(call, report);
  if (asks) {
    const known = await askAbout(call, finds);
    for (const find of finds) show(call, find, known.get(find.text) ?? null);
    if (call.flag('revoke')) await revokeFound(call, known.values());
  }
  if (!call.isJson) call.terminal.err(summaryOf(report));
  if (report.finds > 0) return FOUND;
  return report.unreadable > 0 ? ERROR : 0;
}

async function search(call: Call, report: Report): Promise<void> {
  const range = call.option<string | true>('git');
  const paths = call.args.filter((path) => path !== undefined);
  const ways = [range !== undefined, call.flag('staged'), call.flag('stdin')].filter(Boolean).length;
  if (ways > 1 || (ways === 1 && paths.length > (call.flag('stdin') ? 0 : 1))) {
    throw new CommandFailure('usage', 'Name paths, --git, --staged or --stdin: one of them.');
  }
  if (ways + paths.length === 0) {
    throw new CommandFailure('usage', 'Name what to look through: files or folders, --git, --staged or --stdin.');
  }
  const { cwd, stdin } = call.terminal;
  const folder = resolve(cwd, paths[0] ?? '.');
  if (call.flag('stdin')) await searchStream(stdin, '(standard input)', report);
  else if (call.flag('staged')) await searchStaged(folder, report);
  else if (range !== undefined) await searchHistory(folder, range === true ? null : range, report);
  else if (call.flag('gitignore')) for (const path of paths) await walkTracked(cwd, path, report);
  else for (const path of paths) walk(cwd, path, report);
}

function show(call: Call, { kind, environment, hint, file, commit, line, column }: Find, known: Known | null): void {
  if (call.isJson) {
    const about = known === null ? {} : { state: known.state, token_id: known.id, token_name: known.name };
    call.terminal.out(`${jsonText({ file, line, column, commit, kind, environment, hint, ...about })}\n`);
    return;
  }
  const place = line === null ? `${file}: in its name` : `${file}:${line}:${column}`;
  const state =
    known === null ? '' : `  ${[known.state, known.id, known.name].filter((part) => part !== null).join(' ')}`;
  call.terminal.out(
    printable(`${commit === null ? '' : `${commit.slice(0, 12)}:`}${place}  ${kind} ${hint}${state}\n`),
  );
}

function summaryOf({ files, bytes, finds, links, unreadable }: Report): string {
  const looked = `Looked through ${count(files, 'text')}, ${(bytes / 1e6).toFixed(1)} MB.`;
  const passed = links === 0 ? '' : ` ${count(links, 'link')} not followed.`;
  const failed = unreadable === 0 ? '' : ` ${count(unreadable, 'thing')} could not be looked at.`;
  return `${looked}${passed}${failed} ${finds === 0 ? 'No token was found.' : `${count(finds, 'find')}.`}\n`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
