/**
 * server: the composition root. It alone knows the adapters and chooses them by configuration, opens stores and
 * listeners, and closes them again. It refuses to decide anything: what it composes does.
 */
export { createKeyhouse, type Keyhouse, type KeyhouseOptions } from './create-keyhouse.ts';
export type { HostedOwner } from './hosted-owner.ts';
export { StartRefused } from './start-refused.ts';
