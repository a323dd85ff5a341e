import { createHash } from 'node:crypto';
import { z } from 'zod';
import { compileProfile, compileStoredProfile } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import type { ProfileVersion, Transaction } from '../ports/index.ts';
import { canonicalProfile, describeChange, type Profile, type ProfileChange, parseProfile } from '../profile/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requireInstallation } from './caller.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { flagSchema, guaranteeSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  profile: z.record(z.string(), z.unknown()).describe('A profile file'),
  dry_run: flagSchema.optional().describe('true applies nothing and says what would change'),
  allow_narrowing: flagSchema.optional().describe('true applies it although requests accepted now will be refused'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    version: z.int().describe('The version in force after this call'),
    name: z.string(),
    digest: z.string(),
    applied: z.boolean().describe('false for a dry run, and where this profile was in force already'),
    changes: z.array(z.string()),
    narrowing: z.array(z.string()).describe('Those of the changes after which something accepted before is refused'),
    guarantee: guaranteeSchema.optional(),
  })
  .meta({ id: 'AppliedProfile' });
type Output = z.infer<typeof outputSchema>;

/** Puts a profile in force, everywhere before the answer. What it would narrow is asked for first. */
export const applyProfile = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'applyProfile',
  summary: 'Apply a profile',
  access: { needs: 'keyhouse-profile:write' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, { profile: json, dry_run: isDryRun = false, allow_narrowing: mayNarrow = false }) => {
    requireInstallation(caller);
    const parsed = parseProfile(json);
    if (!parsed.ok) throw new Rejection('invalid_input', undefined, { problems: parsed.problems });
    const { profile } = parsed;
    if (isDryRun) {
      const { version, change } = compare(await engine.store.profiles.inForce(), profile);
      return answer(profile, version, change, false);
    }
    const { value, guarantee } = await commitProfile(engine, caller, profile, mayNarrow);
    engine.authenticator.adopt(compileProfile(value.version, profile, value.imports));
    return {
      ...answer(profile, value.version, value.change, value.applied),
      ...(guarantee !== null && { guarantee: guaranteeWire(guarantee) }),
    };
  },
});

/** SHA-256 hex of the canonical text: by it a version is known again. */
export function profileDigest(profile: Profile): string {
  return createHash('sha256').update(canonicalProfile(profile)).digest('hex');
}

interface Applied {
  readonly version: number;
  readonly change: ProfileChange;
  readonly applied: boolean;
  readonly imports: ProfileVersion['imports'];
}

async function commitProfile(engine: Engine, caller: Caller, profile: Profile, mayNarrow: boolean) {
  try {
    return await engine.changes.commit((transaction) => draftProfile(engine, caller, profile, mayNarrow, transaction));
  } catch (error) {
    // It may have been committed all the same: what is in force then must not be judged by the old one here.
    if (!(error instanceof Rejection)) await adoptStored(engine).catch(() => {});
    throw error;
  }
}

async function draftProfile(
  engine: Engine,
  caller: Caller,
  profile: Profile,
  mayNarrow: boolean,
  transaction: Transaction,
): Promise<Draft<Applied>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const digest = profileDigest(profile);
  const inForce = await transaction.profiles.inForce();
  const { version: current, change } = compare(inForce, profile);
  const unchanged = inForce?.digest === digest;
  if (change.narrowing.length > 0 && !mayNarrow) {
    throw new Rejection(
      'conflict',
      'This profile would refuse what is accepted now. Look at the list, then apply it with allow_narrowing.',
      { extra: { narrowing: change.narrowing } },
    );
  }
  const version = unchanged
    ? current
    : await transaction.profiles.append({
        name: profile.name,
        digest,
        document: canonicalProfile(profile),
        appliedAt: now,
      });
  const subject = { kind: 'profile' as const, id: '*' };
  return {
    value: { version, change, applied: !unchanged, imports: inForce?.imports },
    subjects: [subject],
    unchanged,
    tightening: change.narrowing.length > 0 || unchanged,
    audit: auditDraft(caller, now, {
      action: 'profile.applied',
      subject,
      workspaceId: null,
      details: { version, previous_version: current, name: profile.name, digest, ...change },
    }),
  };
}

function compare(inForce: ProfileVersion | null, wanted: Profile): { version: number; change: ProfileChange } {
  if (inForce === null) return { version: 0, change: { lines: [], narrowing: [] } };
  return {
    version: inForce.version,
    change: describeChange(compileStoredProfile(inForce).profile, wanted),
  };
}

async function adoptStored(engine: Engine): Promise<void> {
  const stored = await engine.store.profiles.inForce();
  if (stored !== null) engine.authenticator.adopt(compileStoredProfile(stored));
}

function answer(profile: Profile, version: number, change: ProfileChange, applied: boolean): Output {
  return {
    version,
    name: profile.name,
    digest: profileDigest(profile),
    applied,
    changes: [...change.lines],
    narrowing: [...change.narrowing],
  };
}
