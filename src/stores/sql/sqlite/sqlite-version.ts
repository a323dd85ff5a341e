/** Releases with the repair of the WAL-reset defect, which could corrupt a database when a checkpoint and a writer met. */
const REPAIRED: readonly (readonly [number, number, number])[] = [
  [3, 44, 6],
  [3, 50, 7],
  [3, 51, 3],
];

/** Whether WAL mode is sound in this build of SQLite, from `sqlite_version()`. */
export function hasSoundWal(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const newest = REPAIRED.at(-1) ?? [0, 0, 0];
  if (major > newest[0] || (major === newest[0] && minor > newest[1])) return true;
  return REPAIRED.some(([x, y, z]) => major === x && minor === y && patch >= z);
}
