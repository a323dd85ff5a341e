import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  createWorkspace,
  deleteUser,
  listAuditEvents,
  readUser,
  updateUser,
} from '../../src/manage/index.ts';
import {
  createInvitation,
  issueSetupCode,
  removeSingleSignOn,
  type SingleSignOn,
  type SingleSignOnAdmission,
  type Stopped,
  setUp,
  singleSignOn,
} from '../../src/people/index.ts';
import { openIdProvider } from '../../src/server/openid-provider.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';
import { type Account, type RunningOpenIdProvider, startOpenIdProvider } from './running-openid-provider.ts';
import { callerOf, isSignedIn, secretOf, visitor } from './signed-in.ts';
import { SmallBrowser } from './small-browser.ts';

const REDIRECT_URI = 'https://keys.example.com/v1/single-sign-on/oidc/callback';
const CLOSED: SingleSignOnAdmission = { domains: [], newUsers: null };
const OPEN: SingleSignOnAdmission = {
  domains: ['example.com', 'example.org'],
  newUsers: { roles: ['member'], workspace: null },
};

let house: TestEngine;
let provider: RunningOpenIdProvider;
let homeId: string;
beforeAll(async () => {
  [house, provider] = await Promise.all([testEngine(), startOpenIdProvider()]);
  provider.register(REDIRECT_URI);
  const code = await issueSetupCode(house.engine);
  const admin = { code, email: 'root@example.com', password: 'four words of my own', workspace: 'Example Ltd' };
  homeId = (await house.as(visitor(), setUp, admin)).workspace.id;
}, 30_000);
afterAll(async () => {
  await provider?.close();
  await house?.close();
});

const way = (admission: SingleSignOnAdmission, at = provider): SingleSignOn =>
  singleSignOn(house.engine, {
    id: 'oidc',
    label: 'Example',
    admission,
    provider: openIdProvider({ ...at, issuer: new URL(at.issuer) }, house.clock),
  });

interface Begun {
  readonly ticket: string;
  /** What the provider's answer is, as the browser brings it back. */
  readonly query: string;
}

/** Up to the moment in which the browser comes back. */
async function begin(sso: SingleSignOn, subject: string | null, account: Account = {}, at = provider): Promise<Begun> {
  const begun = await sso.begin('/tokens', REDIRECT_URI);
  if ('problem' in begun) throw new Error(begun.problem);
  return visit(begun, subject, account, at);
}

async function visit(
  begun: { readonly url: string; readonly ticket: string },
  subject: string | null,
  account: Account,
  at = provider,
): Promise<Begun> {
  at.setPerson(subject);
  if (subject !== null) at.accounts.set(subject, account);
  const back = await new SmallBrowser().follow(begun.url, ({ href }) => href.startsWith(REDIRECT_URI));
  return { ticket: begun.ticket, query: back.searchParams.toString() };
}

const finish = (sso: SingleSignOn, { ticket, query }: { ticket: string | null; query: string }) => {
  const { circumstances } = visitor();
  return sso.finish(query, { redirectUri: REDIRECT_URI, ticket, circumstances, sessionBefore: async () => null });
};

async function come(admission: SingleSignOnAdmission, subject: string, account: Account) {
  const sso = way(admission);
  return finish(sso, await begin(sso, subject, account));
}

const problemOf = (finished: { readonly cookies: unknown } | Stopped) =>
  'problem' in finished ? finished.problem : 'in';

const vouched = (email: string): Account => ({ email, email_verified: true, name: 'Ada' });

async function user(name: string): Promise<string> {
  const asked = { email: `${name}@example.com`, workspace: { id: homeId }, permissions: [] };
  return (await house.asHost(createUser, asked)).id;
}

async function actionsBy(id: string): Promise<string[]> {
  const { data } = await house.asHost(listAuditEvents, { actor_id: id, limit: 50 });
  return data.map(({ action }) => action).reverse();
}

const idOf = async (finished: { readonly cookies: { readonly session: string } } | Stopped) => {
  if ('problem' in finished) throw new Error(`${finished.problem}: ${finished.why}`);
  return (await callerOf(house, finished.cookies.session)).session?.owner.id;
};

describe('who may come in', () => {
  it('lets in the user with the address that the provider vouches for, and back to where they wanted to go', async () => {
    const id = await user('ada');
    const finished = await come(CLOSED, 'ada-1', vouched('Ada@Example.com'));
    expect('next' in finished && finished.next).toBe('/tokens');
    expect(await idOf(finished)).toBe(id);
    expect(await idOf(await come(CLOSED, 'ada-1', vouched('ada@example.com')))).toBe(id);
    expect(await actionsBy(id)).toEqual(['single_sign_on.linked', 'session.started']);
  });

  it('asks for the address where the ID token does not hold it, and signs in with HTTP Basic or without', async () => {
    const shy = await startOpenIdProvider({ tellsAddressAtOnce: false });
    try {
      shy.register(REDIRECT_URI);
      const id = await user('shy');
      const sso = way(CLOSED, shy);
      expect(await idOf(await finish(sso, await begin(sso, 'shy-1', vouched('shy@example.com'), shy)))).toBe(id);
    } finally {
      await shy.close();
    }
  });

  it.each<[string, Account]>([
    ['nobody has', vouched('nobody@example.com')],
    ['the provider does not vouch for', { email: 'bob@example.com', email_verified: false }],
    ['the provider says nothing about', { email: 'bob@example.com' }],
    ['is not there', {}],
    ['is none', { email: 'bob', email_verified: true }],
  ])('refuses an address that %s, and says why in the log alone', async (_what, account) => {
    if ((await house.engine.store.owners.find({ email: 'bob@example.com' })) === null) await user('bob');
    const finished = await come(CLOSED, 'bob-1', account);
    expect(finished).toMatchObject({ problem: 'refused', next: '/tokens', fault: null });
    expect('why' in finished && finished.why).toMatch(/address/);
  });

  it('knows a person by issuer and subject, whatever becomes of the address', async () => {
    const [id, other] = [await user('carla'), await user('dora')];
    expect(await idOf(await come(CLOSED, 'carla-1', vouched('carla@example.com')))).toBe(id);
    // The provider gives her another address, which is that of another user here.
    expect(await idOf(await come(CLOSED, 'carla-1', vouched('dora@example.com')))).toBe(id);
    // Her old address goes to somebody else there, who is not let in to her account.
    expect(problemOf(await come(CLOSED, 'carla-2', vouched('carla@example.com')))).toBe('refused');
    expect(await idOf(await come(CLOSED, 'dora-1', vouched('dora@example.com')))).toBe(other);
    expect(await idOf(await come(CLOSED, 'carla-1', {}))).toBe(id);
  });

  it('links again once somebody has removed the link', async () => {
    const id = await user('erna');
    await come(CLOSED, 'erna-1', vouched('erna@example.com'));
    expect(problemOf(await come(CLOSED, 'erna-2', vouched('erna@example.com')))).toBe('refused');
    const finished = await come(CLOSED, 'erna-1', {});
    const removed = await house.asHost(removeSingleSignOn, { id });
    expect(removed.removed).toBe(true);
    expect('cookies' in finished && (await isSignedIn(house, finished.cookies.session))).toBe(false);
    expect(await idOf(await come(CLOSED, 'erna-2', vouched('erna@example.com')))).toBe(id);
    expect((await house.asHost(removeSingleSignOn, { id: await user('frieda') })).removed).toBe(false);
  });

  it('keeps out who is disabled, deleted or of no workspace', async () => {
    const id = await user('gerd');
    await come(OPEN, 'gerd-1', vouched('gerd@example.com'));
    await house.asHost(updateUser, { id, disabled: true });
    expect(problemOf(await come(OPEN, 'gerd-1', vouched('gerd@example.com')))).toBe('refused');
    await house.asHost(updateUser, { id, disabled: false, memberships: [] });
    expect(problemOf(await come(OPEN, 'gerd-1', vouched('gerd@example.com')))).toBe('refused');
    await house.asHost(deleteUser, { id });
    expect(problemOf(await come(OPEN, 'gerd-1', vouched('gerd@example.com')))).toBe('refused');
    // Made anew by somebody who may, the same person comes in as the new user.
    const anew = await user('gerd');
    expect(await idOf(await come(OPEN, 'gerd-1', vouched('gerd@example.com')))).toBe(anew);
  });

  it('makes a user of somebody unknown where that is configured, with the roles that were named and no others', async () => {
    const id = (await idOf(await come(OPEN, 'hanna-1', vouched('hanna@example.org')))) as string;
    const made = await house.asHost(readUser, { id });
    expect(made).toMatchObject({ email: 'hanna@example.org', name: 'Ada', sign_in: { password: false } });
    expect(made.memberships).toMatchObject([{ workspace: { id: homeId }, permissions: [], roles: ['member'] }]);
    expect(await actionsBy(id)).toEqual(['single_sign_on.joined']);
    expect(problemOf(await come(OPEN, 'ida-1', vouched('ida@example.net')))).toBe('refused');
    expect(problemOf(await come(OPEN, 'ida-2', vouched('ida@example.org.example.net')))).toBe('refused');
    expect(problemOf(await come(OPEN, 'ida-3', { email: 'ida@example.org' }))).toBe('refused');
    // Who is known already has to be of these domains too.
    expect(problemOf(await come(OPEN, 'hanna-1', vouched('hanna@example.net')))).toBe('refused');
  });

  it('makes one user of two first visits at one moment', async () => {
    const sso = way(OPEN);
    const visits = [];
    for (let n = 0; n < 2; n += 1) visits.push(await begin(sso, 'twin-1', vouched('twin@example.com')));
    const ids = await Promise.all(visits.map(async (visit) => idOf(await finish(sso, visit))));
    expect(new Set(ids).size).toBe(1);
  });

  it('takes it for a fault of the configuration when a role or workspace is not there', async () => {
    for (const newUsers of [
      { roles: ['none'], workspace: null },
      { roles: ['member'], workspace: 'org-none' },
    ]) {
      const finished = await come({ ...OPEN, newUsers }, 'jan-1', vouched('jan@example.com'));
      expect(finished).toMatchObject({
        problem: 'failed',
        fault: expect.objectContaining({ message: expect.stringContaining('oidc-new-user') }),
      });
    }
  });
});

describe('somebody invited', () => {
  const invite = async (email: string, unique: string) => {
    const { id } = await house.asHost(createWorkspace, { name: unique });
    const { link } = await house.asHost(createInvitation, { email, workspace_id: id, roles: ['member'] });
    return { workspaceId: id, secret: secretOf(link) };
  };
  const accept = async (secret: string, subject: string, account: Account, admission = CLOSED) => {
    const sso = way(admission);
    const begun = await sso.beginInvited(secret, REDIRECT_URI);
    if ('problem' in begun) throw new Error(begun.problem);
    return finish(sso, await visit(begun, subject, account));
  };

  it('becomes a user by the account with the invited address, without a password, once', async () => {
    const { secret, workspaceId } = await invite('kim@example.com', 'Kim Ltd');
    const id = (await idOf(await accept(secret, 'kim-1', vouched('Kim@example.com')))) as string;
    const made = await house.asHost(readUser, { id });
    expect(made).toMatchObject({ email: 'kim@example.com', name: 'Ada', sign_in: { password: false } });
    expect(made.memberships).toMatchObject([{ workspace: { id: workspaceId }, roles: ['member'] }]);
    expect(await idOf(await come(CLOSED, 'kim-1', {}))).toBe(id);
    await expect(accept(secret, 'kim-1', vouched('kim@example.com'))).rejects.toMatchObject({ code: 'link_invalid' });
  });

  it('is linked as the user whom they are already, and gets one more workspace', async () => {
    const id = await user('lea');
    const { secret } = await invite('lea@example.com', 'Lea Ltd');
    expect(await idOf(await accept(secret, 'lea-1', vouched('lea@example.com')))).toBe(id);
    expect((await house.asHost(readUser, { id })).memberships).toHaveLength(2);
    const again = await invite('lea@example.com', 'Lea Two Ltd');
    expect(await idOf(await accept(again.secret, 'lea-1', vouched('lea@example.net')))).toBe(id);
  });

  it('takes over no account: not with another address, an unvouched one, or somebody else’s link', async () => {
    await come(OPEN, 'mia-1', vouched('mia@example.com'));
    const { secret } = await invite('mia@example.com', 'Mia Ltd');
    const problem = async (subject: string, account: Account, admission = CLOSED) =>
      problemOf(await accept(secret, subject, account, admission));
    expect(await problem('eve-9', vouched('eve@example.com'))).toBe('not-invited');
    expect(await problem('eve-9', { email: 'mia@example.com', email_verified: false })).toBe('refused');
    // The address went to somebody else at the provider.
    expect(await problem('mia-2', vouched('mia@example.com'))).toBe('refused');
    // Somebody who is known under another address, and is given this one there.
    await user('nora');
    await come(CLOSED, 'nora-1', vouched('nora@example.com'));
    expect(await problem('nora-1', vouched('mia@example.com'))).toBe('not-invited');
    expect(await problem('mia-1', vouched('mia@example.com'), { ...CLOSED, domains: ['example.org'] })).toBe('refused');
    expect(await problem('mia-1', vouched('mia@example.com'))).toBe('in');
  });

  it('gets nothing with a link that is over by the time they are back', async () => {
    const { secret } = await invite('olga@example.com', 'Olga Ltd');
    const sso = way(CLOSED);
    const begun = await sso.beginInvited(secret, REDIRECT_URI);
    if ('problem' in begun) throw new Error(begun.problem);
    const brought = await visit(begun, 'olga-1', vouched('olga@example.com'));
    expect(problemOf(await accept(secret, 'olga-1', vouched('olga@example.com')))).toBe('in');
    expect(problemOf(await finish(sso, brought))).toBe('invitation-over');
  });
});

describe('what the browser brings back', () => {
  const known = vouched('root@example.com');

  it('counts once, for ten minutes, in the browser that began', async () => {
    const sso = way(CLOSED);
    const [visit, other] = [await begin(sso, 'root-1', known), await begin(sso, 'root-1', known)];
    expect(problemOf(await finish(sso, { ...visit, ticket: null }))).toBe('expired');
    expect(problemOf(await finish(sso, { ...visit, ticket: other.ticket }))).toBe('expired');
    expect(problemOf(await finish(sso, { ...visit, ticket: `${visit.ticket}x` }))).toBe('expired');
    expect(problemOf(await finish(sso, { ...visit, query: 'code=1' }))).toBe('expired');
    expect(problemOf(await finish(sso, visit))).toBe('in');
    expect(problemOf(await finish(sso, visit))).toBe('expired');
    house.clock.advance(10 * 60_000);
    expect(problemOf(await finish(sso, other))).toBe('expired');
  });

  it('is redeemed by the provider once, and only with the proof of who began', async () => {
    const first = way(CLOSED);
    const visit = await begin(first, 'root-1', known);
    expect(problemOf(await finish(first, visit))).toBe('in');
    // Another process has not seen the ticket; the provider has seen the code.
    expect(problemOf(await finish(way(CLOSED), visit))).toBe('failed');
    // Somebody's code, put into the answer to somebody else's question.
    const [mine, theirs] = [await begin(first, 'root-1', known), await begin(first, 'root-1', known)];
    const query = new URLSearchParams(mine.query);
    query.set('code', new URLSearchParams(theirs.query).get('code') ?? '');
    expect(problemOf(await finish(first, { ...mine, query: query.toString() }))).toBe('failed');
  });

  it('proves nothing with another issuer, another nonce or two codes', async () => {
    const sso = way(CLOSED);
    for (const spoil of [
      (query: URLSearchParams) => query.set('iss', 'https://other.example.com'),
      (query: URLSearchParams) => query.delete('iss'),
      (query: URLSearchParams) => query.append('code', 'another'),
    ]) {
      const visit = await begin(sso, 'root-1', known);
      const query = new URLSearchParams(visit.query);
      spoil(query);
      expect(problemOf(await finish(sso, { ...visit, query: query.toString() }))).toBe('failed');
    }
    const client = openIdProvider({ ...provider, issuer: new URL(provider.issuer) }, house.clock);
    const attempt = { redirectUri: REDIRECT_URI, state: 's', nonce: 'n', verifier: 'v'.repeat(43) };
    const come = async () =>
      new SmallBrowser().follow(await client.authorizationUrl(attempt), ({ href }) => href.startsWith(REDIRECT_URI));
    await expect(client.identify(await come(), { ...attempt, nonce: 'm' })).rejects.toMatchObject({ how: 'refused' });
    await expect(client.identify(await come(), { ...attempt, state: 't' })).rejects.toMatchObject({ how: 'refused' });
    expect(await client.identify(await come(), attempt)).toMatchObject({ subject: 'root-1' });
  });

  it('says that somebody did not want to', async () => {
    const sso = way(CLOSED);
    expect(problemOf(await finish(sso, await begin(sso, null)))).toBe('cancelled');
  });

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'tokens', `/${'x'.repeat(600)}`])(
    'row 100e: leads to a page of its own, whatever was asked for: %s',
    async (next) => {
      const sso = way(CLOSED);
      const begun = await sso.begin(next, REDIRECT_URI);
      if ('problem' in begun) throw new Error(begun.problem);
      const state = new URL(begun.url).searchParams.get('state');
      const stopped = await finish(sso, {
        ticket: begun.ticket,
        query: `state=${state}&error=access_denied&iss=${provider.issuer}`,
      });
      expect(stopped).toMatchObject({ problem: 'cancelled', next: '/' });
    },
  );
});

describe('a provider that does not work', () => {
  it('is told apart from a refusal, and asked again the next time', async () => {
    const sso = way(CLOSED);
    provider.setDown(true);
    expect(await sso.begin('/tokens', REDIRECT_URI)).toMatchObject({ problem: 'unavailable', next: '/tokens' });
    provider.setDown(false);
    const visit = await begin(sso, 'root-1', vouched('root@example.com'));
    provider.setDown(true);
    expect(problemOf(await finish(sso, visit))).toBe('unavailable');
    provider.setDown(false);
    expect(problemOf(await finish(sso, await begin(sso, 'root-1', {})))).toBe('in');
  });

  it('is not believed to be another', async () => {
    const elsewhere = { ...provider, issuer: provider.issuer.replace('127.0.0.1', 'localhost') };
    expect(problemOf((await way(CLOSED, elsewhere).begin('/', REDIRECT_URI)) as Stopped)).toBe('unavailable');
    const sso = way(CLOSED, { ...provider, clientSecret: 'not it' });
    const finished = await finish(sso, await begin(sso, 'root-1', {}));
    expect(finished).toMatchObject({ problem: 'unavailable' });
  });
});
