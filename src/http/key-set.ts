import { publishedKeys } from '../policy/index.ts';
import { jsonAnswer } from './door.ts';
import type { Page } from './page.ts';

/** Verifiers may keep it so long. A new key signs only when everybody who did has asked again. */
const FRESH_SECONDS = 60;

/** The public keys that `Keyhouse-Identity` is signed with (RFC 7517). None where nothing was ever signed. */
export const keySet: Page = {
  page: 'keySet',
  summary: 'Keys with which an API checks Keyhouse-Identity',
  isDocumented: true,
  answer: ({ engine, identity = null }) => {
    const published = publishedKeys(identity?.keys() ?? [], engine.clock.now());
    const keys = published.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' }));
    return jsonAnswer(200, { keys }, { 'Cache-Control': `public, max-age=${FRESH_SECONDS}` });
  },
};
