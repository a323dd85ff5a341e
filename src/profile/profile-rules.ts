import type { RouteRule } from '../policy/index.ts';
import {
  compilePermissions,
  entriesNotCovered,
  findRouteConflicts,
  isReserved,
  parseDuration,
  parseRotationPeriod,
} from '../policy/index.ts';
import { readShape } from '../token/index.ts';
import { isFieldOfOurs, isRenameable } from './fields.ts';
import { jsonPath, type ProfileProblem } from './problem.ts';
import type { Profile } from './profile.ts';

type Steps = readonly (string | number)[];
type Report = (steps: Steps, message: string) => void;
type Rule = (profile: Partial<Profile>, report: Report) => void;

/**
 * What has to fit together in a profile beyond the shape of its sections. A rule looks at sections that have their
 * types, right in every value or not, so that a problem in one hides nothing in the others.
 */
export function checkRules(profile: Partial<Profile>): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  for (const rule of RULES) rule(profile, (steps, message) => problems.push({ path: jsonPath(steps), message }));
  return problems;
}

const RULES: readonly Rule[] = [
  tokenRule,
  routesRule,
  levelsRule,
  grantsRule,
  expiryRule,
  rotationRule,
  remindersRule,
  pathsRule,
  fieldNamesRule,
  templatesRule,
  guideRule,
];

/** Prefixes of our other ids: a token id must not be taken for one of them. */
export const OTHER_ID_PREFIXES: readonly string[] = ['own', 'usr', 'svc', 'wsp', 'rol', 'req', 'lin', 'cli', 'aud'];

function tokenRule({ token }: Partial<Profile>, report: Report): void {
  if (token === undefined) return;
  if (OTHER_ID_PREFIXES.includes(token.idPrefix)) {
    report(['token', 'idPrefix'], `Ids of another kind begin with "${token.idPrefix}_"; choose another prefix.`);
  }
  if (readShape(`${token.idPrefix}_`, token).is !== 'foreign') {
    report(['token', 'idPrefix'], 'Ids must not begin like tokens: people would take one for the other.');
  }
  for (const [index, sample] of (token.samples ?? []).entries()) {
    if (readShape(sample, token).is === 'ours') {
      report(['token', 'samples', index], 'This has a correct checksum, so it could be a real token; print another.');
    }
  }
}

function routesRule({ routes, catalogue, token }: Partial<Profile>, report: Report): void {
  if (routes === undefined) return;
  for (const [index, { permissions, environment = 'live' }] of routes.entries()) {
    reportUnknown(permissions, catalogue, ['routes', index, 'permissions'], report);
    if (permissions.some(isReserved)) {
      report(['routes', index, 'permissions'], 'Permissions that begin with "keyhouse-" guard Keyhouse itself.');
    }
    if (token !== undefined && token.environments.length > 0 && !token.environments.includes(environment)) {
      report(['routes', index, 'environment'], `There are no "${environment}" tokens here.`);
    }
  }
  for (const { first, second } of findRouteConflicts(routes)) {
    report(
      ['routes', second],
      `A request can meet this rule and $.routes[${first}] (${nameOf(routes[first])}), and neither is the more specific one.`,
    );
  }
}

function nameOf(rule: RouteRule | undefined): string {
  return rule === undefined ? '' : `${rule.methods === '*' ? '*' : rule.methods.join()} ${rule.path}`;
}

function levelsRule({ levels, catalogue }: Partial<Profile>, report: Report): void {
  if (levels === undefined) return;
  const order = ['read', 'write', 'admin'];
  for (const [index, level] of levels.entries()) {
    reportUnknown(level.permissions, catalogue, ['levels', index, 'permissions'], report);
    const before = levels[index - 1];
    if (before === undefined) continue;
    if (order.indexOf(level.level) <= order.indexOf(before.level)) {
      report(['levels', index, 'level'], 'Levels are listed once each, in the order read, write, admin.');
    }
    const lost = entriesNotCovered(before.permissions, compilePermissions(level.permissions), known(catalogue));
    if (lost.length > 0) {
      report(
        ['levels', index, 'permissions'],
        `A level allows everything the one before it allows; "${level.level}" lacks ${lost.join(', ')}.`,
      );
    }
  }
}

function grantsRule({ grants, levels, defaultGrant }: Partial<Profile>, report: Report): void {
  if (grants === undefined) return;
  if (levels?.length === 0 && grants.includes('level')) {
    report(['grants', grants.indexOf('level')], 'There are no levels to ask for; list them in "levels".');
  }
  if (defaultGrant === 'inherit' && !grants.includes('inherit')) {
    report(['defaultGrant'], 'The default must be one of "grants"; add "inherit" there, or write null.');
  }
}

function expiryRule({ expiry }: Partial<Profile>, report: Report): void {
  if (expiry === undefined || expiry.lifetimeMax === null) return;
  if (expiry.lifetime === null) {
    report(['expiry', 'lifetime'], 'With a longest life there must be a usual one, or a token could live for ever.');
  } else if ((parseDuration(expiry.lifetime) ?? 0) > (parseDuration(expiry.lifetimeMax) ?? 0)) {
    report(['expiry', 'lifetime'], `The usual life is longer than the longest one, ${expiry.lifetimeMax}.`);
  }
}

function rotationRule({ onePerOwner, rotation }: Partial<Profile>, report: Report): void {
  if (onePerOwner === true && rotation !== undefined && rotation.gracePeriod !== '0s') {
    report(['rotation', 'gracePeriod'], 'With one token per owner a new one ends the old one at once: write "0s".');
  }
  if (rotation?.period !== undefined && parseRotationPeriod(rotation.period) === null) {
    report(['rotation', 'period'], 'Tokens rotate every minute at the most and every 3650 days at the least.');
  }
  const reminders = (rotation?.reminders ?? []).map((text) => parseDuration(text) ?? 0);
  const early = reminders.findIndex((ms, index) => ms <= (reminders[index - 1] ?? 0));
  if (early !== -1) report(['rotation', 'reminders', early], 'Each reminder comes later than the one before.');
}

function remindersRule({ reminders }: Partial<Profile>, report: Report): void {
  const before = (reminders?.beforeExpiry ?? []).map((text) => parseDuration(text) ?? 0);
  const late = before.findIndex((ms, index) => ms >= (before[index - 1] ?? Number.POSITIVE_INFINITY));
  if (late !== -1) report(['reminders', 'beforeExpiry', late], 'Each comes closer to the end than the one before.');
}

/** Where something else answers: the token operations cannot be put there, nor below. */
const TAKEN_PATHS: readonly string[] = [
  ...['/v1/auth', '/v1/owners', '/v1/users', '/v1/service-accounts', '/v1/workspaces', '/v1/roles', '/v1/setup'],
  ...[
    '/v1/sessions',
    '/v1/profile',
    '/v1/audit-events',
    '/v1/denials',
    '/v1/reminders',
    '/v1/alerts',
    '/v1/webhooks',
    '/v1/leaks',
    '/v1/why',
  ],
  ...['/oauth', '/forward-auth', '/healthz', '/readyz', '/metrics', '/reference', '/guide'],
];

function pathsRule({ paths }: Partial<Profile>, report: Report): void {
  if (paths === undefined) return;
  const path = paths.tokens;
  const taken = TAKEN_PATHS.find((other) => `${path}/`.startsWith(`${other}/`));
  if (taken !== undefined) report(['paths', 'tokens'], `Something else answers at ${taken}; choose another path.`);
  else if (path === '/v1') report(['paths', 'tokens'], 'The path needs a name of its own, such as "/v1/tokens".');
}

function fieldNamesRule({ fieldNames = {}, fieldAliases = {} }: Partial<Profile>, report: Report): void {
  const outward = new Map<string, string>();
  for (const [field, name] of Object.entries(fieldNames)) {
    if (!isRenameable(field)) report(['fieldNames', field], 'There is no field of this name that can be renamed.');
    else if (isFieldOfOurs(name)) report(['fieldNames', field], `"${name}" already means something else in a token.`);
    else if (outward.has(name)) report(['fieldNames', field], `"${outward.get(name)}" is already called "${name}".`);
    outward.set(name, field);
  }
  for (const [alias, field] of Object.entries(fieldAliases)) {
    const owner = outward.get(alias);
    if (!isRenameable(field))
      report(['fieldAliases', alias], `There is no field "${field}" that can have another name.`);
    else if (isFieldOfOurs(alias)) report(['fieldAliases', alias], 'This name already means something in a token.');
    else if (owner !== undefined && owner !== field)
      report(['fieldAliases', alias], `This is already the name of "${owner}".`);
  }
}

function templatesRule({ templates, catalogue }: Partial<Profile>, report: Report): void {
  if (templates === undefined) return;
  for (const [index, template] of templates.entries()) {
    reportUnknown(template.permissions, catalogue, ['templates', index, 'permissions'], report);
  }
}

function guideRule({ guide }: Partial<Profile>, report: Report): void {
  const sample = guide?.sampleRequest;
  if (sample?.upload != null && sample.method !== 'POST') {
    report(['guide', 'sampleRequest', 'method'], 'A file is sent with POST.');
  }
}

function reportUnknown(
  entries: readonly string[],
  catalogue: Profile['catalogue'] | undefined,
  steps: Steps,
  report: Report,
): void {
  const all = known(catalogue);
  if (all === null) return;
  for (const [index, entry] of entries.entries()) {
    const isKnown = entry.endsWith(':*')
      ? all.some((permission) => permission.startsWith(entry.slice(0, -1)))
      : all.includes(entry);
    if (!isKnown) report([...steps, index], `"${entry}" is not in the catalogue.`);
  }
}

function known(catalogue: Profile['catalogue'] | undefined): readonly string[] | null {
  return catalogue === undefined || catalogue === 'open' ? null : catalogue.map((entry) => entry.permission);
}
