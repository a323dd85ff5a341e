import { DatabaseSync } from 'node:sqlite';
import { measure } from '../measure.ts';
import type { Row } from '../row.ts';
import type { SeededEngine } from '../seeded-engine.ts';
import { round } from './cached-decision.ts';

/**
 * Design §9, row 7: the first use of one of many stored tokens, digest and facts included, against the driver's own
 * prepared read by primary key. Every call meets a token that is not cached yet.
 */
export async function firstUse(engine: SeededEngine): Promise<Row[]> {
  const { authenticator } = engine.opened.engine;
  const db = new DatabaseSync(engine.databaseFile, { readOnly: true });
  const ids = (db.prepare('select id from token order by digest').all() as { id: string }[]).map(({ id }) => id);
  const read = db.prepare('select * from token where id = ?');
  const rounds = 15;
  const perRound = Math.min(10_000, Math.floor(engine.tokens.length / (rounds + 1)));
  let nextId = 0;
  let nextToken = 0;
  const [driver, first] = await measure(
    [
      {
        name: 'primary key',
        run: (count) => {
          for (let index = 0; index < count; index++) {
            nextId = (nextId + 1) % ids.length;
            if (read.get(ids[nextId] as string) === undefined) throw new Error('a row is missing');
          }
        },
      },
      {
        name: 'first use',
        run: (count) => {
          for (let index = 0; index < count; index++) {
            const found = authenticator.find(engine.tokens[nextToken++] as string);
            if (found === null || found instanceof Promise) throw new Error('a token is missing');
          }
        },
      },
    ],
    { perRound, rounds },
  );
  db.close();
  if (driver === undefined || first === undefined) throw new Error('nothing was measured');
  const cost = first.ns / driver.ns;
  return [
    {
      work: `first use of one of ${engine.tokens.length.toLocaleString('en')} stored tokens`,
      yardstick: "the driver's own prepared read by primary key",
      target: '≤ 3 × its cost',
      measured: `${cost.toFixed(2)} ×`,
      isMet: cost <= 3,
      figures: { first_use_ns: round(first.ns), primary_key_ns: round(driver.ns) },
    },
  ];
}
