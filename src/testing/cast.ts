import { anonymousCaller, createServiceAccount, createToken, putOwner } from '../manage/index.ts';
import { issueSetupCode, setUp } from '../people/index.ts';
import type { TestEngine } from './engine.ts';

/** Who plays in most scenarios, made by the operations themselves. */

/** The first administrator, by set-up: the home workspace and a token that may manage everything. */
export async function becomeAdmin(house: TestEngine) {
  const { user, workspace, token } = await house.as(
    anonymousCaller({ ip: '192.0.2.7', requestId: 'req_setup', idempotencyKey: null }),
    setUp,
    {
      code: await issueSetupCode(house.engine),
      email: 'grace@provider.example',
      password: 'a long and quiet evening',
      workspace: 'Provider',
    },
  );
  return { user, workspace, token: token.value };
}

interface TokenWish {
  readonly externalId: string;
  readonly workspace: string;
  /** What the owner may do. */
  readonly may: readonly string[];
  /** Fields of the token; it is given all that its owner may do unless they say otherwise. */
  readonly token?: Readonly<Record<string, unknown>>;
}

/** A token of an external owner, both made or changed by the embedding application. */
export async function externalToken(house: TestEngine, { externalId, workspace, may, token }: TokenWish) {
  const owner = await house.asHost(putOwner, {
    external_id: externalId,
    workspace: { external_id: workspace },
    permissions: may,
  });
  const made = await house.asHost(createToken, {
    name: `for ${externalId}`,
    owner: { external_id: externalId },
    workspace: { external_id: workspace },
    ...(token !== undefined && ('permissions' in token || 'inherit' in token || 'level' in token)
      ? {}
      : { permissions: may }),
    ...token,
  });
  return { owner, token: made, value: made.value as string };
}

/** A token of a service account that manages one customer's workspace and reaches no other. */
export async function workspaceManager(house: TestEngine, workspace: string, may: readonly string[]) {
  // A workspace comes to be with its first external owner.
  await house.asHost(putOwner, {
    external_id: `first-of-${workspace}`,
    workspace: { external_id: workspace },
    permissions: [],
  });
  const account = await house.asHost(createServiceAccount, {
    name: `manager of ${workspace}`,
    workspace: { external_id: workspace },
    permissions: may,
  });
  const made = await house.asHost(createToken, { name: 'manager', owner: { id: account.id }, permissions: may });
  return { account, token: made, value: made.value as string };
}

/** What a rejection is about, or a failure when there was none. */
export async function rejectionOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    const { code, message, problems, extra, reason } = error as {
      code?: string;
      message: string;
      problems?: readonly { path: string; message: string }[];
      extra?: Readonly<Record<string, unknown>>;
      reason?: string;
    };
    if (code === undefined && reason === undefined) throw error;
    return { code: code ?? `denied: ${reason}`, message, problems: problems ?? [], extra: extra ?? {} };
  }
  throw new Error('it was accepted');
}
