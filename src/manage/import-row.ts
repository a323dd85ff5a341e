import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { type LimitSetting, parseInstant, rotationDueAt } from '../policy/index.ts';
import type { TokenRecord, Transaction } from '../ports/index.ts';
import { digestToken, foreignDigest, generateId, type ImportedForm, type Recipe } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { checkQuota, readEnvironment } from './create-token.ts';
import { type Holder, lockActingToken, lockHolder } from './holder.ts';
import { checkMayGive } from './may-give.ts';
import { UNTOUCHED } from './mint-token.ts';
import type { Engine } from './operation.ts';
import { invalidInput, Rejection } from './rejection.ts';
import { plainRotation } from './rotation-input.ts';
import {
  descriptionSchema,
  environmentSchema,
  levelSchema,
  metadataSchema,
  nameSchema,
  permissionListSchema,
  referenceSchema,
} from './schemas.ts';
import { isManagementGrant, readAllowlist, readExpiry, readGrant, readLimits } from './token-input.ts';

const instantSchema = z.string().max(64).nullable().optional();

/** One token as another system knows it. */
export const importedRowSchema = z.strictObject({
  foreign_id: z.string().regex(/^[!-~]{1,200}$/, 'Between 1 and 200 visible ASCII characters.'),
  digest: z.string().max(200).describe('As that system stores it: hex, base64 or base64url'),
  hint: z
    .string()
    .regex(/^[0-9A-Za-z._~+/=|-]{0,24}…[0-9A-Za-z._~+/=|-]{0,4}$/, 'A masked form with one … in it.')
    .optional(),
  owner: referenceSchema,
  workspace: referenceSchema.optional(),
  name: nameSchema,
  description: descriptionSchema.nullable().optional(),
  permissions: permissionListSchema.optional(),
  level: levelSchema.optional(),
  inherit: z.literal(true).optional(),
  environment: environmentSchema.optional(),
  tier: z.string().max(64).optional(),
  ip_allowlist: z.array(z.string().max(128)).nullable().optional(),
  created_at: instantSchema,
  expires_at: instantSchema,
  last_used_at: instantSchema,
  disabled: z.boolean().optional(),
  metadata: metadataSchema.optional(),
});
export type ImportedRow = z.infer<typeof importedRowSchema>;

const DIGEST_BYTES: Readonly<Record<Recipe, number>> = { sha256: 32, sha512: 64, knox: 64, sanctum: 32 };
const SANCTUM_ID = /^[0-9A-Za-z-]{1,40}$/;

export interface ImportedOne {
  readonly tokenId: string;
  readonly isNew: boolean;
}

/** Drafts a token whose value stays with whoever has it; nothing where it is here already. */
export async function draftImport(
  engine: Engine,
  caller: Caller,
  form: ImportedForm,
  row: ImportedRow,
  transaction: Transaction,
): Promise<Draft<ImportedOne>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const holder = await lockHolder(transaction, caller, row);
  const digested = digestedOf(form.recipe, row);
  const known = await transaction.imports.find(form.source, row.foreign_id);
  if (known !== null) {
    await refuseOther(engine, transaction, known, digested);
    return {
      value: { tokenId: known, isNew: false },
      subjects: [],
      unchanged: true,
      tightening: false,
      audit: auditDraft(caller, now, { action: 'token.imported', subject: null, workspaceId: null }),
    };
  }
  const { token, limits } = prepare(engine, caller, form, row, digested, holder, now);
  checkMayGive(engine, caller, holder, { ...token, limits });
  if (token.soleKey !== null && (await transaction.tokens.lockSole(token.soleKey)) !== null) {
    throw new Rejection('conflict', 'This owner has its one token already.');
  }
  await checkQuota(engine, transaction, holder, now);
  await transaction.tokens.insert(token);
  await transaction.imports.note(form.source, row.foreign_id, token.id, now);
  await transaction.rotations.lookAt(token.id, rotationDueAt(token));
  return {
    value: { tokenId: token.id, isNew: true },
    subjects: [{ kind: 'lineage', id: token.lineageId }],
    tightening: false,
    audit: auditDraft(caller, now, {
      action: 'token.imported',
      subject: { kind: 'lineage', id: token.lineageId },
      workspaceId: token.workspaceId,
      details: {
        token_id: token.id,
        source: form.source,
        foreign_id: row.foreign_id,
        owner_id: token.ownerId,
        environment: token.environment,
        grant: token.grant,
        ip_allowlist: token.ipAllowlist,
        expires_at: token.expiresAt,
        limits: token.limits,
      },
      personal: { name: token.name },
    }),
  };
}

function prepare(
  engine: Engine,
  caller: Caller,
  form: ImportedForm,
  row: ImportedRow,
  digested: string,
  holder: Holder,
  now: number,
): { readonly token: TokenRecord; readonly limits: LimitSetting } {
  const inForce = engine.authenticator.profile;
  const { profile } = inForce;
  const grant = readGrant(row, inForce) ?? (profile.defaultGrant === 'inherit' ? { mode: 'inherit' as const } : null);
  if (grant === null) throw invalidInput('', `Say what the token may do: ${profile.grants.join(', ')}.`);
  const { expiresAt, explicit } = readExpiry(row, inForce, now);
  const limits: LimitSetting = readLimits(row, inForce) ?? { by: 'tier', tier: profile.limits.defaultTier };
  const { pepper, version } = currentPepper(engine);
  const isSole = profile.onePerOwner && !isManagementGrant(grant);
  const token: TokenRecord = {
    ...UNTOUCHED,
    id: generateId(profile.token.idPrefix, engine.random),
    lineageId: generateId('lin', engine.random),
    kind: 'token',
    name: row.name,
    description: row.description ?? null,
    hint: row.hint ?? '…',
    environment: readEnvironment(row.environment, profile.token.environments),
    digest: digestToken(digested, pepper),
    digestScheme: `${form.recipe}:${form.source}`,
    pepperVersion: version,
    ownerId: holder.owner.id,
    workspaceId: holder.workspace.id,
    grant,
    ipAllowlist: readAllowlist(row.ip_allowlist),
    expiresAt,
    expiryExplicit: explicit,
    limits,
    rotation: plainRotation(inForce),
    metadata: row.metadata ?? {},
    createdAt: readPast(row.created_at, 'created_at', now) ?? now,
    createdBy: caller.actor,
    disabledAt: row.disabled === true ? now : null,
    soleKey: isSole ? `${holder.owner.id}/${holder.workspace.id}` : null,
  };
  return { token, limits };
}

/** An instant that has been. @throws {Rejection} `invalid_input`. */
export function readPast(text: string | null | undefined, path: string, now: number): number | null {
  if (text == null) return null;
  const at = parseInstant(text);
  if (at === null || at > now) {
    throw invalidInput(path, 'Not a date and time in the past with an offset, such as 2026-01-31T00:00:00Z.');
  }
  return at;
}

/** @throws {Rejection} `invalid_input`. */
export function digestedOf(recipe: Recipe, { digest, foreign_id: id }: ImportedRow): string {
  if (recipe === 'sanctum' && !SANCTUM_ID.test(id)) {
    throw invalidInput('foreign_id', 'Here it stands before the | of the token: letters, digits and -, at most 40.');
  }
  const bytes = DIGEST_BYTES[recipe];
  const isHex = digest.length === bytes * 2 && /^[0-9a-f]+$/i.test(digest);
  const decoded = Buffer.from(digest, isHex ? 'hex' : 'base64');
  const isWhole = decoded.length === bytes && (isHex || /^[0-9A-Za-z+/_-]+={0,2}$/.test(digest));
  if (!isWhole) throw invalidInput('digest', `Not a digest of ${bytes} bytes in hex, base64 or base64url.`);
  return foreignDigest(recipe, id, decoded.toString('hex'));
}

function currentPepper(engine: Engine): { readonly pepper: Uint8Array; readonly version: number } {
  const { current, versions } = engine.pepper();
  const pepper = versions.get(current);
  if (pepper === undefined) throw new Error(`pepper version ${current} is not there`);
  return { pepper, version: current };
}

/** @throws {Rejection} `conflict` where the id is that of another token. */
async function refuseOther(engine: Engine, transaction: Transaction, tokenId: string, digested: string): Promise<void> {
  const token = await transaction.tokens.findById(tokenId);
  const pepper = token === null ? undefined : engine.pepper().versions.get(token.pepperVersion);
  // Under a pepper that is gone nothing can be compared.
  if (token === null || pepper === undefined || digestToken(digested, pepper) === token.digest) return;
  throw new Rejection('conflict', 'Another token was imported under this id.');
}
