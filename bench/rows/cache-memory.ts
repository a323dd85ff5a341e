import { liveBytes } from '../measure.ts';
import type { Row } from '../row.ts';
import { questionFor, type SeededEngine } from '../seeded-engine.ts';
import { round } from './cached-decision.ts';

/** Design §9, row 3. Fills the cache of an engine that has decided nothing yet, then uses every token once. */
export async function cacheMemory(engine: SeededEngine): Promise<Row[]> {
  const { authenticator, usage } = engine.opened.engine;
  const { tokens } = engine;
  const before = liveBytes();
  for (const text of tokens) await authenticator.find(text);
  if (authenticator.cachedTokens !== tokens.length)
    throw new Error(`only ${authenticator.cachedTokens} tokens are cached`);
  const unused = (liveBytes() - before) / tokens.length;
  for (const [index, text] of tokens.entries()) {
    const decided = await authenticator.decide(questionFor(text));
    if (!decided.allowed) throw new Error(`refused: ${decided.denial.cause}`);
    if (index % 50_000 === 0) await usage.flush();
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
