import type { Token, TokenOptions } from '../../../api/operations.ts';
import { addressesOf, beginDraft, type Draft, endOfDay, gapsOf } from '../create/draft.ts';

const NO_WISH = { name: '', permissions: [], environment: '', owner: '', workspace: '', like: '' };

/** What stands in the form as it opens: the token as it is. `expiry` is `keep` or `never` beside what a new one has. */
export function beginEdit(token: Token, options: TokenOptions | null): Draft {
  const { grant, limits, ip_allowlist, name, description, rotation } = token;
  const known =
    options === null
      ? { permissions: [], level: null, way: 'permissions' as const }
      : beginDraft(options, NO_WISH, token);
  return {
    environment: null,
    grace: 'usual',
    selfRotate: false,
    day: '',
    typed: '',
    ...known,
    name,
    purpose: description ?? '',
    permissions: 'permissions' in grant ? grant.permissions : known.permissions,
    addresses: (ip_allowlist ?? []).map((text, key) => ({ key, text })),
    expiry: 'keep',
    tier: limits.tier ?? '',
    rotates: rotation.auto_rotate ? (rotation.rotation_period ?? 'never') : 'never',
    email: rotation.notification_email ?? '',
  };
}

/** Whether the way this token was given its permissions can be chosen here; others are shown and not changed. */
export function canChangeGrant({ grant }: Token, options: TokenOptions | null): options is TokenOptions {
  return options?.grants.some((way) => way in grant) === true;
}

/** What can be taken away from it by who may not act for its owner; null where nothing can, or anything can be chosen. */
export function narrowable({ grant }: Token, options: TokenOptions | null): readonly string[] | null {
  return options === null && 'permissions' in grant && grant.permissions.length > 0 ? grant.permissions : null;
}

/** What is sent: the fields that differ from the token as it was when the form opened. */
export function changedFields(
  token: Token,
  draft: Draft,
  options: TokenOptions | null,
): Readonly<Record<string, unknown>> {
  const addresses = addressesOf(draft);
  return {
    ...(draft.name.trim() !== token.name && { name: draft.name.trim() }),
    ...(draft.purpose.trim() !== (token.description ?? '') && {
      description: draft.purpose.trim() === '' ? null : draft.purpose.trim(),
    }),
    ...((canChangeGrant(token, options) || narrowable(token, options) !== null) && changedGrant(token, draft)),
    ...(!isSame(addresses, token.ip_allowlist ?? []) && { ip_allowlist: addresses.length === 0 ? null : addresses }),
    ...changedExpiry(draft),
    ...(draft.tier !== (token.limits.tier ?? '') && { tier: draft.tier }),
    ...changedRotation(token, draft),
  };
}

/** What keeps the form from being sent, by field. */
export function gapsInEdit(draft: Draft, token: Token, options: TokenOptions | null): Readonly<Record<string, string>> {
  if (!canChangeGrant(token, options)) {
    const hasNothing = narrowable(token, options) !== null && draft.permissions.length === 0;
    return {
      ...(draft.name.trim() === '' && { name: 'Say what uses it.' }),
      ...(hasNothing && { permissions: 'Leave at least one, or disable it.' }),
    };
  }
  const before = 'permissions' in token.grant ? token.grant.permissions : [];
  // What it has already may stay, whoever looks at it.
  const added = { ...draft, permissions: draft.permissions.filter((entry) => !before.includes(entry)) };
  const { permissions: none, ...gaps } = gapsOf(added, options);
  const isEmpty = draft.way === 'permissions' && draft.permissions.length === 0;
  const excess = added.permissions.length > 0 ? none : undefined;
  return {
    ...gaps,
    ...(isEmpty ? { permissions: 'Choose at least one.' } : excess !== undefined && { permissions: excess }),
  };
}

function changedGrant({ grant }: Token, { way, permissions, level }: Draft) {
  if (way === 'inherit') return 'inherit' in grant ? {} : { inherit: true };
  if (way === 'level') return 'level' in grant && grant.level === level ? {} : { level };
  return 'permissions' in grant && isSame(permissions, grant.permissions) ? {} : { permissions };
}

function changedRotation({ rotation }: Token, { rotates, email }: Draft) {
  const before = rotation.auto_rotate ? rotation.rotation_period : 'never';
  const to = email.trim() === '' ? null : email.trim();
  return {
    ...(rotates !== before &&
      (rotates === 'never' ? { auto_rotate: false } : { auto_rotate: true, rotation_period: rotates })),
    ...(rotates !== 'never' && to !== rotation.notification_email && { notification_email: to }),
  };
}

function changedExpiry({ expiry, day }: Draft) {
  if (expiry === 'keep') return {};
  if (expiry === 'never') return { expires_at: null };
  return expiry === 'date' ? { expires_at: endOfDay(day).toISOString() } : { expires_in: expiry };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join('\n') === [...others].sort().join('\n');
}
