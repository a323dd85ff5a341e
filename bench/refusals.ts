/**
 * npx node bench/refusals.ts: what it costs to refuse, by what is refused, and whether the time of an answer tells a revoked
 * token from one that never was (threats, rows 12, 18 and 70). It is printed to be read, and nothing passes or fails by it.
 */
import type { Decision, Question } from '../src/authenticate/index.ts';
import { createToken, localCaller, perform, revokeToken } from '../src/manage/index.ts';
import { generateToken, systemRandom } from '../src/token/index.ts';
import { questionFor, seedEngine } from './seeded-engine.ts';
import { quantile, welch } from './statistics.ts';

const WARM = 20_000;
const SAMPLES = 200_000;
const FORMAT = { prefix: 'kh', environments: ['live', 'test'] as const };

const seeded = await seedEngine(10_000, 'roomy');
const { engine } = seeded.opened;
const { authenticator } = engine;
const waiting: Promise<Decision>[] = [];
const unknown = () => generateToken(FORMAT, 'token', 'live', systemRandom);

const host = localCaller('host', { ip: null, requestId: 'req_bench', idempotencyKey: null });
const ended = await perform(createToken, engine, host, {
  name: 'ended',
  permissions: ['servers:read'],
  owner: { external_id: 'user-42' },
});
await perform(revokeToken, engine, host, { id: ended.id });

/** Nanoseconds of each of many decisions. */
function time(questions: (index: number) => Question, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => questions(index));
  return all.map((question) => {
    const began = process.hrtime.bigint();
    const decided = authenticator.decide(question);
    const ns = Number(process.hrtime.bigint() - began);
    if (decided instanceof Promise) waiting.push(decided);
    return ns;
  });
}

function report(what: string, samples: readonly number[]): void {
  const figures = [0.5, 0.99].map((share) => `${Math.round(quantile(samples, share)).toLocaleString('en')} ns`);
  console.log(`${what.padEnd(58)} median ${figures[0]?.padStart(10)}   p99 ${figures[1]?.padStart(10)}`);
}

const valid = seeded.tokens.slice(0, 1_000).map(questionFor);
const mistyped = seeded.tokens
  .slice(0, 1_000)
  .map((text) => questionFor(`${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`));
/** Not where the flood comes from. */
const APART = '203.0.113.10';
const never = { ...questionFor(unknown()), ip: APART };
const revoked = { ...questionFor(ended.value as string), ip: APART };
const oneOf = (questions: readonly Question[]) => (index: number) => questions[index % questions.length] as Question;

for (const questions of [oneOf(valid), oneOf(mistyped), () => never, () => revoked]) time(questions, WARM);
report('a cached token', time(oneOf(valid), SAMPLES));
report('a wrong checksum', time(oneOf(mistyped), SAMPLES));
report(
  'an unknown token, each from an address of its own',
  time((index) => from(index), 50_000),
);

const flood = Array.from({ length: 50_000 }, () => questionFor(unknown()));
report('an unknown token of a flood from one address', time(oneOf(flood), flood.length));
await Promise.allSettled(waiting);

// In turns of random order, so that whatever else the machine does meets both.
const samples: { readonly never: number[]; readonly revoked: number[] } = { never: [], revoked: [] };
for (let round = 0; round < SAMPLES; round++) {
  const which = Math.random() < 0.5 ? 'never' : 'revoked';
  samples[which].push(...time(() => (which === 'never' ? never : revoked), 1));
}
report('one that never was, asked again and again', samples.never);
report('one that was revoked, asked again and again', samples.revoked);
console.log(`Welch’s t of these two: ${welch(samples.never, samples.revoked).t.toFixed(1)}`);
await Promise.allSettled(waiting);
await seeded.close();

function from(index: number): Question {
  return { ...questionFor(unknown()), ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` };
}
