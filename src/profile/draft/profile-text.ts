const WIDTH = 110;
const STEP = '  ';

/** JSON for people to read and change: what fits on a line stands on one. Ends with a line break. */
export function profileText(value: unknown): string {
  return `${laidOut(value, '', 0)}\n`;
}

/** @param before characters that stand on the line already. */
function laidOut(value: unknown, indent: string, before: number): string {
  const flat = onOneLine(value);
  const isShort = indent !== '' && indent.length + before + flat.length < WIDTH;
  if (isShort || typeof value !== 'object' || value === null) return flat;
  const inner = indent + STEP;
  const lines = Array.isArray(value)
    ? value.map((item) => inner + laidOut(item, inner, 0))
    : Object.entries(value).map(([key, item]) => {
        const label = `${JSON.stringify(key)}: `;
        return inner + label + laidOut(item, inner, label.length);
      });
  if (lines.length === 0) return flat;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
