import type { ChangeNotes, CompareProfiles } from './narrowing.ts';
import { jsonPath } from './problem.ts';
import type { Profile } from './profile.ts';
import { shown } from './schema-texts.ts';

/** The text of a token is how it is recognised: another form means that those already issued are not. */
export const tokenFormatChanges: CompareProfiles = ({ token: before }, { token: after }, notes) => {
  if (before.prefix !== after.prefix) {
    notes.narrows(
      `Tokens begin with "${after.prefix}" instead of "${before.prefix}": every token issued so far is refused.`,
    );
  }
  if ((before.environments.length === 0) !== (after.environments.length === 0)) {
    const carry = after.environments.length > 0 ? 'now carry' : 'no longer carry';
    notes.narrows(`Tokens ${carry} their environment: every token issued so far is refused.`);
  } else {
    for (const environment of before.environments) {
      if (after.environments.includes(environment)) continue;
      notes.narrows(`The environment "${environment}" is gone: its tokens are refused.`);
    }
    for (const environment of after.environments) {
      if (!before.environments.includes(environment)) notes.tells(`The environment "${environment}" is new.`);
    }
    if (before.environments.join() !== after.environments.join()) {
      notes.tells(`Environments are listed as ${after.environments.join(', ')}.`);
    }
  }
  if (before.idPrefix !== after.idPrefix) {
    notes.tells(`New token ids begin with "${after.idPrefix}_" instead of "${before.idPrefix}_"; existing ids stay.`);
  }
};

export const quotaChanges: CompareProfiles = (before, after, notes) => {
  const [was, is] = [before.tokensPerWorkspaceMax, after.tokensPerWorkspaceMax];
  if (was === is) return;
  const line = `A workspace can have ${is ?? 'any number of'} tokens instead of ${was ?? 'any number'}; existing ones stay.`;
  if ((is ?? Number.POSITIVE_INFINITY) < (was ?? Number.POSITIVE_INFINITY)) notes.narrows(line);
  else notes.tells(line);
};

/** Where calls are answered, and from which web pages. */
export const wayInChanges: CompareProfiles = (before, after, notes) => {
  if (before.paths.tokens !== after.paths.tokens) {
    notes.narrows(`Token operations are at ${after.paths.tokens} instead of ${before.paths.tokens}.`);
  }
  const [was, is] = [before.cors.origins, after.cors.origins];
  if (is === '*') {
    if (was !== '*') notes.tells('Web pages of every origin may call the API.');
    return;
  }
  if (was === '*') {
    notes.narrows(`Only web pages of ${is.join(', ') || 'no origin'} may call the API, instead of all.`);
    return;
  }
  for (const origin of was) {
    if (!is.includes(origin)) notes.narrows(`Web pages of ${origin} may no longer call the API.`);
  }
  for (const origin of is) if (!was.includes(origin)) notes.tells(`Web pages of ${origin} may call the API.`);
};

/** Tokens carry whether they rotate themselves; what is refused at once is the making of new ones. */
export const selfServiceChanges: CompareProfiles = (before, after, notes) => {
  if (before.selfService === after.selfService) return;
  if (after.selfService) notes.tells('Owners make tokens for themselves, and those rotate themselves.');
  else {
    notes.narrows(
      'Owners no longer make tokens for themselves: that and rotating them for somebody needs keyhouse-tokens:write.',
    );
  }
};

export const fieldChanges: CompareProfiles = (before, after, notes) => {
  const were = acceptedNames(before);
  const are = acceptedNames(after);
  for (const [name, field] of were) {
    const now = are.get(name);
    if (now === undefined) notes.narrows(`Requests can no longer say "${name}" for ${field}.`);
    else if (now !== field) notes.narrows(`In requests "${name}" means ${now} instead of ${field}.`);
  }
  for (const [name, field] of are) if (!were.has(name)) notes.tells(`Requests can say "${name}" for ${field}.`);
  for (const field of new Set([...Object.keys(before.fieldNames), ...Object.keys(after.fieldNames)])) {
    const was = before.fieldNames[field] ?? field;
    const is = after.fieldNames[field] ?? field;
    if (was !== is) notes.tells(`Answers say "${is}" instead of "${was}".`);
  }
};

/** Names of a company's own that requests may use, and the field each means. */
function acceptedNames(profile: Profile): ReadonlyMap<string, string> {
  const renamed = Object.entries(profile.fieldNames).map(([field, name]): [string, string] => [name, field]);
  return new Map([...renamed, ...Object.entries(profile.fieldAliases)]);
}

/** What is only shown: names, words, templates, error answers. Told place by place. */
export const plainChanges: CompareProfiles = (before, after, notes) => {
  for (const section of ['name', 'company', 'errors', 'words', 'templates', 'guide'] as const) {
    tellDifferences(before[section], after[section], [section], notes);
  }
  tellDifferences(before.token.samples, after.token.samples, ['token', 'samples'], notes);
};

function tellDifferences(
  before: unknown,
  after: unknown,
  path: readonly (string | number)[],
  notes: ChangeNotes,
): void {
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys) {
      const step = Array.isArray(after) ? Number(key) : key;
      tellDifferences(before[key], after[key], [...path, step], notes);
    }
    const isReordered = Object.keys(before).join() !== Object.keys(after).join();
    if (isReordered && keys.size === Object.keys(before).length && keys.size === Object.keys(after).length) {
      notes.tells(`${jsonPath(path)} has its members in another order.`);
    }
  } else if (before === undefined) {
    notes.tells(`${jsonPath(path)} is new: ${shown(after)}.`);
  } else if (after === undefined) {
    notes.tells(`${jsonPath(path)} is gone; it was ${shown(before)}.`);
  } else if (before !== after) {
    notes.tells(`${jsonPath(path)} is ${shown(after)} instead of ${shown(before)}.`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
