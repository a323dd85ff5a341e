import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure, EXIT_CODES } from '../failure.ts';
import { guaranteeLine } from '../lines.ts';
import { facts } from '../table.ts';
import { jsonText, printable } from '../terminal.ts';
import { minutes } from '../token-view.ts';
import { OBSERVE, observeInstead } from '../trial-view.ts';
import { profileInit } from './profile-init.ts';

const FILE = { syntax: '<file>', about: 'A profile file, or the name of a preset.' } as const;

const show: CommandSpec = {
  name: 'show',
  about: 'Show the profile in force; with --json all of it.',
  examples: ['keyhouse profile show', 'keyhouse profile show --json | jq .profile > profile.json'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: '/v1/profile' });
    return call.show<ProfileAnswer>(reply, ({ name, version, digest, applied_at, profile }) =>
      facts(
        [
          ['name', name],
          ['version', version],
          ['in force since', minutes(applied_at)],
          ['digest', digest],
          ['company', profile.company?.name ?? null],
          ['tokens', `${profile.words?.tokens ?? 'tokens'} at ${profile.paths?.tokens ?? ''}`],
          [
            'permissions',
            Array.isArray(profile.catalogue) ? `${profile.catalogue.length} in a closed catalogue` : 'any',
          ],
          ['tiers', Object.keys(profile.limits?.tiers ?? {}).join(', ')],
        ],
        call.paint,
      ),
    );
  },
};

interface ProfileAnswer {
  readonly version: number;
  readonly name: string;
  readonly digest: string;
  readonly applied_at: string | null;
  readonly profile: {
    readonly company?: { readonly name: string };
    readonly words?: { readonly tokens: string };
    readonly paths?: { readonly tokens: string };
    readonly catalogue?: unknown;
    readonly limits?: { readonly tiers: object };
  };
}

const check: CommandSpec = {
  name: 'check',
  args: [FILE],
  about: 'Say everything that is wrong or odd about a profile file, at once. Needs no store.',
  examples: ['keyhouse profile check acme.json'],
  reach: 'here',
  async run(call) {
    const { profile, problems, warnings } = await readProfile(call, call.argument(0));
    if (call.isJson) {
      call.terminal.out(
        `${jsonText({ ok: problems.length === 0, name: profile?.name ?? null, problems, warnings })}\n`,
      );
    } else {
      const listed = (what: string, list: typeof problems) =>
        list.length === 0 ? '' : `${what}:\n${list.map(({ path, message }) => `  ${path}: ${message}\n`).join('')}\n`;
      const verdict =
        profile === null
          ? `${call.argument(0)} cannot be used as it is.`
          : `${call.argument(0)} is the profile ${profile.name} and can be applied: keyhouse profile apply ${call.argument(0)}`;
      call.terminal.out(printable(`${listed('Problems', problems)}${listed('Warnings', warnings)}${verdict}\n`));
    }
    return problems.length === 0 ? EXIT_CODES.ok.number : EXIT_CODES.refused.number;
  },
};

const apply: CommandSpec = {
  name: 'apply',
  args: [FILE],
  about: 'Put a profile in force.',
  details: 'One that would refuse what is accepted now is shown and refused, unless --allow-narrowing is given.',
  options: [
    { flags: '--dry-run', about: 'Apply nothing and say what would change.' },
    { flags: '--allow-narrowing', about: 'Apply it although requests accepted now will be refused.' },
    OBSERVE,
  ],
  examples: ['keyhouse profile apply acme.json --dry-run', 'keyhouse profile apply acme.json'],
  reach: 'anywhere',
  async run(call) {
    const { json, problems } = await readProfile(call, call.argument(0));
    if (problems.length > 0) {
      throw new CommandFailure(
        'refused',
        `${call.argument(0)} cannot be used as it is:\n${problems.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
      );
    }
    if (call.option('observe') !== undefined) return observeInstead(call, { kind: 'profile' }, json as object);
    const reply = await call.ask({
      method: 'PUT',
      path: '/v1/profile',
      query: {
        dry_run: call.flag('dryRun') || undefined,
        allow_narrowing: call.flag('allowNarrowing') || undefined,
      },
      body: { profile: json },
    });
    return call.show<Applied>(reply, (answer) => appliedInWords(answer, call.flag('dryRun')));
  },
};

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly applied: boolean;
  readonly changes: readonly string[];
  readonly narrowing: readonly string[];
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}

function appliedInWords({ version, name, applied, changes, narrowing, guarantee }: Applied, isDryRun: boolean): string {
  const listed = (what: string, lines: readonly string[]) =>
    lines.length === 0 ? '' : `${what}:\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
  const lines = listed('Changes', changes) + listed('Refused from then on, though accepted now', narrowing);
  if (isDryRun) return printable(`${lines || 'Nothing would change.\n\n'}Nothing was applied.\n`);
  const done = applied
    ? `Version ${version}, ${name}, is in force.`
    : `${name} was in force already, as version ${version}.`;
  return printable(`${lines}${done}${guaranteeLine(guarantee)}\n`);
}

/** The named file or preset, read and checked. */
export async function readProfile(call: Call, wanted: string) {
  const { checkProfile, findPreset } = await import('../../profile/index.ts');
  const path = resolve(call.terminal.cwd, wanted);
  const preset = existsSync(path) ? null : findPreset(wanted);
  if (!existsSync(path) && preset === null) throw new CommandFailure('usage', `There is no file ${path}`);
  const text = preset === null ? readFileSync(path, 'utf8') : JSON.stringify(preset);
  const result = checkProfile(text);
  return { ...result, json: result.profile === null ? null : (JSON.parse(text) as unknown) };
}

export const profileCommands: CommandGroup = {
  name: 'profile',
  about: "The company's dialect: token format, permissions, limits, words.",
  commands: [profileInit, show, check, apply],
};
