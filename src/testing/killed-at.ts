import type { Store, Transaction } from '../ports/index.ts';
import type { Upkeep } from '../upkeep/index.ts';
import type { TestEngine } from './engine.ts';

class Killed extends Error {}

/**
 * Runs `work` as a process does that is killed at its `step`th call of the store, counted from 0: that call and all later ones
 * fail, whatever transaction is open is lost, and a commit may be made whose answer nobody hears.
 * @returns whether it came to that.
 */
export async function killedAt(house: TestEngine, step: number, work: () => Promise<unknown>): Promise<boolean> {
  const store = house.engine.store as { -readonly [Key in keyof Store]: Store[Key] };
  const whole = { ...store };
  let passed = 0;
  const pass = () => {
    if (passed++ >= step) throw new Killed();
  };
  const ports = Object.entries(whole).filter(([name, port]) => name !== 'capabilities' && typeof port === 'object');
  Object.assign(store, Object.fromEntries(ports.map(([name, port]) => [name, guarded(port as object, pass)])));
  store.transact = async <T>(inside: (transaction: Transaction) => Promise<T>): Promise<T> => {
    pass();
    const done = await whole.transact((transaction) => inside(guarded(transaction, pass)));
    pass();
    return done;
  };
  const upkeep = house.opened.upkeep as { -readonly [Key in keyof Upkeep]: Upkeep[Key] };
  const { sightings } = upkeep;
  upkeep.sightings = guarded(sightings, pass);
  try {
    await work();
  } catch (error) {
    if (!isKill(error)) throw error;
  } finally {
    Object.assign(store, whole);
    upkeep.sightings = sightings;
  }
  return passed > step;
}

function isKill(error: unknown): boolean {
  return error instanceof AggregateError ? error.errors.every(isKill) : error instanceof Killed;
}

/** The same port, each call of which may be the last. */
function guarded<Port extends object>(port: Port, pass: () => void): Port {
  return new Proxy(port, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value === 'object' && value !== null) return guarded(value, pass);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        pass();
        return Reflect.apply(value, target, given);
      };
    },
  });
}
