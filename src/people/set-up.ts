import { z } from 'zod';
import { membershipKey } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import {
  ALL_MANAGEMENT,
  auditDraft,
  type Caller,
  defineOperation,
  describeOwner,
  describeToken,
  type Engine,
  emailSchema,
  ensureBuiltInRoles,
  externalIdSchema,
  invalidInput,
  mintToken,
  nameSchema,
  ownerSchema,
  Rejection,
  readExpiry,
  tokenSchema,
  UNTOUCHED,
  workspaceSchema,
  workspaceWire,
} from '../manage/index.ts';
import {
  type ActorRef,
  type OwnerRecord,
  type TokenRecord,
  type Transaction,
  UniqueViolation,
  type WorkspaceRecord,
} from '../ports/index.ts';
import type { Profile } from '../profile/index.ts';
import { generateId, TOKEN_TEXT_MAX } from '../token/index.ts';
import { checkPassword, hashPassword } from './password.ts';
import { isSetupCodeShape, judgeSetupCode, type SetupVerdict } from './setup-code.ts';

const inputSchema = z.strictObject({
  code: z.string().max(TOKEN_TEXT_MAX).describe('The one-time code that the first start printed'),
  email: emailSchema,
  password: z.string().max(2_000).optional().describe('Left out where people sign in by single sign-on alone'),
  name: nameSchema.optional(),
  workspace: z
    .union([nameSchema, z.strictObject({ name: nameSchema, external_id: externalIdSchema.optional() })])
    .describe('Your own company'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    user: ownerSchema,
    workspace: workspaceSchema,
    token: tokenSchema.extend({ value: z.string().describe('The token itself: in this answer and never again') }),
  })
  .meta({ id: 'SetUp' });
type Output = z.infer<typeof outputSchema>;

/**
 * Makes the first administrator: a user, the home workspace, and a token that may manage Keyhouse and nothing else. Once:
 * whoever comes second, even at the same moment, is told that it is done.
 */
export const setUp = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'setUp',
  summary: 'Become the first administrator',
  access: { oneTimeSecret: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    const { password } = input;
    if (password !== undefined || engine.passwordSignIn) {
      const weakness = checkPassword(password ?? '', [input.email, ...(input.name === undefined ? [] : [input.name])]);
      if (weakness !== null) throw invalidInput('password', weakness);
    }
    await checkCode(engine, input.code);
    const passwordHash = password === undefined ? null : await hashPassword(password);
    const made = await commit(engine, caller, input, passwordHash);
    const row = await engine.store.facts.findByTokenId(made.token.id);
    if (row === null) throw new Error('a token that was just created cannot be read');
    return {
      user: await describeOwner(engine, { reach: 'installation' }, made.user.id),
      workspace: workspaceWire(made.workspace),
      token: { ...(await describeToken(engine, row)), value: made.value },
    };
  },
});

interface Made {
  readonly user: OwnerRecord;
  readonly workspace: WorkspaceRecord;
  readonly token: TokenRecord;
  readonly value: string;
}

/** A password is hashed only for who has the code: hashing is what costs. */
async function checkCode(engine: Engine, code: string): Promise<void> {
  if (!isSetupCodeShape(code, engine.authenticator.profile.profile.token)) {
    throw new Rejection('setup_code_invalid', 'The set-up code is incomplete or mistyped.');
  }
  if ((await engine.store.owners.findWorkspace({ home: true })) !== null) throw new Rejection('already_set_up');
  refuseUnlessRight(
    await engine.store.transact((transaction) => judgeSetupCode(transaction, code, engine.clock.now())),
  );
}

function refuseUnlessRight(verdict: SetupVerdict): void {
  if (verdict === 'set_up') throw new Rejection('already_set_up');
  if (verdict === 'wrong') throw new Rejection('setup_code_invalid');
}

async function commit(engine: Engine, caller: Caller, input: Input, passwordHash: string | null): Promise<Made> {
  try {
    const { value } = await engine.changes.commit((transaction) =>
      draftSetUp(engine, caller, input, passwordHash, transaction),
    );
    return value;
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    if (error.constraint === 'workspace_home') throw new Rejection('already_set_up', undefined, { cause: error });
    if (error.constraint !== 'workspace_external_id') throw error;
    throw new Rejection('conflict', 'There is a workspace with this external_id already.', { cause: error });
  }
}

async function draftSetUp(
  engine: Engine,
  caller: Caller,
  input: Input,
  passwordHash: string | null,
  transaction: Transaction,
): Promise<Draft<Made>> {
  const now = engine.clock.now();
  refuseUnlessRight(await judgeSetupCode(transaction, input.code, now));
  const { owners, people, tokens } = transaction;
  const workspace = homeWorkspace(engine, input, now);
  const user = firstUser(engine, input, now);
  const { admin, made } = await ensureBuiltInRoles(engine, transaction, now);
  await owners.directory.insertWorkspace(workspace);
  await owners.insertOwner(user);
  await owners.putMembership({
    ownerId: user.id,
    workspaceId: workspace.id,
    permissions: [],
    roleIds: [admin.id],
    createdAt: now,
  });
  if (passwordHash !== null) await people.putPasswordHash(user.id, passwordHash, now);
  await people.deleteSetupCode();
  const { token, value } = firstToken(engine, user, workspace, now);
  await tokens.insert(token);
  const actor: ActorRef = { kind: 'user', id: user.id };
  return {
    value: { user, workspace, token, value },
    subjects: [
      { kind: 'owner', id: user.id },
      { kind: 'workspace', id: workspace.id },
      { kind: 'membership', id: membershipKey(user.id, workspace.id) },
      { kind: 'lineage', id: token.lineageId },
      ...made.map(({ id }) => ({ kind: 'role' as const, id })),
    ],
    tightening: false,
    audit: auditDraft({ ...caller, actor }, now, {
      action: 'installation.set_up',
      subject: { kind: 'owner', id: user.id },
      workspaceId: workspace.id,
      details: { user_id: user.id, workspace_id: workspace.id, token_id: token.id, role_id: admin.id },
      personal: { email: user.email, name: user.name },
    }),
  };
}

function homeWorkspace(engine: Engine, { workspace }: Input, now: number): WorkspaceRecord {
  const { name, external_id: externalId } = typeof workspace === 'string' ? { name: workspace } : workspace;
  return {
    id: generateId('wsp', engine.random),
    externalId: externalId ?? null,
    name,
    isHome: true,
    disabledAt: null,
    metadata: {},
    createdAt: now,
  };
}

function firstUser(engine: Engine, { email, name }: Input, now: number): OwnerRecord {
  return {
    id: generateId('usr', engine.random),
    kind: 'user',
    externalId: null,
    name: name ?? null,
    email,
    disabledAt: null,
    disabledByProviderAt: null,
    deletedAt: null,
    metadata: {},
    createdAt: now,
  };
}

/** May manage everything in Keyhouse and use nothing of the provider's API. */
function firstToken(
  engine: Engine,
  user: OwnerRecord,
  workspace: WorkspaceRecord,
  now: number,
): { readonly token: TokenRecord; readonly value: string } {
  const inForce = engine.authenticator.profile;
  const { profile } = inForce;
  const { value, identity } = mintToken(engine, profile.token.environments[0] ?? null);
  const { expiresAt, explicit } = readExpiry({}, inForce, now);
  return {
    value,
    token: {
      ...identity,
      ...UNTOUCHED,
      lineageId: generateId('lin', engine.random),
      name: 'First management token',
      description: null,
      ownerId: user.id,
      workspaceId: workspace.id,
      grant: { mode: 'permissions', permissions: ALL_MANAGEMENT },
      ipAllowlist: null,
      expiresAt,
      expiryExplicit: explicit,
      limits: { by: 'tier', tier: unlimitedTier(profile) ?? profile.limits.defaultTier },
      rotation: {
        autoRotate: false,
        rotationPeriod: null,
        gracePeriod: null,
        notificationEmail: null,
        selfRotate: true,
      },
      metadata: {},
      createdAt: now,
      createdBy: { kind: 'user', id: user.id },
      // Where an owner has one token, that is the one for the API: making it must not end this one.
      soleKey: null,
    },
  };
}

function unlimitedTier({ limits }: Profile): string | null {
  return Object.entries(limits.tiers).find(([, tier]) => tier.windows === 'unlimited')?.[0] ?? null;
}
