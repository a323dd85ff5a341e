import { importTokens } from '../../src/manage/index.ts';
import { externalToken } from '../../src/testing/cast.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Example } from '../changes/example.ts';

const tokenOf = (house: TestEngine, externalId: string, may = ['servers:read', 'servers:write']) =>
  externalToken(house, { externalId, workspace: 'org-7', may });

/** What is done to many tokens, or with tokens of other systems. */
export const MOVING_EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  revokeTokens: [
    {
      action: 'token.revoked',
      prepare: async (house, unique) => {
        const { token, value } = await tokenOf(house, unique);
        return { input: { ids: [token.id] }, refuses: { value } };
      },
    },
  ],
  transferToken: [
    {
      action: 'token.transferred',
      prepare: async (house, unique) => {
        const { token, value } = await tokenOf(house, unique);
        await tokenOf(house, `heir of ${unique}`, ['servers:read']);
        const input = { id: token.id, owner: { external_id: `heir of ${unique}` } };
        return { input, refuses: { value, permission: 'servers:write' } };
      },
    },
  ],
  importTokens: [
    {
      action: 'token.imported',
      prepare: async (house, unique) => {
        await tokenOf(house, unique);
        const form = { source: 'table', recipe: 'sha256', prefix: '', alphabet: 'hex', length_min: 32, length_max: 32 };
        const row = {
          foreign_id: '1',
          digest: '0'.repeat(64),
          name: 'x',
          owner: { external_id: unique },
          permissions: ['servers:read'],
        };
        // What the tokens look like is declared by the first import.
        await house.asHost(importTokens, { ...form, lines: [{ line: 1, value: { ...row, foreign_id: '' } }] });
        return { input: { ...form, lines: [{ line: 1, value: row }] } };
      },
    },
  ],
};
