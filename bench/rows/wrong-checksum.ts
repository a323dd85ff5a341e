import { type Contender, measure } from '../measure.ts';
import type { Row } from '../row.ts';
import { questionFor, type SeededEngine } from '../seeded-engine.ts';
import { deciding, round } from './cached-decision.ts';

/** Design §9, row 6: what is mistyped costs less than what is right, and neither a hash nor a look into the store. */
export async function wrongChecksum(engine: SeededEngine): Promise<Row[]> {
  const wrong = engine.tokens
    .slice(0, 1000)
    .map((text) => questionFor(`${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`));
  const { authenticator } = engine.opened.engine;
  const refusing: Contender = {
    name: 'wrong checksum',
    run: (count) => {
      for (let index = 0; index < count; index++) {
        const decided = authenticator.decide(wrong[index % wrong.length] as (typeof wrong)[number]);
        if (decided instanceof Promise || decided.allowed || decided.denial.cause !== 'mistyped')
          throw new Error('not refused at once');
      }
    },
  };
  const [valid, mistyped] = await measure([deciding('valid', engine, 7), refusing], { perRound: 20_000 });
  if (valid === undefined || mistyped === undefined) throw new Error('nothing was measured');
  const speed = valid.ns / mistyped.ns;
  return [
    {
      work: 'refuse a wrong checksum',
      yardstick: 'cached valid tokens',
      target: '≥ 1 × the speed',
      measured: `${speed.toFixed(2)} ×`,
      isMet: speed >= 1,
      figures: { refuse_ns: round(mistyped.ns), valid_ns: round(valid.ns) },
    },
  ];
}
