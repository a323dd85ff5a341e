import { createHash } from 'node:crypto';
import { maskToken } from '../../token/index.ts';
import type { Row } from './read-rows.ts';
import type { Columns, Source } from './sources.ts';

/** How a row becomes a token, as the flags say. */
export interface Conversion {
  readonly source: Source;
  readonly columns: Columns;
  /** A permission of that system → permissions here. */
  readonly map: ReadonlyMap<string, readonly string[]>;
  /** What every token may do, whatever its row says; null reads it from the row. */
  readonly grant: Readonly<Record<string, unknown>> | null;
  readonly fixed: Readonly<Record<string, unknown>>;
}

export type Converted = { readonly value: Record<string, unknown> } | { readonly problem: string };

/** A row as the API takes it. A token in the clear ends here: what leaves is its digest and a masked hint. */
export function importedRow(row: Row, { source, columns, map, grant, fixed }: Conversion): Converted {
  const read = (column: keyof Columns) => firstOf(row, columns[column]);
  if (textOf(read('salt')) !== '') {
    return { problem: 'Its digest is salted, as by knox before 4.2: such a token has to be made anew.' };
  }
  const id = textOf(read('id'));
  if (id === '') return { problem: `It has no ${columns.id.join(' or ')}.` };
  const stored = storedOf(read('digest'));
  if (stored === '') return { problem: `It has no ${columns.digest.join(' or ')}.` };
  const owner = ownerOf(read('owner'));
  if (owner === '' && fixed.owner === undefined) return { problem: `It has no ${columns.owner.join(' or ')}.` };
  const given = grant ?? permissionsOf(read('permissions'), map);
  if (typeof given === 'string') return { problem: given };
  const times = timesOf({
    created_at: read('created'),
    expires_at: read('expires'),
    last_used_at: read('lastUsed'),
  });
  if (typeof times === 'string') return { problem: times };
  return {
    value: {
      foreign_id: id,
      digest: source.isPlain ? createHash('sha256').update(stored).digest('hex') : stored,
      hint: hintOf(source, id, stored, textOf(read('start'))),
      owner: { external_id: owner },
      name: textOf(read('name')).slice(0, 100) || `imported ${id}`.slice(0, 100),
      ...given,
      ...times,
      ...(isOff(read('enabled')) || isOn(read('disabled')) ? { disabled: true } : {}),
      ...fixed,
    },
  };
}

function hintOf(source: Source, id: string, stored: string, start: string): string {
  if (source.recipe === 'sanctum') return `${id.slice(0, 20)}|…`;
  if (source.isPlain) return maskToken(stored);
  return `${/^[0-9A-Za-z._~+/=|-]*$/.test(start) ? start.slice(0, 6) : ''}…`;
}

/** The column's own text, or where it holds a structure the digest in it. */
function storedOf(value: unknown): string {
  const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  return textOf(inner);
}

function ownerOf(value: unknown): string {
  const inner = typeof value === 'object' && value !== null && 'externalId' in value ? value.externalId : value;
  return textOf(inner);
}

/** The permissions here, or what is wrong. A permission that is not named in the map stays as it is written. */
function permissionsOf(
  value: unknown,
  map: ReadonlyMap<string, readonly string[]>,
): { readonly permissions: readonly string[] } | string {
  const granted = namesOf(value);
  const isUnknown = (name: string) => !map.has(name) && !/^[a-z][a-z0-9-]*:(?:[a-z][a-z0-9-]*|\*)$/.test(name);
  const unknown = granted.filter(isUnknown);
  if (unknown.length > 0) {
    const [name] = unknown;
    return `It may do ${JSON.stringify(name?.slice(0, 60))}, which is nothing here: say what it means with --map.`;
  }
  if (granted.length === 0) return 'It may do nothing: say what with --permissions.';
  return { permissions: [...new Set(granted.flatMap((name) => map.get(name) ?? [name]))] };
}

/** `["a","b"]`, `{"servers":["read"]}`, `a b`, `a,b`, or the structures themselves. */
function namesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([resource, actions]) =>
      Array.isArray(actions) ? actions.map((action) => `${resource}:${String(action)}`) : [],
    );
  }
  const text = textOf(value);
  if (/^[[{]/.test(text)) {
    try {
      return namesOf(JSON.parse(text));
    } catch {
      return [text];
    }
  }
  return text.split(/[\s,]+/).filter((name) => name !== '');
}

function timesOf(fields: Readonly<Record<string, unknown>>): Record<string, string> | string {
  const times: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    const text = textOf(value);
    if (text === '' || text === '0' || text.toLowerCase() === 'null') continue;
    const at = instantOf(text);
    if (at === null) return `${name} is no date and time.`;
    times[name] = at;
  }
  return times;
}

/** Seconds or milliseconds since 1970, or a date and time as databases write it; without an offset it is UTC. */
function instantOf(text: string): string | null {
  const number = /^\d{9,13}(?:\.\d+)?$/.test(text) ? Number(text) : null;
  if (number !== null) return new Date(number < 1e11 ? number * 1000 : number).toISOString();
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?)? ?(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, day, time = '00:00:00', fraction = '0', offset = 'Z'] = match;
  const zone = /^[+-]\d{2}$/.test(offset) ? `${offset}:00` : offset === 'UTC' ? 'Z' : offset;
  const at = new Date(`${day}T${time}.${fraction.slice(0, 3)}`.replace(/T(\d{2}:\d{2})\./, 'T$1:00.') + zone);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function firstOf(row: Row, names: readonly string[]): unknown {
  const name = names.find((one) => row[one] !== undefined);
  return name === undefined ? undefined : row[name];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim() === '\\N' ? '' : value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function isOff(value: unknown): boolean {
  return ['false', '0', 'f', 'no'].includes(textOf(value).toLowerCase());
}

function isOn(value: unknown): boolean {
  return ['true', '1', 't', 'yes'].includes(textOf(value).toLowerCase());
}
