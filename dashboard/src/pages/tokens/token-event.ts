import type { AuditEvent } from '../../api/operations.ts';
import { exactTime } from '../../ui/index.ts';
import type { Words } from '../../words.ts';

type Event = Pick<AuditEvent, 'action' | 'details' | 'personal'>;
type Fields = Readonly<Record<string, unknown>>;

/** What was done to a token, to stand after who did it: `rotated it`. */
export function tokenEventSentence({ action, details, personal }: Event, { token }: Pick<Words, 'token'>): string {
  const { before, after } = changesOf(details);
  switch (action) {
    case 'token.created':
      return `made the ${token}`;
    case 'token.rotated':
      return details.revoked_unused_id == null ? 'rotated it' : 'rotated it again, in place of a successor never used';
    case 'token.disabled':
      return 'disabled it';
    case 'token.enabled':
      return 'enabled it again';
    case 'token.revoked': {
      const count = Array.isArray(details.token_ids) ? details.token_ids.length : 1;
      return count > 1 ? `revoked it, and ${count - 1} more with it` : 'revoked it';
    }
    case 'token.imported':
      return `imported it from ${String(details.source)}`;
    case 'token.transferred':
      return 'gave it to another owner';
    case 'token.updated':
      if (before.disabledAt != null && after.disabledAt === null) return 'enabled it again';
      return personal.name === undefined ? 'changed it' : `changed it; its name is now “${personal.name}”`;
    default:
      return `did this: ${action.replaceAll(/[._]/g, ' ')}`;
  }
}

/** What changed from what to what, line by line, and the reason that was given. */
export function tokenEventDetails({ action, details, personal }: Event): readonly string[] {
  const { before, after } = changesOf(details);
  const changed = Object.keys(FIELDS).filter((field) => field in after);
  const lines = changed.map((field) => {
    const { label, say } = FIELDS[field] as FieldWords;
    return `${label}: ${say(before[field])} → ${say(after[field])}`;
  });
  const until = details.old_ends_at;
  if (action === 'token.rotated' && typeof until === 'number') {
    lines.push(`The value before works until ${exactTime(new Date(until).toISOString())}.`);
  }
  if (personal.reason !== undefined) lines.push(`Reason: ${personal.reason}`);
  return lines;
}

function changesOf({ before, after }: Fields): { readonly before: Fields; readonly after: Fields } {
  return { before: fieldsOf(before), after: fieldsOf(after) };
}

interface FieldWords {
  readonly label: string;
  readonly say: (value: unknown) => string;
}

const FIELDS: Readonly<Record<string, FieldWords>> = {
  grant: { label: 'May do', say: sayGrant },
  ipAllowlist: { label: 'Addresses', say: (value) => (Array.isArray(value) ? value.join(', ') : 'any') },
  expiresAt: {
    label: 'Expires',
    say: (value) => (typeof value === 'number' ? exactTime(new Date(value).toISOString()) : 'never'),
  },
  limits: { label: 'Limits', say: sayLimits },
};

function sayGrant(value: unknown): string {
  const { mode, permissions, level } = fieldsOf(value);
  if (mode === 'inherit') return 'what its owner may do';
  if (mode === 'level') return `level ${String(level)}`;
  return Array.isArray(permissions) ? permissions.join(', ') : 'nothing';
}

function sayLimits(value: unknown): string {
  const { by, tier, windows } = fieldsOf(value);
  if (by === 'unlimited') return 'none';
  if (by === 'tier') return String(tier);
  if (!Array.isArray(windows)) return 'unknown';
  return windows.map((window) => `${fieldsOf(window).limit} per ${fieldsOf(window).name}`).join(', ');
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
