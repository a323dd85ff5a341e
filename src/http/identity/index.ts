/**
 * identity: `Keyhouse-Identity`, made and checked. It owns what the claims are, who may sign them and what is believed of
 * them. It refuses to decide: an identity that is believed saves a second charge and nothing else. Loaded where identities
 * are signed or accepted alone, as it brings the library for that.
 */
export { type AcceptanceOptions, acceptIdentities } from './accept.ts';
export { type KeyLookup, localKeys, remoteKeys } from './key-lookup.ts';
export { type SigningOptions, signIdentities } from './sign.ts';
