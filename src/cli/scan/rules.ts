import type { Profile } from '../../profile/index.ts';
import { KIND_MARKERS, type TokenFormat } from '../../token/index.ts';

/** For which scanners rules can be written. */
export const RULES_FORMATS = ['gitleaks', 'github'] as const;
export type RulesFormat = (typeof RULES_FORMATS)[number];

/** Whose tokens are looked for. */
export type Looked = Pick<Profile, 'name' | 'token'> & { readonly company: Pick<Profile['company'], 'name'> };

const MARKERS = Object.values(KIND_MARKERS);

/**
 * A pattern that every value of this format meets, in the syntax that RE2, Hyperscan and JavaScript share. It cannot work out
 * a checksum: one text in four thousand million that meet it is a value.
 */
export function patternOf({ prefix, environments }: TokenFormat): string {
  const place = environments.length === 0 ? '' : `(?:${environments.join('|')})_`;
  return `${prefix}(?:${MARKERS.filter((marker) => marker !== '').join('|')})?_${place}[0-9A-Za-z]{32}`;
}

export function isRulesFormat(text: string): text is RulesFormat {
  return (RULES_FORMATS as readonly string[]).includes(text);
}

/** Rules for another scanner: a configuration of gitleaks, or what goes into the form of a custom pattern at GitHub. */
export function rulesText(format: RulesFormat, looked: readonly Looked[]): string {
  return format === 'gitleaks'
    ? [GITLEAKS_HEAD, ...looked.map(gitleaksRule)].join('\n')
    : looked.map(githubPattern).join('\n');
}

const GITLEAKS_HEAD = `# The checksum of a value is beyond a pattern: confirm what these rules find with keyhouse scan.
[extend]
useDefault = true
`;

/** @see https://github.com/gitleaks/gitleaks#configuration */
function gitleaksRule({ name, company, token }: Looked): string {
  return `[[rules]]
id = ${toml(`${name}-token`)}
description = ${toml(`A token of ${company.name}`)}
regex = '''(?:^|[^0-9A-Za-z])(${patternOf(token)})(?:[^0-9A-Za-z]|$)'''
secretGroup = 1
keywords = [${MARKERS.map((marker) => toml(`${token.prefix}${marker}_`)).join(', ')}]
tags = ["token"]
`;
}

/** The fields of the form, one on a line. GitHub puts the three parts together itself. */
function githubPattern({ company, token }: Looked): string {
  return `Pattern name:   ${company.name} token
Secret format:  ${patternOf(token)}
Before secret:  \\A|[^0-9A-Za-z]
After secret:   \\z|[^0-9A-Za-z]
Sample:         ${token.prefix}_${token.environments.length === 0 ? '' : `${token.environments[0]}_`}${'0'.repeat(32)}
`;
}

/** A basic string of TOML: what JSON writes is one, without the one character it leaves alone. */
function toml(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
