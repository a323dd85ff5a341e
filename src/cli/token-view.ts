import type { TokenWire } from '../manage/index.ts';
import { type Column, facts, type Paint, table } from './table.ts';

/** A list of tokens, one line each. */
export function tokenTable(tokens: readonly TokenWire[], paint: Paint): string {
  const columns: readonly Column<TokenWire>[] = [
    { title: 'ID', of: ({ id }) => id },
    { title: 'NAME', of: ({ name }) => name },
    { title: 'HINT', of: ({ hint }) => hint },
    { title: 'STATE', of: ({ state }) => state },
    { title: 'OWNER', of: ({ owner }) => ownerName(owner) },
    { title: 'WORKSPACE', of: ({ workspace }) => workspace.name },
    { title: 'EXPIRES', of: ({ expires_at }) => minutes(expires_at) },
    { title: 'LAST USED', of: ({ last_used_at }) => minutes(last_used_at) },
  ];
  return table(tokens, columns, paint);
}

/** Everything about one token. */
export function tokenFacts(token: TokenWire, paint: Paint): string {
  const { owner, workspace, limits, rotation } = token;
  return facts(
    [
      ['id', token.id],
      ['name', token.name],
      ['description', token.description],
      ['state', token.state],
      ['hint', token.hint],
      ['environment', token.environment],
      ['owner', `${ownerName(owner)} (${owner.kind.replace('_', ' ')}, ${owner.id})`],
      ['workspace', `${workspace.name} (${workspace.external_id ?? workspace.id})`],
      ['granted', grantText(token.grant)],
      ['may do now', token.effective_permissions.join(', ') || 'nothing: its owner may do none of it'],
      ['from', token.ip_allowlist?.join(', ') ?? 'anywhere'],
      ['expires', minutes(token.expires_at) ?? 'never'],
      ['limits', limitsText(limits)],
      ['grace', rotation.grace_period],
      ['rotates', rotationText(rotation)],
      ['created', minutes(token.created_at)],
      ['imported from', token.imported_from],
      ['last used', lastUse(token)],
      ['ends', minutes(token.ends_at)],
      ['revoked', minutes(token.revoked_at)],
      ['successor', token.superseded_by],
      ['predecessor', token.supersedes],
      ['metadata', Object.keys(token.metadata).length === 0 ? null : JSON.stringify(token.metadata)],
    ],
    paint,
  );
}

export function ownerName(owner: TokenWire['owner']): string {
  return owner.email ?? owner.external_id ?? owner.name ?? owner.id;
}

/** `2026-03-01 12:00 UTC`. */
export function minutes(instant: string | null): string | null {
  return instant === null ? null : `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

export function grantText(grant: TokenWire['grant']): string {
  if ('permissions' in grant) return grant.permissions.join(', ');
  return 'level' in grant ? `level ${grant.level}` : 'everything its owner may do';
}

function limitsText({ tier, windows }: TokenWire['limits']): string {
  const counted =
    windows === 'unlimited'
      ? 'unlimited'
      : windows.map(({ limit, name, seconds }) => `${limit} per ${name} (${seconds} s)`).join(', ');
  return tier === null ? counted : `${tier}: ${counted}`;
}

function rotationText({ auto_rotate, rotation_period, due_at, state }: TokenWire['rotation']): string | null {
  if (!auto_rotate) return null;
  if (state === null) return `every ${rotation_period}`;
  if (state === 'scheduled') return `every ${rotation_period}, next on ${minutes(due_at)}`;
  const since = `a new value waits since ${minutes(due_at)}`;
  return state === 'claimable' ? since : `${since}: overdue`;
}

function lastUse({ last_used_at, last_used_ip }: TokenWire): string {
  if (last_used_at === null) return 'never';
  return `${minutes(last_used_at)}${last_used_ip === null ? '' : ` from ${last_used_ip}`}`;
}
