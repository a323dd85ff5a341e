import { compilePermissions, entriesNotCovered } from '../policy/index.ts';
import { cataloguePermissions } from './catalogue.ts';
import type { CompareProfiles } from './narrowing.ts';
import { shown } from './schema-texts.ts';

/** A permission outside the catalogue grants nothing, whoever holds it: cutting an entry reaches every token at once. */
export const catalogueChanges: CompareProfiles = (before, after, notes) => {
  if (before.catalogue === 'open' && after.catalogue === 'open') return;
  if (after.catalogue === 'open') {
    notes.tells('The catalogue is open now: any well-formed permission can be granted.');
    return;
  }
  if (before.catalogue === 'open') {
    const count = after.catalogue.length;
    notes.narrows(
      `The catalogue is closed now: of what tokens and roles hold, only its ${count} permissions still grant anything.`,
    );
    return;
  }
  const were = new Map(before.catalogue.map((entry) => [entry.permission, entry]));
  const are = new Map(after.catalogue.map((entry) => [entry.permission, entry]));
  const resources = new Set(before.catalogue.map((entry) => resourceOf(entry.permission)));
  for (const permission of were.keys()) {
    if (!are.has(permission)) notes.narrows(`${permission} is cut: tokens and roles that hold it lose it at once.`);
  }
  for (const [permission, entry] of are) {
    const was = were.get(permission);
    const resource = resourceOf(permission);
    if (was === undefined) {
      const reach = resources.has(resource) ? ` Tokens that hold ${resource}:* may do it at once.` : '';
      notes.tells(`${permission} is new.${reach}`);
      continue;
    }
    if (was.description !== entry.description) {
      notes.tells(`${permission} is described as ${shown(entry.description)} instead of ${shown(was.description)}.`);
    }
    if (was.operations.join('\n') !== entry.operations.join('\n')) {
      notes.tells(`${permission} is said to allow ${list(entry.operations)} instead of ${list(was.operations)}.`);
    }
  }
  if ([...were.keys()].join() !== [...are.keys()].join() && sorted(were.keys()) === sorted(are.keys())) {
    notes.tells('The catalogue is listed in another order.');
  }
};

/** Tokens hold the name of a level, so they get and lose what it allows at once. */
export const levelChanges: CompareProfiles = (before, after, notes) => {
  const were = new Map(before.levels.map((entry) => [entry.level, entry]));
  const are = new Map(after.levels.map((entry) => [entry.level, entry]));
  for (const level of were.keys()) {
    if (!are.has(level)) notes.narrows(`The level "${level}" is gone: tokens that hold it may do nothing.`);
  }
  for (const [level, entry] of are) {
    const was = were.get(level);
    if (was === undefined) {
      notes.tells(`The level "${level}" is new: ${list(entry.permissions)}.`);
      continue;
    }
    const lost = entriesNotCovered(was.permissions, compilePermissions(entry.permissions), cataloguePermissions(after));
    const gained = entriesNotCovered(
      entry.permissions,
      compilePermissions(was.permissions),
      cataloguePermissions(before),
    );
    if (lost.length > 0) {
      notes.narrows(`The level "${level}" no longer allows ${list(lost)}: tokens that hold it lose that at once.`);
    }
    if (gained.length > 0) {
      notes.tells(`The level "${level}" also allows ${list(gained)}: tokens that hold it may do that at once.`);
    }
    const isRewritten = was.permissions.join() !== entry.permissions.join() && lost.length + gained.length === 0;
    if (isRewritten) notes.tells(`The level "${level}" is written differently and allows the same.`);
    if (was.description !== entry.description) {
      notes.tells(`The level "${level}" is described as ${shown(entry.description)}.`);
    }
  }
};

export const grantChanges: CompareProfiles = (before, after, notes) => {
  for (const mode of before.grants) {
    if (after.grants.includes(mode)) continue;
    notes.narrows(`New tokens can no longer ask for "${mode}"; tokens that have it keep it.`);
  }
  for (const mode of after.grants) {
    if (!before.grants.includes(mode)) notes.tells(`New tokens can ask for "${mode}".`);
  }
  if (before.grants.join() !== after.grants.join() && sorted(before.grants) === sorted(after.grants)) {
    notes.tells(`The ways of asking are listed in another order: ${list(after.grants)}.`);
  }
  if (before.defaultGrant === after.defaultGrant) return;
  if (after.defaultGrant === null) notes.narrows('A new token must say what it asks for.');
  else notes.tells('A new token that does not say what it asks for gets everything its owner may do.');
};

function resourceOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}

function sorted(entries: Iterable<string>): string {
  return [...entries].sort().join();
}

function list(entries: readonly string[]): string {
  return entries.length === 0 ? 'nothing' : entries.join(', ');
}
