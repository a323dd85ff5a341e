/** The oldest Node.js that counts every header line and whose SQLite keeps what it has committed. */
const OLDEST: readonly [number, number, number] = [22, 23, 3];

/** @returns one sentence when this Node.js is too old to be trusted with requests, or null. */
export function checkRuntime(version: string): string | null {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldMajor, oldMinor, oldPatch] = OLDEST;
  const isNewer =
    major > oldMajor || (major === oldMajor && (minor > oldMinor || (minor === oldMinor && patch >= oldPatch)));
  return isNewer ? null : `Keyhouse needs Node.js ${OLDEST.join('.')} or newer; this is ${version}.`;
}
