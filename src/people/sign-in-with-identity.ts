import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import {
  auditDraft,
  type Caller,
  defineOperation,
  draftOwner,
  type Engine,
  emailSchema,
  nameSchema,
  Rejection,
} from '../manage/index.ts';
import { type OwnerRecord, type Transaction, UniqueViolation } from '../ports/index.ts';
import { knownDevice } from './known-device.ts';
import { mailNotice } from './notices.ts';
import { beginSession, maySignIn, type newSession, workplaces } from './session.ts';
import { describeSignedIn, type SignedIn, signedInSchema } from './sign-in.ts';

export const identitySchema = z.strictObject({
  issuer: z.string(),
  subject: z.string(),
  email: z.string().nullable(),
  isEmailVerified: z.boolean(),
  name: z.string().nullable(),
});

export const admissionSchema = z.strictObject({
  /** Of which an address has to be; empty where any will do. */
  domains: z.array(z.string()),
  /** What somebody whom nobody knows becomes; null lets nobody in. */
  newUsers: z
    .strictObject({
      roles: z.array(z.string()),
      /** Id or external id; null is the home workspace. */
      workspace: z.string().nullable(),
    })
    .nullable(),
});
/** Who may come in by what a provider says. */
export type SingleSignOnAdmission = z.infer<typeof admissionSchema>;

const inputSchema = z.strictObject({ identity: identitySchema, admission: admissionSchema });
type Input = z.infer<typeof inputSchema>;
type Identity = Input['identity'];

/**
 * Signs in whom an OpenID provider has identified. A person is who was linked to this issuer and subject; the first time, the
 * user with the address that the provider vouches for. An address says nothing about who is linked already, so that one that
 * changes hands at the provider takes no account with it.
 */
export const signInWithIdentity = defineOperation<Input, SignedIn>({
  id: 'signInWithIdentity',
  summary: 'Sign in whom an OpenID provider has identified',
  access: { local: true },
  effect: 'changes',
  input: inputSchema,
  output: signedInSchema,
  run: async (engine, caller, input) => {
    const commit = () =>
      engine.changes
        .commit((transaction) => draftSignIn(engine, caller, input, transaction))
        .then(({ value }) => value);
    // Two first sign-ins of one person at one moment: the second finds what the first has made.
    const made = await commit().catch((error: unknown) => {
      if (!(error instanceof UniqueViolation)) throw error;
      return commit();
    });
    return describeSignedIn(engine, made);
  },
});

interface Found {
  readonly user: OwnerRecord;
  readonly how: 'known' | 'linked' | 'joined';
}

const ACTIONS = { known: 'session.started', linked: 'single_sign_on.linked', joined: 'single_sign_on.joined' } as const;

async function draftSignIn(
  engine: Engine,
  caller: Caller,
  input: Input,
  transaction: Transaction,
): Promise<Draft<ReturnType<typeof newSession>>> {
  const { issuer, subject } = input.identity;
  const now = engine.clock.now();
  const { user, how } = await findUser(engine, caller, input, transaction);
  const [place] = await workplaces(transaction.owners, user.id);
  if (!maySignIn(user)) throw refused('This user is disabled or deleted.');
  if (place === undefined) throw refused('This user has no workspace to work in.');
  if (how !== 'known') await transaction.identities.put({ issuer, subject, ownerId: user.id, linkedAt: now });
  const made = await beginSession(engine, caller, transaction, user.id, place.workspace.id);
  const person: Caller = { ...caller, actor: { kind: 'user', id: user.id } };
  const device = knownDevice(engine, caller.circumstances.browser?.device ?? null, user.id);
  if (how !== 'joined' && device === null) await mailNotice(engine, transaction, person, user, 'new_sign_in');
  return {
    value: made,
    subjects: [
      ...(how === 'known' ? [] : [{ kind: 'owner' as const, id: user.id }]),
      { kind: 'session', id: made.session.id },
    ],
    tightening: false,
    audit: auditDraft(person, now, {
      action: ACTIONS[how],
      subject: how === 'known' ? { kind: 'session', id: made.session.id } : { kind: 'owner', id: user.id },
      workspaceId: place.workspace.id,
      details: { user_id: user.id, session_ids: [made.session.id], issuer },
      personal: { user_agent: made.session.userAgent, ...(how !== 'known' && { email: user.email }) },
    }),
  };
}

/** @throws {Rejection} `invalid_sign_in`, with a sentence for the log. */
async function findUser(engine: Engine, caller: Caller, input: Input, transaction: Transaction): Promise<Found> {
  const { user, isLinked, email, wasDeleted } = await whoIs(input, transaction);
  if (user !== null) return { user, how: isLinked ? 'known' : 'linked' };
  // Whoever was deleted here is not let in again by being unknown.
  if (wasDeleted) throw refused('This user was deleted.');
  const { newUsers } = input.admission;
  if (newUsers === null) throw refused('Nobody here has this e-mail address.');
  return { user: await join(engine, caller, input.identity, email, newUsers, transaction), how: 'joined' };
}

/** Whom a provider means: a user, held by this transaction, or an address for which it vouches and that nobody here has. */
export type Identified =
  | {
      readonly user: OwnerRecord;
      readonly isLinked: boolean;
      readonly email: string | null;
      readonly wasDeleted: false;
    }
  | { readonly user: null; readonly isLinked: false; readonly email: string; readonly wasDeleted: boolean };

/**
 * Finds the user who is linked to issuer and subject, or who has the vouched address and is linked to nobody there.
 * @throws {Rejection} `invalid_sign_in`, with a sentence for the log.
 */
export async function whoIs({ identity, admission }: Input, transaction: Transaction): Promise<Identified> {
  const { owners, identities } = transaction;
  const { issuer } = identity;
  const email = vouchedEmail(identity);
  if (admission.domains.length > 0 && !admission.domains.includes(domainOf(email))) {
    throw refused('The provider vouches for no e-mail address of the domains that are let in.');
  }
  const key = { issuer, subject: identity.subject };
  const known = await identities.find(key);
  const linked = known === null ? null : await owners.lockOwner({ id: known.ownerId });
  if ((await identities.find(key))?.ownerId !== known?.ownerId) throw refused('The link was changed at this moment.');
  if (linked !== null && linked.deletedAt === null) return { user: linked, isLinked: true, email, wasDeleted: false };

  if (email === null) throw refused('The provider vouches for no e-mail address.');
  const found = await owners.find({ email });
  if (found !== null) {
    const user = (await owners.lockOwner({ id: found.id })) ?? found;
    if ((await identities.find({ issuer, ownerId: user.id })) !== null) {
      throw refused('The user with this e-mail address is linked to somebody else at the provider.');
    }
    return { user, isLinked: false, email, wasDeleted: false };
  }
  return { user: null, isLinked: false, email, wasDeleted: linked !== null };
}

async function join(
  engine: Engine,
  caller: Caller,
  { name }: Identity,
  email: string,
  { roles, workspace }: NonNullable<SingleSignOnAdmission['newUsers']>,
  transaction: Transaction,
): Promise<OwnerRecord> {
  const place = await transaction.owners.findWorkspace(
    workspace === null ? { home: true } : workspace.startsWith('wsp_') ? { id: workspace } : { externalId: workspace },
  );
  if (place === null) throw new Error('the workspace of new users (oidc-new-user-workspace) does not exist');
  const called = nameSchema.safeParse(name);
  try {
    const drafted = await draftOwner(engine, caller, transaction, null, {
      kind: 'user',
      externalId: null,
      email,
      ...(called.success && { name: called.data }),
      memberships: [{ workspace: { id: place.id }, permissions: [], roles, path: '' }],
    });
    return drafted.value.after;
  } catch (error) {
    // What is wrong here is wrong in the configuration, and nothing for the person to put right.
    if (!(error instanceof Rejection)) throw error;
    throw new Error('a role of new users (oidc-new-user-roles) does not exist', { cause: error });
  }
}

function vouchedEmail({ email, isEmailVerified }: Identity): string | null {
  const read = emailSchema.safeParse(email);
  return isEmailVerified && read.success ? read.data : null;
}

function domainOf(email: string | null): string {
  return email?.slice(email.lastIndexOf('@') + 1) ?? '';
}

/** The person is told the same in every case. @param why for the log alone. */
export function refused(why: string): Rejection {
  return new Rejection('invalid_sign_in', undefined, { cause: new Error(why) });
}
