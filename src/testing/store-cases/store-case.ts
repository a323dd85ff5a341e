import type {
  DeliveryQueue,
  DenialLog,
  OwnerRecord,
  ReservationLog,
  SightingLog,
  Store,
  TokenRecord,
  TrialLog,
  UsageLog,
  WorkspaceRecord,
} from '../../ports/index.ts';
import { sampleMembership, sampleOwner, sampleToken, sampleWorkspace } from '../sample-records.ts';

/** What a store's suites are run against. It may hold other suites' data. */
export interface StoreSubject {
  readonly store: Store;
  readonly usage: UsageLog;
  readonly denials: DenialLog;
  readonly sightings: SightingLog;
  readonly trials: TrialLog;
  readonly deliveryQueue: DeliveryQueue;
  /** null where reservations are not this adapter's. */
  readonly reservations: ReservationLog | null;
}

/** One promise of a port, as a test for any runner: it resolves, or rejects with an `AssertionError`. */
export interface StoreCase {
  readonly title: string;
  readonly run: (subject: StoreSubject) => Promise<void>;
  /** A sentence when this subject cannot keep the promise and need not; null when the case applies. */
  readonly leftOut?: (subject: StoreSubject) => string | null;
}

/** An owner who is a member of a workspace, both new. */
export async function seedMember(store: Store): Promise<{ owner: OwnerRecord; workspace: WorkspaceRecord }> {
  const owner = sampleOwner();
  const workspace = sampleWorkspace();
  await store.transact(async ({ owners }) => {
    await owners.insertOwner(owner);
    await owners.directory.insertWorkspace(workspace);
    await owners.putMembership(sampleMembership(owner, workspace));
  });
  return { owner, workspace };
}

/** A member with tokens of the given fields, inserted one transaction each. */
export async function seedTokens({ store }: Pick<StoreSubject, 'store'>, ...fields: Partial<TokenRecord>[]) {
  const member = await seedMember(store);
  const tokens = fields.map((each) => sampleToken(member.owner, member.workspace, each));
  for (const token of tokens) await store.transact(({ tokens: writes }) => writes.insert(token));
  return { ...member, tokens, ids: tokens.map(({ id }) => id) };
}

export function idsOf(tokens: readonly TokenRecord[]): string[] {
  return tokens.map(({ id }) => id);
}
