import type { ChangePath } from '../changes/index.ts';
import { profileDigest } from '../manage/index.ts';
import type { Clock, ProfileVersion, Store, Transaction } from '../ports/index.ts';
import { canonicalProfile, describeChange, keyhouse, type Profile, parseProfile } from '../profile/index.ts';
import { StartRefused } from './start-refused.ts';

export interface ProfileChoice {
  /** The profile this start was given; null goes on with the one in force. */
  readonly wanted: Profile | null;
  /** Apply it even where that narrows what is in force. */
  readonly applyNarrowing: boolean;
  readonly onWarning: (message: string) => void;
}

/**
 * The profile in force after a start: the store's, unless it has none or the given one was never in force. One that was in
 * force earlier is left alone: somebody applied a newer one since, and a restart must not undo that.
 * @throws {StartRefused} the given one would refuse what is accepted now, and `applyNarrowing` was not said.
 */
export async function settleProfile(
  store: Store,
  changes: ChangePath,
  clock: Clock,
  choice: ProfileChoice,
): Promise<ProfileVersion> {
  const inForce = await store.profiles.inForce();
  if (inForce === null) return apply(changes, clock, choice.wanted ?? keyhouse, { isFirst: true, tightening: false });
  if (choice.wanted === null) return inForce;
  const digest = profileDigest(choice.wanted);
  if (digest === inForce.digest) return inForce;
  const earlier = await store.profiles.findByDigest(digest);
  if (earlier !== null) {
    choice.onWarning(
      `The profile given at this start was in force as version ${earlier.version} and has been followed by version ${inForce.version}, which stays. To go back to it: keyhouse profile apply.`,
    );
    return inForce;
  }
  const present = parseProfile(JSON.parse(inForce.document));
  const narrowing = present.ok
    ? describeChange(present.profile, choice.wanted).narrowing
    : ['The profile in force cannot be read.'];
  if (narrowing.length > 0 && !choice.applyNarrowing) {
    throw new StartRefused(
      `The profile given at this start would refuse what is accepted now:\n${narrowing.map((line) => `  ${line}`).join('\n')}\nStart with --apply-narrowing to apply it, or without a profile to go on with the one in force.`,
    );
  }
  return apply(changes, clock, choice.wanted, { isFirst: false, tightening: narrowing.length > 0 });
}

async function apply(
  changes: ChangePath,
  clock: Clock,
  profile: Profile,
  { isFirst, tightening }: { readonly isFirst: boolean; readonly tightening: boolean },
): Promise<ProfileVersion> {
  const draft = {
    name: profile.name,
    digest: profileDigest(profile),
    document: canonicalProfile(profile),
    appliedAt: clock.now(),
  };
  const { value } = await changes.commit(async (transaction: Transaction) => {
    // Two processes that start together: the second goes on with what the first applied.
    const meanwhile = await transaction.profiles.inForce();
    const isApplied = meanwhile !== null && (isFirst || meanwhile.digest === draft.digest);
    const version = isApplied ? meanwhile.version : await transaction.profiles.append(draft);
    const kept = meanwhile?.imports === undefined ? {} : { imports: meanwhile.imports };
    return {
      value: isApplied ? meanwhile : { ...draft, version, ...kept },
      subjects: [{ kind: 'profile' as const, id: '*' }],
      unchanged: isApplied,
      tightening,
      audit: {
        at: draft.appliedAt,
        action: 'profile.applied',
        actor: { kind: 'system' as const, id: null },
        onBehalfOf: null,
        subject: { kind: 'profile' as const, id: '*' },
        workspaceId: null,
        requestId: null,
        details: { version, name: draft.name, digest: draft.digest },
        personal: {},
      },
    };
  });
  return value;
}
