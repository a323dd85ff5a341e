import { describe, expect, it } from 'vitest';
import type { TrialLog, TrialSightings } from '../ports/index.ts';
import { LISTED_TOKENS_MAX, TrialRecorder } from './trial-recorder.ts';

/** A log that keeps what it is given, or fails. */
function keptLog(known: Awaited<ReturnType<TrialLog['known']>> = []) {
  const added: TrialSightings[] = [];
  const state = { fails: false };
  const log: TrialLog = {
    async add(sightings) {
      if (state.fails) throw new Error('the disk is full');
      added.push(...sightings);
    },
    tallies: async () => new Map(),
    findings: async () => ({ rows: [], next: null }),
    known: async () => known,
    remove: async () => {},
  };
  return { log, added, state };
}

const lacks = (tokenId: string, missing: string) => ({
  tokenId,
  reason: 'insufficient_permissions' as const,
  about: { missing: [missing] },
});

describe('TrialRecorder', () => {
  it('makes one finding of equal refusals of one token', async () => {
    const { log, added } = keptLog();
    const recorder = new TrialRecorder(log);
    for (const at of [5, 7]) recorder.refused('trl_1', lacks('tok_1', 'a:b'), at, `req_${at}`);
    recorder.refused('trl_1', lacks('tok_1', 'a:c'), 6, null);
    await recorder.flush();
    await recorder.flush();
    expect(added).toHaveLength(1);
    expect(added[0]).toMatchObject({ refused: 3, unlisted: 0 });
    expect(added[0]?.findings).toMatchObject([
      { count: 2, firstAt: 5, lastAt: 7, lastRequestId: 'req_7' },
      { count: 1, about: { missing: ['a:c'] } },
    ]);
  });

  it('lists a bounded number of tokens and of findings of each, and counts what is beyond', async () => {
    const { log, added } = keptLog();
    const recorder = new TrialRecorder(log);
    for (let token = 0; token < LISTED_TOKENS_MAX + 500; token++)
      recorder.refused('trl_1', lacks(`${token}`, 'a:b'), 1, null);
    for (let other = 0; other < 50; other++) recorder.refused('trl_1', lacks('7', `a:${other}`), 1, null);
    await recorder.flush();
    expect(added[0]).toMatchObject({ refused: LISTED_TOKENS_MAX + 550, unlisted: 500 + 31 });
    expect(added[0]?.findings).toHaveLength(LISTED_TOKENS_MAX + 19);
    recorder.refused('trl_1', lacks('7', 'a:b'), 2, null);
    recorder.refused('trl_1', lacks('one more', 'a:b'), 2, null);
    await recorder.flush();
    expect(added[1]).toMatchObject({ refused: 2, unlisted: 1, findings: [{ tokenId: '7' }] });
  });

  it('counts what was listed before a restart', async () => {
    const { log, added } = keptLog(
      Array.from({ length: LISTED_TOKENS_MAX }, (_, at) => ({ id: `f${at}`, tokenId: `${at}` })),
    );
    const recorder = new TrialRecorder(log);
    await recorder.follow(['trl_1']);
    recorder.refused('trl_1', lacks('new', 'a:b'), 1, null);
    await recorder.flush();
    expect(added[0]).toMatchObject({ refused: 1, unlisted: 1, findings: [] });
  });

  it('keeps what could not be written, and writes it with the next', async () => {
    const { log, added, state } = keptLog();
    const recorder = new TrialRecorder(log);
    state.fails = true;
    recorder.judged('trl_1');
    recorder.refused('trl_1', lacks('tok_1', 'a:b'), 5, 'req_1');
    await expect(recorder.flush()).rejects.toThrow('disk');
    recorder.judged('trl_1');
    recorder.refused('trl_1', lacks('tok_1', 'a:b'), 9, 'req_2');
    state.fails = false;
    await recorder.flush();
    expect(added).toMatchObject([
      {
        trialId: 'trl_1',
        judged: 2,
        refused: 2,
        unlisted: 0,
        findings: [{ count: 2, firstAt: 5, lastAt: 9, lastRequestId: 'req_2' }],
      },
    ]);
  });
});
