import type { OperationRow } from './operations.ts';

/** What is sent for one call, apart from who sends it. */
export interface ManagementRequest {
  readonly method: OperationRow['method'];
  /** Path and query. */
  readonly target: string;
  readonly body: { readonly type: string; readonly text: string } | null;
}

/**
 * Puts every field of an input where the operation has it. A field that the operation does not know goes along, so that the
 * server names it.
 * @throws {TypeError} a field of the path that is missing or cannot stand in one.
 */
export function requestOf(
  { method, path, query = [], body }: OperationRow,
  tokensPath: string,
  input: Readonly<Record<string, unknown>>,
): ManagementRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path
    .replace('{tokens}', () => tokensPath)
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      const segment = segmentOf(name, rest.get(name));
      rest.delete(name);
      return segment;
    });
  const asked = new URLSearchParams();
  for (const [name, value] of rest) {
    if (body !== undefined && !query.includes(name)) continue;
    asked.append(name, String(value));
    rest.delete(name);
  }
  const target = asked.size === 0 ? filled : `${filled}?${asked}`;
  if (body === undefined) return { method, target, body: null };
  if (body === 'json') {
    return { method, target, body: { type: 'application/json', text: JSON.stringify(Object.fromEntries(rest)) } };
  }
  const lines = rest.get('lines');
  if (!Array.isArray(lines)) throw new TypeError('lines must be a list.');
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return { method, target, body: { type: 'application/x-ndjson', text } };
}

/** @throws {TypeError} what would make another path of it. */
function segmentOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new TypeError(`${name} must be a text that can stand in a path.`);
  }
  return encodeURIComponent(value);
}
