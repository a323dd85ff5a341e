/** Lines that several commands end with. */

/** How far a tightening has reached when its answer came; nothing where nothing was tightened. */
export function guaranteeLine(
  guarantee: { readonly class: string; readonly milliseconds: number } | undefined,
): string {
  if (guarantee === undefined) return '';
  const where = guarantee.class === 'process' ? 'in the one process that decides' : 'on every node';
  return ` It holds ${where} (${guarantee.milliseconds} ms).`;
}

/** How to see the rest of a list. */
export function moreLine(cursor: string | null): string {
  return cursor === null ? '' : `\nThere is more: repeat the command with --cursor ${cursor}\n`;
}
