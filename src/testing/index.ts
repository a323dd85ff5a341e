/**
 * testing: what adapters and applications are tested with: the promises of every port as lists of cases that any runner
 * can run, an engine on a store of its own, and a clock that moves when it is told to. Nothing here runs in production.
 */
export { type CounterCase, counterConformance } from './counter-conformance.ts';
export { type TestEngine, type TestEngineOptions, testEngine } from './engine.ts';
export { FakeClock } from './fake-clock.ts';
export * from './sample-records.ts';
export { storeConcurrency } from './store-concurrency.ts';
export { type StoreCase, type StoreSubject, storeConformance } from './store-conformance.ts';
