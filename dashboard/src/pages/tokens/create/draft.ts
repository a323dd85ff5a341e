import type { Token, TokenOptions } from '../../../api/operations.ts';

export type Level = TokenOptions['levels'][number]['level'];
export type Way = TokenOptions['grants'][number];

/** What was filled in so far. */
export interface Draft {
  readonly name: string;
  readonly purpose: string;
  readonly environment: 'live' | 'test' | null;
  readonly way: Way;
  readonly permissions: readonly string[];
  /** Typed as a further permission, and not added to them yet. */
  readonly typed: string;
  readonly level: Level | null;
  readonly addresses: readonly Address[];
  /** `usual`: nothing is asked for; `date`: the day below; otherwise a duration such as `30d`. */
  readonly expiry: 'usual' | 'date' | (string & {});
  /** `2027-01-31`, as the date field has it. */
  readonly day: string;
  readonly tier: string;
  /** A duration; `usual` asks for nothing. */
  readonly grace: 'usual' | (string & {});
  readonly selfRotate: boolean;
  /** How often a new value waits by itself: a duration, or `never`. */
  readonly rotates: 'never' | (string & {});
  /** Who is mailed the link to it; empty is its owner. */
  readonly email: string;
}

/** One line of the list of addresses. */
export interface Address {
  readonly key: number;
  readonly text: string;
}

/** What a link to the form fills in. */
export interface Wish {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly environment: string;
  /** Id of the owner, or empty. */
  readonly owner: string;
  /** Id of one of the owner’s workspaces; left out where they have one. */
  readonly workspace?: string;
  /** Id of a token to take the rest from, or empty. */
  readonly like: string;
}

/** @param address the query of the page's address; what looks like a number in it has become one. */
export function readWish(address: Readonly<Record<string, unknown>>): Wish {
  const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
  const permissions = entriesOf(textOf(address.permissions));
  return {
    name: textOf(address.name).slice(0, 100),
    permissions: [...new Set(permissions)].slice(0, 200),
    environment: textOf(address.environment),
    owner: textOf(address.owner),
    ...(typeof address.workspace === 'string' && { workspace: address.workspace }),
    like: textOf(address.like),
  };
}

/** The form as it opens: the usual choices, then those of a token to be like, then those of the link. */
export function beginDraft(options: TokenOptions, wish: Wish, like: Token | null): Draft {
  const environments = options.environments.filter(({ grantable }) => grantable).map(({ environment }) => environment);
  const asked = environments.find((environment) => environment === wish.environment);
  const known = environments.find((environment) => environment === like?.environment);
  const permissions = [...new Set([...permissionsOf(like), ...wish.permissions])];
  return {
    name: wish.name !== '' ? wish.name : (like?.name ?? ''),
    purpose: like?.description ?? '',
    environment: asked ?? known ?? environments[0] ?? null,
    way: beginWay(options, permissions, like),
    permissions,
    typed: '',
    level: beginLevel(options, permissions, like),
    addresses: (like?.ip_allowlist ?? []).map((text, key) => ({ key, text })),
    expiry: 'usual',
    day: '',
    tier: beginTier(options, like),
    grace: 'usual',
    selfRotate: options.rotation.self_rotate,
    rotates: 'never',
    email: '',
  };
}

function permissionsOf(like: Token | null): readonly string[] {
  return like !== null && 'permissions' in like.grant ? like.grant.permissions : [];
}

function beginWay({ grants }: TokenOptions, permissions: readonly string[], like: Token | null): Way {
  if (permissions.length > 0 && grants.includes('permissions')) return 'permissions';
  const same = grants.find((way) => like !== null && way in like.grant);
  return same ?? grants[0] ?? 'inherit';
}

/** The least level that gives what was wished for. */
function beginLevel({ levels }: TokenOptions, wished: readonly string[], like: Token | null): Level | null {
  const given = levels.filter(({ grantable }) => grantable);
  const same = given.findIndex(({ level }) => like !== null && 'level' in like.grant && like.grant.level === level);
  const enough = wished.length === 0 ? -1 : given.findIndex(({ gives }) => wished.every((one) => gives.includes(one)));
  return given[Math.max(same, enough)]?.level ?? null;
}

function beginTier({ tiers, default_tier }: TokenOptions, like: Token | null): string {
  const same = tiers.find(({ tier, grantable }) => grantable && tier === like?.limits.tier);
  return same?.tier ?? default_tier;
}

/** The same with what was typed and not added: whoever presses the last button means that too. */
export function settledDraft(draft: Draft): Draft {
  return { ...draft, permissions: [...new Set([...draft.permissions, ...entriesOf(draft.typed)])], typed: '' };
}

/** Permissions as they are typed, with spaces or commas between them. */
export function entriesOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((entry) => entry !== '');
}

/** What is sent for it. */
export function bodyOf(draft: Draft, options: TokenOptions): Readonly<Record<string, unknown>> {
  const addresses = addressesOf(draft);
  return {
    name: draft.name,
    ...(draft.purpose.trim() !== '' && { description: draft.purpose }),
    ...(draft.environment !== null && { environment: draft.environment }),
    ...grantOf(draft),
    ...(addresses.length > 0 && { ip_allowlist: addresses }),
    ...expiryOf(draft),
    ...(draft.tier !== options.default_tier && { tier: draft.tier }),
    ...(draft.grace !== 'usual' && { grace_period: draft.grace }),
    ...(draft.selfRotate !== options.rotation.self_rotate && { self_rotate: draft.selfRotate }),
    ...(draft.rotates !== 'never' && { auto_rotate: true, rotation_period: draft.rotates, ...emailOf(draft) }),
    ...(!options.is_self && { owner: { id: options.owner.id }, workspace: { id: options.workspace.id } }),
  };
}

function grantOf({ way, permissions, level }: Draft) {
  if (way === 'level') return { level };
  return way === 'inherit' ? { inherit: true } : { permissions };
}

function emailOf({ email }: Draft) {
  return email.trim() === '' ? {} : { notification_email: email.trim() };
}

function expiryOf({ expiry, day }: Draft) {
  if (expiry === 'usual') return {};
  return expiry === 'date' ? { expires_at: endOfDay(day).toISOString() } : { expires_in: expiry };
}

/** Lines that are not empty, as they are sent. */
export function addressesOf({ addresses }: Draft): readonly string[] {
  return addresses.map(({ text }) => text.trim()).filter((text) => text !== '');
}

/** The last second of a day where the reader is. */
export function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59`);
}

/** What keeps the form from being sent, by field; empty when nothing does. */
export function gapsOf(draft: Draft, options: TokenOptions): Readonly<Record<string, string>> {
  const excess = draft.way === 'permissions' ? draft.permissions.filter((entry) => !mayGive(options, entry)) : [];
  const entries: readonly (readonly [string, string | false])[] = [
    ['name', draft.name.trim() === '' && 'Say what will use it, so that you know it again.'],
    ['permissions', excess.length > 0 && `Take out what cannot be given: ${excess.join(', ')}.`],
    ['permissions', draft.way === 'permissions' && draft.permissions.length === 0 && 'Choose at least one.'],
    ['level', draft.way === 'level' && draft.level === null && 'Choose one.'],
    ['expires_at', draft.expiry === 'date' && Number.isNaN(endOfDay(draft.day).getTime()) && 'Choose a day.'],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== false));
}

/** Whether the options offer this entry. Where the catalogue is open, more exists than they can list. */
export function mayGive(options: TokenOptions, entry: string): boolean {
  const named = [...options.permissions, ...options.wildcards].find(({ permission }) => permission === entry);
  if (named !== undefined) return named.grantable;
  if (options.management.some(({ permission }) => permission === entry)) return true;
  if (options.catalogue === 'closed' || entry.startsWith('keyhouse-')) return false;
  return options.any_permission || options.wildcards.some((wide) => wide.grantable && covers(wide.permission, entry));
}

/** Whether there is such an entry at all, as far as anybody can know. */
export function isKnown(options: TokenOptions, entry: string): boolean {
  if (options.catalogue === 'open' || entry.startsWith('keyhouse-')) return true;
  return [...options.permissions, ...options.wildcards].some(({ permission }) => permission === entry);
}

/** Whether having the one is having the other. */
export function covers(entry: string, permission: string): boolean {
  return entry === permission || (entry.endsWith(':*') && permission.startsWith(entry.slice(0, -1)));
}

/** Of what a link wished for, what the token would not be able to do by this draft. */
export function unmetOf(wish: Wish, draft: Draft, options: TokenOptions): readonly string[] {
  if (draft.way === 'permissions') return wish.permissions.filter((entry) => !mayGive(options, entry));
  const { inherit, levels } = options;
  const level = levels.find((one) => one.level === draft.level);
  const gives = draft.way === 'level' ? (level?.gives ?? []) : (inherit?.gives ?? []);
  if (draft.way === 'inherit' && inherit?.everything === true) return [];
  if (draft.way === 'level' && level === undefined) return [];
  return wish.permissions.filter((permission) => !gives.some((entry) => covers(entry, permission)));
}
