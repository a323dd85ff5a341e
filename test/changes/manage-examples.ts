import * as manage from '../../src/manage/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { externalToken } from '../../src/testing/cast.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import type { Example } from './example.ts';

const workspace = { external_id: 'org-7' };
export const tokenOf = (house: TestEngine, externalId: string, may = ['servers:read', 'servers:write']) =>
  externalToken(house, { externalId, workspace: 'org-7', may });

const account = (kind: 'User' | 'ServiceAccount') => ({
  create: kind === 'User' ? manage.createUser : manage.createServiceAccount,
  fields: (unique: string) => (kind === 'User' ? { email: `${unique}@example.com` } : { name: unique }),
});

async function accountToken(house: TestEngine, kind: 'User' | 'ServiceAccount', unique: string) {
  await tokenOf(house, `first ${unique}`);
  const { create, fields } = account(kind);
  const input = { ...fields(unique), workspace, permissions: ['servers:read'] };
  const { id } = await (create === manage.createUser
    ? house.asHost(manage.createUser, input)
    : house.asHost(manage.createServiceAccount, input));
  const made = await house.asHost(manage.createToken, { name: 'x', owner: { id }, permissions: ['servers:read'] });
  return { id, value: made.value as string };
}

/** A cut that is to be observed, of a token that is used for what would be cut. */
async function trialInput(house: TestEngine, unique: string) {
  const { token, value } = await tokenOf(house, unique);
  return { input: { subject: { kind: 'token', id: token.id }, change: { permissions: ['servers:read'] } }, value };
}

const closed: Profile = {
  ...keyhouse,
  name: 'narrowed',
  catalogue: [{ permission: 'servers:read', description: 'Read', operations: [] }],
};

/** Of the operations of `manage/`, by their id; several where there are several ways to tighten. */
export const MANAGE_EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  createToken: [
    {
      action: 'token.created',
      prepare: async (house, unique) => {
        await tokenOf(house, unique);
        return { input: { name: 'x', owner: { external_id: unique }, permissions: ['servers:read'] } };
      },
    },
  ],
  updateToken: [
    {
      action: 'token.disabled',
      prepare: async (house, unique) => {
        const { token, value } = await tokenOf(house, unique);
        return { input: { id: token.id, disabled: true }, refuses: { value } };
      },
    },
    {
      action: 'token.updated',
      prepare: async (house, unique) => {
        const { token, value } = await tokenOf(house, unique);
        const input = { id: token.id, permissions: ['servers:read'] };
        return { input, refuses: { value, permission: 'servers:write' } };
      },
    },
  ],
  revokeToken: [
    {
      action: 'token.revoked',
      prepare: async (house, unique) => {
        const { token, value } = await tokenOf(house, unique);
        return { input: { id: token.id }, refuses: { value } };
      },
    },
  ],
  rotateToken: [
    {
      action: 'token.rotated',
      prepare: async (house, unique) => {
        const { token, value } = await tokenOf(house, unique);
        return { input: { id: token.id, grace_period: '0s' }, refuses: { value } };
      },
    },
  ],
  putOwner: [
    {
      action: 'owner.created',
      prepare: async (_house, unique) => ({ input: { external_id: unique, workspace, permissions: ['servers:read'] } }),
    },
    {
      action: 'owner.disabled',
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        return { input: { external_id: unique, disabled: true }, refuses: { value } };
      },
    },
    {
      action: 'owner.updated',
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        return { input: { external_id: unique, memberships: [] }, refuses: { value } };
      },
    },
    {
      action: 'owner.updated',
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        const input = { external_id: unique, workspace, permissions: ['servers:read'] };
        return { input, refuses: { value, permission: 'servers:write' } };
      },
    },
  ],
  updateOwner: [
    {
      action: 'owner.disabled',
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        return { input: { external_id: unique, disabled: true }, refuses: { value } };
      },
    },
  ],
  deleteOwner: [
    {
      action: 'owner.deleted',
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        return { input: { external_id: unique }, refuses: { value } };
      },
    },
  ],
  syncOwners: [
    {
      action: 'owner.disabled',
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        return { input: { lines: [{ line: 1, value: { external_id: unique, disabled: true } }] }, refuses: { value } };
      },
    },
  ],
  ...Object.fromEntries(
    (['User', 'ServiceAccount'] as const).flatMap((kind) => {
      const word = kind === 'User' ? 'user' : 'service_account';
      const { fields } = account(kind);
      const stop = (input: (id: string) => object): Example['prepare'] => {
        return async (house, unique) => {
          const { id, value } = await accountToken(house, kind, unique);
          return { input: { id, ...input(id) }, refuses: { value } };
        };
      };
      return [
        [
          `create${kind}`,
          [
            {
              action: `${word}.created`,
              prepare: async (_house: TestEngine, unique: string) => ({ input: fields(unique) }),
            },
          ],
        ],
        [
          `update${kind}`,
          [
            { action: `${word}.disabled`, prepare: stop(() => ({ disabled: true })) },
            { action: `${word}.updated`, prepare: stop(() => ({ memberships: [] })) },
          ],
        ],
        [`delete${kind}`, [{ action: `${word}.deleted`, prepare: stop(() => ({})) }]],
      ] satisfies [string, Example[]][];
    }),
  ),
  exportAccesses: [
    {
      action: 'access_log.exported',
      isNote: true,
      prepare: async () => ({
        input: { format: 'jsonl', from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' },
      }),
    },
  ],
  exportAccessReview: [
    { action: 'review.exported', isNote: true, prepare: async () => ({ input: { format: 'jsonl' } }) },
  ],
  applyAccessReview: [
    {
      action: 'review.applied',
      isNote: true,
      prepare: async () => ({ input: { file_sha256: '0'.repeat(64), lines: [] } }),
    },
  ],
  exportAuditEvents: [
    { action: 'audit.exported', isNote: true, prepare: async () => ({ input: { format: 'jsonl' } }) },
  ],
  eraseAuditText: [
    {
      action: 'audit.erased',
      prepare: async (house, unique) => {
        await house.asHost(manage.putOwner, { external_id: unique, name: unique, workspace, permissions: [] });
        return { input: { person: { external_id: unique } } };
      },
    },
  ],
  createWorkspace: [{ action: 'workspace.created', prepare: async (_house, unique) => ({ input: { name: unique } }) }],
  updateWorkspace: [
    {
      action: 'workspace.disabled',
      prepare: async (house, unique) => {
        const made = await externalToken(house, { externalId: unique, workspace: unique, may: ['servers:read'] });
        return { input: { id: made.token.workspace.id, disabled: true }, refuses: { value: made.value } };
      },
    },
  ],
  createRole: [
    {
      action: 'role.created',
      prepare: async (_house, unique) => ({ input: { name: unique, permissions: ['servers:read'] } }),
    },
  ],
  updateRole: [
    {
      action: 'role.updated',
      prepare: async (house, unique) => {
        const role = await house.asHost(manage.createRole, { name: unique, permissions: ['servers:read'] });
        await house.asHost(manage.putOwner, { external_id: unique, workspace, roles: [unique] });
        const made = await house.asHost(manage.createToken, {
          name: 'x',
          owner: { external_id: unique },
          permissions: ['servers:read'],
        });
        const input = { id: role.id, permissions: [] };
        return { input, refuses: { value: made.value as string, permission: 'servers:read' } };
      },
    },
  ],
  deleteRole: [
    {
      action: 'role.deleted',
      prepare: async (house, unique) => {
        const { id } = await house.asHost(manage.createRole, { name: unique, permissions: [] });
        return { input: { id } };
      },
    },
  ],
  createTrial: [
    {
      action: 'trial.created',
      prepare: async (house, unique) => ({ input: (await trialInput(house, unique)).input }),
    },
  ],
  endTrial: [
    {
      action: 'trial.ended',
      prepare: async (house, unique) => {
        const { input } = await trialInput(house, unique);
        return { input: { id: (await house.asHost(manage.createTrial, input)).id } };
      },
    },
  ],
  enforceTrial: [
    {
      action: 'token.updated',
      prepare: async (house, unique) => {
        const { input, value } = await trialInput(house, unique);
        const { id } = await house.asHost(manage.createTrial, input);
        return { input: { id }, refuses: { value, permission: 'servers:write' } };
      },
    },
  ],
  applyProfile: [
    {
      action: 'profile.applied',
      isAlone: true,
      prepare: async (house, unique) => {
        const { value } = await tokenOf(house, unique);
        const input = { profile: closed, allow_narrowing: true };
        return { input, refuses: { value, permission: 'servers:write' } };
      },
    },
  ],
};
