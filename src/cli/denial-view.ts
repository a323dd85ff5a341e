import type { DenialWire, ExplanationWire } from '../manage/index.ts';
import { type Column, facts, type Paint, table } from './table.ts';

/** A list of denials, one line each. */
export function denialTable(denials: readonly DenialWire[], paint: Paint): string {
  const columns: readonly Column<DenialWire>[] = [
    { title: 'REQUEST', of: ({ request_id }) => request_id },
    { title: 'AT', of: ({ at }) => seconds(at) },
    { title: 'WHY', of: ({ reason, cause }) => (reason === cause ? reason : `${reason} (${cause})`) },
    { title: 'TOKEN', of: ({ token }) => (token === null ? null : token.name || token.id) },
    { title: 'FROM', of: ({ ip }) => ip },
    { title: 'WHAT', of: (denial) => whatOf(denial) },
  ];
  return table(denials, columns, paint);
}

/** One decision: what came of it, what to do, every check in order, and what it was about. */
export function explanationText(explanation: ExplanationWire, paint: Paint): string {
  const { reason, cause, advice, checks } = explanation;
  const isRefused = reason !== 'ok';
  const why = cause === undefined || cause === reason ? reason : `${reason} (${cause})`;
  const rows = table(
    checks,
    [
      { title: 'CHECK', of: ({ check }) => check.replaceAll('_', ' ') },
      { title: 'OUTCOME', of: ({ outcome }) => (outcome === 'failed' ? 'FAILED' : outcome.replace('_', ' ')) },
      { title: 'WHAT WAS COMPARED', of: ({ compared }) => compared },
    ],
    paint,
  );
  const headline = isRefused ? `Refused: ${why}` : 'It would be accepted.';
  return `${paint.bold(headline)}\n${advice}\n\n${rows}\n${factsOf(explanation, paint)}`;
}

function factsOf(explanation: ExplanationWire, paint: Paint): string {
  const { request_id, at, door, token, owner, workspace, permissions, route, address, ip_allowlist } = explanation;
  return facts(
    [
      ['request', `${request_id}, ${seconds(at)}`],
      ['asked for', whatOf(explanation)],
      ['door', door.replace('_', ' ')],
      ['token', token === null ? null : [token.name, token.hint, token.id].filter(Boolean).join(', ')],
      ['owner', owner == null ? null : `${owner.email ?? owner.external_id ?? owner.name ?? ''} (${owner.id})`.trim()],
      ['workspace', workspace == null ? null : `${workspace.name} (${workspace.id})`],
      ['route rule', route === null ? null : `${route.methods} ${route.path}`],
      ['missing', permissions === null ? null : permissions.missing.join(', ')],
      ['held', permissions === null ? null : heldText(permissions)],
      ['address', address.ip === null ? 'not known' : `${address.ip}${fromText(address.from)}`],
      ['allowed from', ip_allowlist == null ? null : ip_allowlist.join(', ')],
      ['limits', limitsText(explanation)],
    ],
    paint,
  );
}

function heldText({ held, held_count: count }: NonNullable<ExplanationWire['permissions']>): string {
  if (held.length === 0) return 'nothing';
  return count > held.length ? `${held.join(', ')} and ${count - held.length} more` : held.join(', ');
}

function fromText(from: string | null): string {
  if (from === null) return '';
  if (from === 'connection') return ', the address of the connection';
  return from === 'question' ? ', as the application said' : `, from the header ${from}`;
}

function limitsText({ rate_limit: limit }: ExplanationWire): string | null {
  if (limit === null || limit.windows.length === 0) return null;
  const windows = limit.windows.map(
    ({ name, limit: most, remaining, reset }) => `${remaining} of ${most} per ${name} left, reset ${seconds(reset)}`,
  );
  return limit.retry_after === null
    ? windows.join('\n')
    : [...windows, `try again after ${limit.retry_after} s`].join('\n');
}

function whatOf({ method, path }: Pick<DenialWire, 'method' | 'path'>): string | null {
  return `${method ?? ''} ${path ?? ''}`.trim() || null;
}

/** `2026-03-01 12:00:05 UTC`. */
function seconds(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}
