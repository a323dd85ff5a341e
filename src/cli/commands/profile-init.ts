import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ApiDraft } from '../../profile/draft/index.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import type { Origin } from '../profile-answers.ts';
import { PROFILE_FLAGS } from '../profile-flags.ts';
import { askVisible } from '../secret-input.ts';
import { jsonText, printable, printableLine } from '../terminal.ts';
import { alreadyThere, problemWithTarget, writeWhole } from '../write-file.ts';

export const profileInit: CommandSpec = {
  name: 'init',
  args: [{ syntax: '[file]', about: "What to write; the profile's name with .json when left out." }],
  about: 'Draft the profile of a new company as a file: by questions, by flags, from its OpenAPI document.',
  details:
    'Asks for what is not given when somebody sits at the terminal; without one, --company and --prefix are needed and everything else has a usual answer. ' +
    'The file extends a preset and holds what differs. From an OpenAPI document (3.0 or 3.1, JSON or YAML) come the permissions, the rules of routes and the tiers. ' +
    'What was guessed is said, and needs your eyes. Nothing is applied.',
  options: [
    { flags: '--openapi <file>', about: "The OpenAPI document of the company's API." },
    { flags: '--extends <preset>', about: 'The preset that supplies everything else; keyhouse when left out.' },
    ...Object.values(PROFILE_FLAGS),
    { flags: '--force', about: 'Replace a file that is there.' },
  ],
  examples: [
    'keyhouse profile init',
    'keyhouse profile init acme.json --openapi openapi.yaml',
    'keyhouse profile init acme.json --company "Acme Cloud" --prefix acme --support-email help@example.com --json',
  ],
  reach: 'here',
  async run(call) {
    const { draftProfile, profileText } = await import('../../profile/draft/index.ts');
    const { checkProfile } = await import('../../profile/index.ts');
    const { gatherAnswers } = await import('../profile-answers.ts');
    const given = call.args[0];
    if (call.terminal.isInteractive) call.terminal.err(INTRODUCTION);
    const givenTarget = given === undefined ? null : await targetOf(call, given);
    const origin = await originOf(call);
    const answers = await gatherAnswers(call, origin);
    const { file, replaces } = givenTarget ?? (await askTarget(call, `${answers.name}.json`));

    const draft = draftProfile(origin, answers, origin.api);
    const text = profileText(draft.file);
    const { profile, problems, warnings } = checkProfile(text);
    if (profile === null) {
      const listed = problems.map(({ path, message }) => `\n  ${path}: ${message}`).join('');
      throw new CommandFailure('refused', printable(`This cannot be a profile:${listed}`));
    }
    writeWhole(resolve(call.terminal.cwd, file), text, { replaces });
    const written = {
      file,
      extends: origin.name,
      catalogue: origin.api?.catalogue ?? [],
      routes: profile.routes.length,
      open: origin.api?.open ?? [],
      notes: [...draft.notes, ...(origin.api?.notes ?? [])],
      warnings,
    };
    if (call.isJson) {
      const permissions = written.catalogue.map(({ permission }) => permission);
      const { catalogue: _, ...shown } = written;
      call.terminal.out(`${jsonText({ name: profile.name, ...shown, permissions })}\n`);
    } else {
      const { draftInWords } = await import('../draft-words.ts');
      call.terminal.out(draftInWords(written));
    }
    return undefined;
  },
};

const INTRODUCTION =
  'A few questions about the company. Enter takes what stands in brackets; Ctrl-C ends this and writes nothing.\n';

/** Where to write. `replaces` says that what is there may go. */
interface Target {
  readonly file: string;
  readonly replaces: boolean;
}

/** The file that was named. @throws {CommandFailure} it cannot be written, or is there and may not be replaced. */
async function targetOf(call: Call, file: string): Promise<Target> {
  const path = resolve(call.terminal.cwd, file);
  const problem = problemWithTarget(path);
  if (problem !== null) throw new CommandFailure('usage', problem);
  if (call.flag('force') || !existsSync(path)) return { file, replaces: call.flag('force') };
  if (!call.terminal.isInteractive) throw alreadyThere(file);
  if (await isReplaced(call, file)) return { file, replaces: true };
  throw new CommandFailure('refused', 'Nothing was done.');
}

/** The file that somebody names at the terminal, who has answered everything else already and should not do so twice. */
async function askTarget(call: Call, usual: string): Promise<Target> {
  if (!call.terminal.isInteractive) return targetOf(call, usual);
  for (;;) {
    const file = (await askVisible(call.terminal, `File to write [${usual}]`)).trim() || usual;
    const path = resolve(call.terminal.cwd, file);
    const problem = problemWithTarget(path);
    if (problem !== null) call.terminal.err(printable(`  ${problem}\n`));
    else if (!existsSync(path)) return { file, replaces: false };
    else if (call.flag('force') || (await isReplaced(call, file))) return { file, replaces: true };
  }
}

async function isReplaced(call: Call, file: string): Promise<boolean> {
  const answer = await askVisible(
    call.terminal,
    `${printableLine(file)} is there already. Replace it (yes or no) [no]`,
  );
  return /^y(?:es)?$/i.test(answer.trim());
}

/** The preset and the document to draft from. */
async function originOf(call: Call): Promise<Origin> {
  const { presets } = await import('../../profile/index.ts');
  const names = Object.keys(presets);
  const [usual = ''] = names;
  const isAsked = call.terminal.isInteractive;
  const preset = await untilRight(
    call,
    'extends',
    `Preset to begin with: ${usual}, the neutral one, or ${names.slice(1).join(', ')}`,
    usual,
    async (name) => {
      const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
      return found === undefined ? `There is no such preset; there is ${names.join(', ')}.` : { name, preset: found };
    },
  );
  if (!isAsked && call.option('openapi') === undefined) return { ...preset, api: null };
  const api = await untilRight(
    call,
    'openapi',
    'OpenAPI document of your API, a file, or none',
    'none',
    async (path) => (path === 'none' ? { api: null } : readApi(call, path)),
  );
  return { ...preset, ...api };
}

/** A flag's value, or what is typed, until it is right; a flag that is not right ends the command. */
async function untilRight<T extends object>(
  call: Call,
  flag: string,
  asks: string,
  usual: string,
  reads: (text: string) => Promise<T | string>,
): Promise<T> {
  const given = call.option(flag);
  for (;;) {
    const typed = given ?? (call.terminal.isInteractive ? await askVisible(call.terminal, `${asks} [${usual}]`) : '');
    const read = await reads(typed.trim() || usual);
    if (typeof read !== 'string') return read;
    if (given !== undefined) throw new CommandFailure('usage', printable(`--${flag}: ${read}`));
    call.terminal.err(printable(`  ${read}\n`));
  }
}

async function readApi(call: Call, path: string): Promise<{ readonly api: ApiDraft } | string> {
  if (/^https?:\/\//i.test(path)) return 'It has to be a file of this machine. Download it first.';
  const { readOpenApiFile } = await import('../../server/read-openapi.ts');
  const { draftApi } = await import('../../profile/draft/index.ts');
  const read = await readOpenApiFile(resolve(call.terminal.cwd, path));
  if (!read.ok) return read.problems.map((problem) => printableLine(`${path}: ${problem}`)).join('\n');
  const drafted = draftApi(read.document);
  return drafted.ok ? { api: drafted.api } : drafted.message;
}
