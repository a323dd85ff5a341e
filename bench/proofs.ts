/**
 * npx node bench/proofs.ts NAME [--seconds N | --samples N | --millions N]: what only time, numbers and other programs can
 * show about threats whose short form the tests hold. Everything runs on this machine and is bounded in time; the figures are
 * printed to be read, and nothing passes or fails by them.
 */
import { parseArgs } from 'node:util';
import { floods } from './proofs/floods.ts';
import { memory } from './proofs/memory.ts';
import { slowClients } from './proofs/slow-clients.ts';
import { timing } from './proofs/timing.ts';

const PROOFS: Readonly<Record<string, { readonly shows: string; readonly run: (amount: Amounts) => Promise<void> }>> = {
  floods: { shows: 'rows 12 and 70: what a flood takes from those who hold tokens', run: floods },
  timing: {
    shows: 'row 18: whether an answer over the network tells a revoked token from one that never was',
    run: timing,
  },
  memory: { shows: 'row 74: what distinct inputs by the million leave in memory', run: memory },
  slow: { shows: 'row 77: 4,000 slow clients of three kinds (slowhttptest)', run: slowClients },
};

/** How much of it; each proof reads its own. */
export interface Amounts {
  /** For each part of the proof. */
  readonly seconds: number;
  readonly samples: number;
  readonly millions: number;
}

const number = (text: string, name: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new TypeError(`--${name} takes a number above 0`);
  return value;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    samples: { type: 'string', default: '50000' },
    millions: { type: 'string', default: '2' },
  },
});
const proof = PROOFS[positionals[0] ?? ''];
if (proof === undefined) {
  const list = Object.entries(PROOFS).map(([name, { shows }]) => `  ${name.padEnd(8)} ${shows}`);
  console.error(`npx node bench/proofs.ts NAME, where NAME is one of\n${list.join('\n')}`);
  process.exit(64);
}
console.log(proof.shows);
await proof.run({
  seconds: number(values.seconds, 'seconds'),
  samples: number(values.samples, 'samples'),
  millions: number(values.millions, 'millions'),
});
