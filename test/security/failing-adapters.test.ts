/** Prevents that anything that fails while a decision is taken ends in an accept (row 99), or in an answer of the past (row 75). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/authenticate/index.ts';
import { createHttpHandler } from '../../src/http/app.ts';
import { StorageUnavailable, type Store } from '../../src/ports/index.ts';
import { startListeners } from '../../src/server/listeners.ts';
import { localCounters } from '../../src/stores/counters/index.ts';
import { type House, openHouse } from '../http/house.ts';
import { exchange, type RawExchange, requestText } from '../http/raw-socket.ts';

const INNER_TEXT = 'inner text of a fault';

/** How a call into an adapter goes wrong. */
const WAYS: Readonly<Record<string, () => unknown>> = {
  'throws an error': () => {
    throw new Error(INNER_TEXT);
  },
  'throws an outage': () => {
    throw new StorageUnavailable(INNER_TEXT);
  },
  'throws what is no error': () => {
    throw undefined;
  },
  'is rejected': () => Promise.reject(new TypeError(INNER_TEXT)),
  'is rejected with nothing': () => Promise.reject(undefined),
};

/** What answers with a promise: nothing else can be rejected. */
const ANSWERS_LATER = /^(?:facts|profiles|counter)\.|\.onFirstUse$/;

/** Counts the calls into adapters, and lets one of them fail, or all into one adapter. */
class Saboteur {
  called: string[] = [];
  #failingCall = 0;
  #failingAdapter = '';
  #fail: () => unknown = () => {};

  /** Begins to count anew. @param failingCall which call is to fail, from 1; 0 for none. */
  reset(failingCall = 0, fail: () => unknown = () => {}): void {
    this.called = [];
    this.#failingCall = failingCall;
    this.#failingAdapter = '';
    this.#fail = fail;
  }

  failAll(adapter: string, fail: () => unknown): void {
    this.reset(0, fail);
    this.#failingAdapter = adapter;
  }

  wrap<T extends object>(name: string, adapter: T): T {
    return new Proxy(adapter, {
      get: (of, key) => {
        const value: unknown = Reflect.get(of, key, of);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          this.called.push(`${name}.${String(key)}`);
          const isToFail = this.called.length === this.#failingCall || name === this.#failingAdapter;
          return isToFail ? this.#fail() : Reflect.apply(value, of, given);
        };
      },
    });
  }
}

interface Scene {
  /** Whether the store and the counters answer later, as PostgreSQL does, and nothing is cached. */
  readonly answersLater: boolean;
  readonly cachedTokensMax: number;
  /** A successor that nobody has used yet, stored under an older pepper. */
  readonly isSuccessor: boolean;
  /** Calls among those that are made. */
  readonly calls: readonly string[];
}

const SCENES: Readonly<Record<string, Scene>> = {
  'the first use of a token': {
    answersLater: false,
    cachedTokensMax: 0,
    isSuccessor: false,
    calls: ['facts.findByDigest', 'hooks.pepper'],
  },
  'a cached token': { answersLater: false, cachedTokensMax: 10, isSuccessor: false, calls: ['counter.consume'] },
  'the first use of a successor': {
    answersLater: false,
    cachedTokensMax: 0,
    isSuccessor: true,
    calls: ['hooks.onFirstUse', 'hooks.onOldPepper'],
  },
  'a token read from a server': {
    answersLater: true,
    cachedTokensMax: 10,
    isSuccessor: false,
    calls: ['facts.findByDigest', 'profiles.inForce'],
  },
  'a successor read from a server': {
    answersLater: true,
    cachedTokensMax: 10,
    isSuccessor: true,
    calls: ['hooks.onFirstUse', 'profiles.inForce'],
  },
};

let house: House;
let token: string;
let successor: string;
beforeAll(async () => {
  house = await openHouse();
  token = (await house.mint()).value;
  const { value } = await house.mint();
  const rotated = await house.ask({ method: 'POST', target: '/v1/tokens/current/rotate', token: value });
  successor = rotated.json.new_key.value;
});
afterAll(() => house.close());

/** An adapter whose every answer comes later. */
function later<T extends object>(adapter: T): T {
  return new Proxy(adapter, {
    get: (of, key) => {
      const value: unknown = Reflect.get(of, key, of);
      return typeof value === 'function' ? async (...given: unknown[]) => Reflect.apply(value, of, given) : value;
    },
  });
}

interface Stage {
  readonly saboteur: Saboteur;
  readonly ask: () => Promise<RawExchange>;
  readonly close: () => Promise<void>;
}

/** A listener in front of an engine of its own, all of whose adapters are the saboteur's. */
async function set(scene: Scene): Promise<Stage> {
  const saboteur = new Saboteur();
  const { store, clock, usage, authenticator: real } = house.engine;
  const peppers = new Map([
    [1, new Uint8Array(32).fill(7)],
    [2, new Uint8Array(32).fill(9)],
  ]);
  const counter = await localCounters({ clock, reservations: null });
  const asServer = <T extends object>(adapter: T): T => (scene.answersLater ? later(adapter) : adapter);
  const hooks = saboteur.wrap('hooks', {
    pepper: () => ({ current: scene.isSuccessor ? 2 : 1, versions: peppers }),
    onFirstUse: async () => {},
    onOldPepper: () => {},
  });
  const itsClock = saboteur.wrap('clock', clock);
  const itsStore: Store = {
    ...store,
    capabilities: { soleWriter: !scene.answersLater },
    facts: saboteur.wrap('facts', asServer(store.facts)),
    profiles: saboteur.wrap('profiles', store.profiles),
    transact: (work) => store.transact(work),
    close: async () => {},
  };
  const authenticator = new Authenticator({
    store: itsStore,
    clock: itsClock,
    counter: saboteur.wrap('counter', asServer(counter)),
    usage,
    pepper: hooks.pepper,
    profile: real.profile,
    cachedTokensMax: scene.cachedTokensMax,
    onFirstUse: hooks.onFirstUse,
    onOldPepper: hooks.onOldPepper,
  });
  const engine = {
    ...house.parts.engine,
    authenticator,
    clock: itsClock,
    random: saboteur.wrap('random', house.engine.random),
  };
  const { answer } = createHttpHandler({ ...house.parts, engine });
  const listeners = await startListeners({
    api: { host: '127.0.0.1', port: 0, tls: null, answer },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
  });
  const value = scene.isSuccessor ? successor : token;
  const request = requestText('GET /v1/auth/test HTTP/1.1', [`Authorization: Bearer ${value}`, 'Connection: close']);
  return {
    saboteur,
    ask: () => exchange(listeners.api?.port as number, request),
    close: async () => {
      await listeners.close();
      await counter.close();
    },
  };
}

describe.each(Object.keys(SCENES))('row 99: %s', (name) => {
  it('is refused with 5xx whichever call of an adapter fails and however, and accepted as soon as none does', async () => {
    const scene = SCENES[name] as Scene;
    const stage = await set(scene);
    const { saboteur } = stage;
    expect((await stage.ask()).statuses).toEqual([200]);
    saboteur.reset();
    expect((await stage.ask()).statuses).toEqual([200]);
    const called = [...saboteur.called];
    expect(called).toEqual(expect.arrayContaining(['clock.now', 'counter.consume', ...scene.calls]));
    for (const [index, call] of called.entries()) {
      for (const [way, fail] of Object.entries(WAYS)) {
        if (way.startsWith('is rejected') && !ANSWERS_LATER.test(call)) continue;
        saboteur.reset(index + 1, fail);
        const { statuses, text } = await stage.ask();
        expect([call, way, statuses.filter((status) => status < 500)]).toEqual([call, way, []]);
        expect(text).not.toContain(INNER_TEXT);
        expect(text).not.toContain('authenticated');
      }
    }
    saboteur.reset();
    expect((await stage.ask()).statuses, 'afterwards').toEqual([200]);
    await stage.close();
  });
});

describe('row 75: an answer of the past', () => {
  it('is given to nobody once the store is gone, however lately it was read', async () => {
    const stage = await set(SCENES['a token read from a server'] as Scene);
    for (let asked = 0; asked < 3; asked++) expect((await stage.ask()).statuses).toEqual([200]);
    stage.saboteur.failAll('facts', WAYS['throws an outage'] as () => unknown);
    for (let asked = 0; asked < 3; asked++) {
      const { statuses, text } = await stage.ask();
      expect(statuses).toEqual([503]);
      expect(text).toMatch(/authority_unavailable/);
      expect(text).toMatch(/Retry-After: \d/);
    }
    stage.saboteur.reset();
    expect((await stage.ask()).statuses).toEqual([200]);
    await stage.close();
  });
});
