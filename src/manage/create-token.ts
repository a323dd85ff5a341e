import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { type LimitSetting, rotationDueAt } from '../policy/index.ts';
import type { FactsRow, TokenRecord, Transaction } from '../ports/index.ts';
import type { Environment } from '../token/index.ts';
import { generateId } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requirePermission } from './caller.ts';
import { commitAgainOn } from './commit-again.ts';
import { endEarlier } from './end-earlier.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { type Holder, lockActingToken, lockHolder } from './holder.ts';
import { ALREADY_ISSUED_HELP, findReplay, rememberReplay, replayable } from './idempotency.ts';
import { checkMayGive, requireSelfService } from './may-give.ts';
import { mintToken, UNTOUCHED } from './mint-token.ts';
import { defineOperation, type Engine } from './operation.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { plainRotation, readRotation } from './rotation-input.ts';
import { actorSchema, environmentSchema, guaranteeSchema, referenceSchema } from './schemas.ts';
import { isManagementGrant, readAllowlist, readExpiry, readGrant, readLimits, settingsSchema } from './token-input.ts';
import { describeToken, describeUnused, tokenSchema } from './token-wire.ts';

const inputSchema = z.strictObject({
  ...settingsSchema,
  environment: environmentSchema.optional(),
  owner: referenceSchema.optional(),
  workspace: referenceSchema.optional(),
  actor: actorSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = tokenSchema
  .extend({
    value: z.string().nullable().describe('The token itself: in this answer and never again'),
    already_issued: z.literal(true).optional(),
    help: z.string().optional(),
    guarantee: guaranteeSchema.optional().describe('Present when it replaced the owner’s one token'),
  })
  .meta({ id: 'CreatedToken' });
type Output = z.infer<typeof outputSchema>;

/** Creates a token. The value is in this one answer; what is kept is its keyed digest. */
export const createToken = defineOperation<Input, Output>({
  id: 'createToken',
  summary: 'Create a token',
  access: { needs: 'keyhouse-tokens:write', orSelf: 'signed_in' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    // Whoever names the person behind a call speaks for others; a token alone speaks for its owner.
    if (input.actor !== undefined) requirePermission(caller, 'keyhouse-owners:act-as');
    requireSelfService(engine, caller);
    const replay = replayable(caller, 'createToken', input);
    // Two calls with one key at the same moment: the second finds what the first made. A value that is taken is drawn anew.
    const { value: made, guarantee } = await commitAgainOn(engine, ['idempotency', 'digest'], (transaction) =>
      draftToken(engine, caller, input, transaction, replay),
    );
    const answer = await describeMade(engine, made);
    return guarantee === null ? answer : { ...answer, guarantee: guaranteeWire(guarantee) };
  },
});

/**
 * A new token and its value; or what an earlier call with the same key made. The new one is described from what the
 * transaction knows: a look into the store after the commit could fail, and its value would be lost with the answer.
 */
type Made = { readonly row: FactsRow; readonly value: string } | { readonly tokenId: string; readonly value: null };

async function draftToken(
  engine: Engine,
  caller: Caller,
  input: Input,
  transaction: Transaction,
  replay: ReturnType<typeof replayable>,
): Promise<Draft<Made>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const holder = await lockHolder(transaction, caller, input);
  const earlier = await findReplay(transaction, replay, now);
  if (earlier !== null) return alreadyMade(engine, caller, earlier, now);
  const { value, record, limits } = prepare(engine, caller, input, holder, now);
  checkMayGive(engine, caller, holder, { ...record, limits });
  const replaced = record.soleKey === null ? null : await endSole(transaction, record.soleKey, record.id, now);
  const ended = record.soleKey === null ? [] : await endEarlier(transaction, record, now);
  await checkQuota(engine, transaction, holder, now);
  const token: TokenRecord =
    replaced === null ? record : { ...record, lineageId: replaced.lineageId, supersedes: replaced.id };
  await transaction.tokens.insert(token);
  await transaction.rotations.lookAt(token.id, rotationDueAt(token));
  await rememberReplay(transaction, replay, token.id, now);
  return {
    value: { row: rowOf(engine, token, holder), value },
    subjects: [...new Set([token.lineageId, ...ended])].map((id) => ({ kind: 'lineage', id })),
    tightening: replaced !== null || ended.length > 0,
    audit: auditDraft(caller, now, {
      action: 'token.created',
      subject: { kind: 'lineage', id: token.lineageId },
      workspaceId: token.workspaceId,
      namedActor: input.actor,
      details: {
        token_id: token.id,
        owner_id: token.ownerId,
        environment: token.environment,
        grant: token.grant,
        ip_allowlist: token.ipAllowlist,
        expires_at: token.expiresAt,
        limits: token.limits,
        parent_id: token.parentId,
        replaced_id: replaced?.id ?? null,
        ended_lineages: ended,
      },
      personal: { name: token.name },
    }),
  };
}

function prepare(engine: Engine, caller: Caller, input: Input, holder: Holder, now: number) {
  const inForce = engine.authenticator.profile;
  const grant =
    readGrant(input, inForce) ?? (inForce.profile.defaultGrant === 'inherit' ? { mode: 'inherit' as const } : null);
  if (grant === null) throw invalidInput('', `Say what the token may do: ${inForce.profile.grants.join(', ')}.`);
  const { value, identity } = mintToken(engine, readEnvironment(input.environment, inForce.profile.token.environments));
  const { expiresAt, explicit } = readExpiry(input, inForce, now);
  const limits: LimitSetting = readLimits(input, inForce) ?? { by: 'tier', tier: inForce.profile.limits.defaultTier };
  const record: TokenRecord = {
    ...identity,
    ...UNTOUCHED,
    lineageId: generateId('lin', engine.random),
    parentId: holder.isSelf ? (caller.token?.id ?? null) : null,
    name: input.name,
    description: input.description ?? null,
    ownerId: holder.owner.id,
    workspaceId: holder.workspace.id,
    grant,
    ipAllowlist: readAllowlist(input.ip_allowlist),
    expiresAt,
    expiryExplicit: explicit,
    limits,
    rotation: readRotation(input, plainRotation(inForce), inForce),
    metadata: input.metadata ?? {},
    createdAt: now,
    createdBy: caller.actor,
    soleKey:
      inForce.profile.onePerOwner && !isManagementGrant(grant) ? `${holder.owner.id}/${holder.workspace.id}` : null,
  };
  return { value, record, limits };
}

export function readEnvironment(
  asked: Environment | undefined,
  environments: readonly Environment[],
): Environment | null {
  if (asked === undefined) return environments[0] ?? null;
  if (!environments.includes(asked)) {
    throw invalidInput(
      'environment',
      environments.length === 0 ? 'Tokens have no environment here.' : `One of ${environments.join(', ')}.`,
    );
  }
  return asked;
}

export async function checkQuota(engine: Engine, transaction: Transaction, holder: Holder, now: number): Promise<void> {
  const { tokensPerWorkspaceMax: max } = engine.authenticator.profile.profile;
  if (max === null) return;
  // Counted by one at a time: two that count at once would both find room for the last token.
  await transaction.owners.directory.lockWorkspace(holder.workspace.id);
  if ((await transaction.tokens.countLive(holder.workspace.id, now)) >= max) {
    throw new Rejection('conflict', `This workspace has its ${max} tokens already. Revoke one first.`);
  }
}

/** Ends the one live token of a one-per-owner profile at once, in favour of `successorId`. */
async function endSole(
  transaction: Transaction,
  soleKey: string,
  successorId: string,
  now: number,
): Promise<TokenRecord | null> {
  const sole = await transaction.tokens.lockSole(soleKey);
  if (sole === null) return null;
  await transaction.tokens.update(sole.id, {
    soleKey: null,
    supersededAt: now,
    supersededBy: successorId,
    graceEndsAt: null,
  });
  return sole;
}

function alreadyMade(engine: Engine, caller: Caller, tokenId: string, now: number): Draft<Made> {
  return {
    value: { tokenId, value: null },
    subjects: [],
    unchanged: true,
    // The call that made it may have replaced another and ended before it could wait.
    tightening: engine.authenticator.profile.profile.onePerOwner,
    audit: auditDraft(caller, now, { action: 'token.created', subject: null, workspaceId: null }),
  };
}

function rowOf(engine: Engine, token: TokenRecord, { owner, workspace, membership, roles }: Holder): FactsRow {
  return { token, owner, workspace, membership, roles, profileVersion: engine.authenticator.profile.version, asOf: 0 };
}

async function describeMade(engine: Engine, made: Made): Promise<Output> {
  if (made.value !== null) return { ...describeUnused(engine, made.row), value: made.value };
  const row = await engine.store.facts.findByTokenId(made.tokenId);
  if (row === null) throw new Error('a token that was created cannot be read');
  return { ...(await describeToken(engine, row)), value: null, already_issued: true, help: ALREADY_ISSUED_HELP };
}
