import { Secret, TOTP } from 'otpauth';
import { anonymousCaller, type Caller, createUser, createWorkspace, sessionCaller } from '../../src/manage/index.ts';
import { createPasswordReset, resetPassword, sessionDoor, signIn } from '../../src/people/index.ts';
import type { TestEngine } from '../../src/testing/engine.ts';

export const PASSWORD = 'four words of my own';

/** Somebody whom nobody knows yet, at the dashboard. */
export function visitor(ip = '192.0.2.7', device: string | null = null): Caller {
  const browser = { userAgent: 'Chromium', device };
  return anonymousCaller({ ip, requestId: 'req_visitor', idempotencyKey: null, browser });
}

/** What stands behind the # of a link. */
export function secretOf(link: string | null): string {
  return (link ?? '').split('#')[1] ?? '';
}

/** What the device with a second factor shows at the moment. */
export function codeOf(house: TestEngine, secret: string): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: house.clock.now() });
}

/** Sets a user's password the operator's way. */
export async function givePassword(house: TestEngine, id: string, password = PASSWORD): Promise<void> {
  const { link } = await house.asHost(createPasswordReset, { id });
  await house.as(visitor(), resetPassword, { secret: secretOf(link), password });
}

export interface Person {
  readonly id: string;
  readonly email: string;
  /** The value of the session. */
  readonly value: string;
  readonly device: string;
  /** As the session stands now. */
  caller(): Promise<Caller>;
}

/** A user with a workspace, a password and a session of their own. */
export async function person(
  house: TestEngine,
  unique: string,
  may: { readonly permissions?: readonly string[]; readonly roles?: readonly string[] } = {},
): Promise<Person & { readonly workspaceId: string }> {
  const email = `${unique}@example.com`;
  const workspace = await house.asHost(createWorkspace, { name: unique });
  const { id } = await house.asHost(createUser, { email, workspace: { id: workspace.id }, permissions: [], ...may });
  await givePassword(house, id);
  return { ...(await signInAs(house, email)), id, workspaceId: workspace.id };
}

export async function signInAs(house: TestEngine, email: string, password = PASSWORD): Promise<Person> {
  const { session, cookies } = await house.as(visitor(), signIn, { email, password });
  return {
    id: session.user.id,
    email,
    value: cookies.session,
    device: cookies.device,
    caller: async () => callerOf(house, cookies.session, cookies.device),
  };
}

/** Whoever comes with this session in their cookie. */
export async function callerOf(house: TestEngine, value: string, device: string | null = null): Promise<Caller> {
  const row = await sessionDoor(house.engine, (error) => house.faults.push(error)).enter(value);
  if (row === null) throw new Error('the session has ended');
  const { circumstances } = visitor('192.0.2.7', device);
  return sessionCaller(row, circumstances);
}

export async function isSignedIn(house: TestEngine, value: string): Promise<boolean> {
  return (await sessionDoor(house.engine, (error) => house.faults.push(error)).enter(value)) !== null;
}
