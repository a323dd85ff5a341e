import { liveBytes } from '../measure.ts';
import type { Row } from '../row.ts';
import { questionFor, type SeededEngine } from '../seeded-engine.ts';
import { round } from './cached-decision.ts';

/** First uses at once: they share the writing of their reservations, as requests that arrive together do. */
const BATCH = 1_000;

/** Design §9, row 3. Fills the cache of an engine that has decided nothing yet, then uses every token once. */
export async function cacheMemory(engine: SeededEngine): Promise<Row[]> {
  const { authenticator, usage } = engine.opened.engine;
  const { tokens } = engine;
  const before = liveBytes();
  for (const text of tokens) await authenticator.find(text);
  if (authenticator.cachedTokens !== tokens.length)
    throw new Error(`only ${authenticator.cachedTokens} tokens are cached`);
  const unused = (liveBytes() - before) / tokens.length;
  for (let from = 0; from < tokens.length; from += BATCH) {
    const decisions = tokens.slice(from, from + BATCH).map((text) => authenticator.decide(questionFor(text)));
    for (const decided of await Promise.all(decisions)) {
      if (!decided.allowed) throw new Error(`refused: ${decided.denial.cause}`);
    }
    if (from % 50_000 === 0) await usage.flush();
  }
  await usage.flush();
  const used = (liveBytes() - before) / tokens.length;
  const of = `${tokens.length.toLocaleString('en')} tokens`;
  return [
    memoryRow(`memory of a cached token, unused in the hour (${of})`, unused, 450),
    memoryRow('memory of a cached token with both windows in use', used, 900),
  ];
}

function memoryRow(work: string, bytes: number, most: number): Row {
  return {
    work,
    yardstick: '–',
    target: `≤ ${most} bytes`,
    measured: `${round(bytes)} bytes`,
    isMet: bytes <= most,
    figures: { bytes: round(bytes) },
  };
}
