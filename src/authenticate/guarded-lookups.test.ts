import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import type { TokenFacts } from './facts.ts';
import { FAILURES_MAX } from './failure-budget.ts';
import { GuardedLookups, TURNED_AWAY } from './guarded-lookups.ts';

const FLOOD = { ip: '203.0.113.9' };
const ELSEWHERE = { ip: '198.51.100.1' };
const FACTS = { id: 'tok_1' } as TokenFacts;

/** A store that has one token under `known`, and counts how often it is looked into. */
class CountingStore {
  reads = 0;
  /** Reads that have begun and not ended, where they take time. */
  readonly open: (() => void)[] = [];
  known: string | null = 'known';

  readonly atOnce = (key: string) => (): TokenFacts | null => {
    this.reads += 1;
    return key === this.known ? FACTS : null;
  };

  readonly later = (key: string) => (): Promise<TokenFacts | null> => {
    this.reads += 1;
    return new Promise((resolve) => this.open.push(() => resolve(key === this.known ? FACTS : null)));
  };
}

function guard(hearsAllChanges: boolean) {
  const clock = new FakeClock();
  return { clock, store: new CountingStore(), lookups: new GuardedLookups(clock, hearsAllChanges) };
}

/** Spends the budget of the flood's source. */
function flood({ lookups, store }: Pick<ReturnType<typeof guard>, 'lookups' | 'store'>): void {
  for (let sent = 0; sent < FAILURES_MAX; sent++) lookups.find(`spent ${sent}`, FLOOD, store.atOnce(`spent ${sent}`));
}

describe('looking up what nobody knows', () => {
  it('row 70: is done once and remembered for five seconds, where every change is heard of', () => {
    const { lookups, store, clock } = guard(true);
    for (let asked = 0; asked < 1_000; asked++) expect(lookups.find('a', FLOOD, store.atOnce('a'))).toBeNull();
    expect(store.reads).toBe(1);
    expect(lookups.pressure).toMatchObject({ unknownTexts: 1, failureSources: 1 });
    clock.advance(5_000);
    lookups.find('a', FLOOD, store.atOnce('a'));
    expect(store.reads).toBe(2);
  });

  it('row 65: is done again after any change', () => {
    const { lookups, store } = guard(true);
    expect(lookups.find('new', FLOOD, store.atOnce('new'))).toBeNull();
    store.known = 'new';
    lookups.forget();
    expect(lookups.find('new', FLOOD, store.atOnce('new'))).toBe(FACTS);
  });

  it('row 65: is never remembered where others may write, nor after a reading that took time', async () => {
    const others = guard(false);
    for (let asked = 0; asked < 3; asked++) others.lookups.find('a', FLOOD, others.store.atOnce('a'));
    expect(others.store.reads).toBe(3);
    const slow = guard(true);
    const reading = slow.lookups.find('a', FLOOD, slow.store.later('a'));
    slow.store.open.shift()?.();
    expect(await reading).toBeNull();
    expect(slow.lookups.pressure.unknownTexts).toBe(0);
  });

  it('row 74: remembers a bounded number of texts and of sources', () => {
    const { lookups, store } = guard(true);
    for (let sent = 0; sent < 120_000; sent++) {
      const ip = `10.${sent >> 16}.${(sent >> 8) & 255}.${sent & 255}`;
      lookups.find(`${sent}`, { ip }, store.atOnce(`${sent}`));
    }
    expect(lookups.pressure).toMatchObject({ unknownTexts: 50_000, failureSources: 50_000, waiting: 0 });
  });
});

describe('a source beyond its budget', () => {
  it('row 71: still gets its valid token in, read in a turn of its own', async () => {
    const here = guard(true);
    for (let sent = 0; sent < 10_000; sent += 100) {
      const texts = Array.from({ length: 100 }, (_, index) => `${sent + index}`);
      const answers = await Promise.all(texts.map((key) => here.lookups.find(key, FLOOD, here.store.atOnce(key))));
      expect(answers).toEqual(texts.map(() => null));
    }
    expect(await here.lookups.find('known', FLOOD, here.store.atOnce('known'))).toBe(FACTS);
  });

  it('row 71: does not slow down any other', () => {
    const here = guard(true);
    flood(here);
    expect(here.lookups.find('known', ELSEWHERE, here.store.atOnce('known'))).toBe(FACTS);
  });

  it('row 70: holds four lookups of the store at most, and has the rest wait or turned away', async () => {
    const { lookups, store } = guard(false);
    flood({ lookups, store });
    store.reads = 0;
    const answers = Array.from({ length: 1_000 }, (_, sent) => lookups.find(`${sent}`, FLOOD, store.later(`${sent}`)));
    await expect.poll(() => store.open.length).toBe(4);
    expect(store.reads).toBe(4);
    expect(answers.filter((answer) => answer === TURNED_AWAY)).toHaveLength(1_000 - 256 - 4);
    expect(lookups.pressure).toMatchObject({ waiting: 256, turnedAway: 1_000 - 256 - 4 });
    const elsewhere = lookups.find('known', ELSEWHERE, store.later('known'));
    expect(store.open.length, 'others do not wait').toBe(5);
    store.open.pop()?.();
    expect(await elsewhere).toBe(FACTS);
    const waiting = answers.filter((answer) => answer !== TURNED_AWAY);
    const all = Promise.all(waiting);
    while (lookups.pressure.waiting > 0 || store.open.length > 0) {
      store.open.shift()?.();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(await all).toEqual(waiting.map(() => null));
  });

  it('row 71: looks up at once what was found before, where nothing is cached', async () => {
    const { lookups, store } = guard(false);
    expect(lookups.find('known', FLOOD, store.atOnce('known'))).toBe(FACTS);
    flood({ lookups, store });
    const again = lookups.find('known', FLOOD, store.later('known'));
    expect(store.open).toHaveLength(1);
    store.open.pop()?.();
    expect(await again).toBe(FACTS);
    expect(lookups.pressure.recognisedTexts).toBe(1);
  });

  it('row 71: has one lookup for all who ask for one text before it begins, and none joins one that has begun', async () => {
    const { lookups, store } = guard(false);
    flood({ lookups, store });
    store.reads = 0;
    const waiting = Array.from({ length: 1_000 }, () => lookups.find('known', FLOOD, store.later('known')));
    await expect.poll(() => store.open.length).toBe(1);
    const after = lookups.find('known', FLOOD, store.later('known'));
    await expect.poll(() => store.open.length).toBe(2);
    for (const end of store.open) end();
    expect(await Promise.all([...waiting, after])).toEqual(Array.from({ length: 1_001 }, () => FACTS));
    expect(store.reads).toBe(2);
  });

  it('is nobody any more after a while', () => {
    const here = guard(true);
    flood(here);
    here.clock.advance(1_000);
    expect(here.lookups.find('known', FLOOD, here.store.atOnce('known'))).toBe(FACTS);
  });
});
