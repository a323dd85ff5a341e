import { generateKeyPairSync, sign } from 'node:crypto';
import { externalToken } from '../../src/testing/cast.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Example } from '../changes/example.ts';

const leaked = async (house: TestEngine, externalId: string) =>
  (await externalToken(house, { externalId, workspace: 'org-7', may: ['servers:read'] })).value;

/** What the operations about leaks change. */
export const LEAK_EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  reportLeak: [
    {
      action: 'token.revoked',
      isSilent: true,
      prepare: async (house, unique) => {
        const value = await leaked(house, unique);
        return { input: { tokens: [value] }, refuses: { value } };
      },
    },
  ],
  reportLeaksFromGithub: [
    {
      action: 'token.revoked',
      isSilent: true,
      prepare: async (house, unique) => {
        const value = await leaked(house, unique);
        const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
        const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
        Object.assign(house.engine, { reporterKeys: { find: async () => pem } });
        const body = Buffer.from(JSON.stringify([{ token: value, type: 'a_token' }]));
        const signature = sign('sha256', body, privateKey).toString('base64');
        return { input: { key_identifier: 'k1', signature, body }, refuses: { value } };
      },
    },
  ],
};
