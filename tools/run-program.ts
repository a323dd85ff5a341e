import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs a program to its end and returns what it printed. Throws with its whole output when it fails. */
export function runProgram(program: string, args: readonly string[], cwd: string): string {
  const shell = process.platform === 'win32' && program === 'npm';
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', shell });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Packs the folder `stage` into `out`; returns the tarball's path. */
export function packFolder(stage: string, out: string): string {
  const packed = runProgram('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', out], stage);
  const [{ filename } = { filename: '' }] = JSON.parse(packed) as { filename: string }[];
  return join(out, filename);
}
