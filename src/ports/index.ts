/**
 * ports: what the engine needs from the outside, as interfaces and nothing else. Adapters live in `stores/`, `cluster/`
 * and `notify/` and are chosen in `server/`; each port has one conformance suite in `testing/` that every adapter passes.
 */
export * from './access-log.ts';
export * from './alert-store.ts';
export * from './audit-log.ts';
export * from './change-feed.ts';
export * from './checkpoint-log.ts';
export * from './clock.ts';
export * from './denial-log.ts';
export * from './event-store.ts';
export * from './event-types.ts';
export * from './facts-reads.ts';
export * from './identity-store.ts';
export * from './import-store.ts';
export * from './link-store.ts';
export * from './notice-store.ts';
export * from './openid-provider.ts';
export * from './outbox.ts';
export * from './oversight-reads.ts';
export * from './owner-store.ts';
export * from './page.ts';
export * from './people-store.ts';
export * from './portal-store.ts';
export * from './profile-store.ts';
export * from './rate-limit-counter.ts';
export * from './records.ts';
export * from './reminder-store.ts';
export * from './reporter-keys.ts';
export * from './rotation-store.ts';
export * from './second-factor-store.ts';
export * from './session-store.ts';
export * from './sighting-log.ts';
export * from './staff-store.ts';
export * from './store.ts';
export * from './token-store.ts';
export * from './transaction.ts';
export * from './trial-store.ts';
export * from './usage-log.ts';
export * from './webhook-store.ts';
