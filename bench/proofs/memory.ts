import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Amounts } from '../proofs.ts';
import { seedFolder } from '../seeded-engine.ts';

const PROCESS = fileURLToPath(new URL('./memory-process.ts', import.meta.url));
/** For JavaScript's own objects. */
const HEAP_MAX_MIB = 192;
/** More than twice what is kept. */
const STORED = 250_000;

export interface MemoryWork {
  readonly dataDir: string;
  readonly tokens: readonly string[];
  readonly millions: number;
}

/** Feeds one process of bounded memory with inputs that have not come before, and says what they leave. */
export async function memory({ millions }: Amounts): Promise<void> {
  const folder = await seedFolder(STORED, 'roomy');
  try {
    const child = fork(PROCESS, { execArgv: [`--max-old-space-size=${HEAP_MAX_MIB}`] });
    const work: MemoryWork = { dataDir: folder.dataDir, tokens: folder.tokens, millions };
    child.send(work);
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (code !== 0) throw new Error(`the process of ${HEAP_MAX_MIB} MiB ended with ${code ?? signal}`);
  } finally {
    folder.remove();
  }
}
