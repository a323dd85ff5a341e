import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const COUNTED = ['hash', 'createHash', 'createHmac'] as const;

/** How many hashes were begun while `work` ran, by whichever function of `node:crypto`. */
export async function countHashes(work: () => unknown): Promise<number> {
  let count = 0;
  const originals = COUNTED.map((name) => [name, crypto[name]] as const);
  for (const [name, original] of originals) {
    Object.assign(crypto, {
      [name]: (...given: never[]) => {
        count += 1;
        return (original as (...given: never[]) => unknown)(...given);
      },
    });
  }
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(crypto, Object.fromEntries(originals));
    syncBuiltinESMExports();
  }
  return count;
}
