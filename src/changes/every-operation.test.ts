import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALERT_EXAMPLES, ALERT_READS } from '../../test/alerts/alert-examples.ts';
import type { Example } from '../../test/changes/example.ts';
import { MANAGE_EXAMPLES, tokenOf } from '../../test/changes/manage-examples.ts';
import { LEAK_EXAMPLES } from '../../test/leaks/leak-examples.ts';
import { MOVING_EXAMPLES } from '../../test/moving/moving-examples.ts';
import { PEOPLE_EXAMPLES } from '../../test/people/people-examples.ts';
import { isSignedIn } from '../../test/people/signed-in.ts';
import { WEBHOOK_EXAMPLES, WEBHOOK_READS } from '../../test/webhooks/webhook-examples.ts';
import type { Operation } from '../manage/index.ts';
import * as manage from '../manage/index.ts';
import * as people from '../people/index.ts';
import { type AnyOperation, type TestEngine, testEngine } from '../testing/engine.ts';
import * as upkeep from '../upkeep/index.ts';

/**
 * Everything that alters what a request may do goes through `ChangePath`. Here every operation that says it changes
 * something is performed for real, and has to show that it did: one sequence, one audit entry under it. An operation
 * without an example fails; so does one that says it only reads and writes.
 */
type Performed = AnyOperation<unknown> & Pick<Operation, 'effect'>;
const EXPORTED: readonly unknown[] = [manage, people, upkeep].flatMap((part) => Object.values(part));
const OPERATIONS = EXPORTED.filter(
  (value): value is Performed => typeof value === 'object' && value !== null && 'effect' in value && 'run' in value,
);
const CHANGING = OPERATIONS.filter(({ effect }) => effect === 'changes');
const READING = OPERATIONS.filter(({ effect }) => effect === 'reads');
/** By operation id. */
const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  ...MANAGE_EXAMPLES,
  ...ALERT_EXAMPLES,
  ...LEAK_EXAMPLES,
  ...MOVING_EXAMPLES,
  ...PEOPLE_EXAMPLES,
  ...WEBHOOK_EXAMPLES,
  setUp: [
    {
      action: 'installation.set_up',
      isAlone: true,
      prepare: async (house, unique) => ({
        input: {
          code: await people.issueSetupCode(house.engine),
          email: `${unique}@example.com`,
          password: 'a long and quiet evening',
          workspace: 'Provider',
        },
        caller: manage.anonymousCaller({ ip: null, requestId: 'req_1', idempotencyKey: null }),
      }),
    },
  ],
};

describe('the one path of every change (design §3 changes/)', () => {
  let shared: TestEngine;
  beforeAll(async () => {
    shared = await testEngine();
  });
  afterAll(() => shared.close());

  it('has an example of every operation that changes something, and of nothing else', () => {
    expect(CHANGING.length).toBeGreaterThanOrEqual(20);
    expect(Object.keys(EXAMPLES).sort()).toEqual(CHANGING.map(({ id }) => id).sort());
  });

  it('knows every operation there is: none is defined and not exported', async () => {
    const defined = (await sources('manage', 'people', 'upkeep')).flatMap(({ text }) =>
      [...text.matchAll(/export const (\w+) = defineOperation\b/g)].map(([, name]) => name),
    );
    expect(defined.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort());
  });

  it('has an example that alters something of every operation that can: its entry shows both sides', () => {
    const altering = CHANGING.map(({ id }) => id).filter((id) => /^(?:update|put)/.test(id));
    const shown = altering.filter((id) => EXAMPLES[id]?.some(alters));
    expect(shown).toEqual(altering);
  });

  it('is gone around only by notes that alter nothing a request may do', async () => {
    const writing = (await sources('manage', 'people'))
      .filter(({ text }) => /\.transact\(/.test(text))
      .map(({ path }) => path);
    expect(writing).toEqual([
      'manage/note-first-use.ts',
      'manage/redigest-token.ts',
      'people/join-by-invitation.ts',
      'people/open-portal-session.ts',
      'people/open-staff-session.ts',
      'people/password-reset.ts',
      'people/portal-session.ts',
      'people/session.ts',
      'people/set-up.ts',
      'people/setup-code.ts',
      'people/staff-session.ts',
    ]);
  });

  for (const operation of CHANGING) {
    for (const [index, { action, prepare, isAlone, sendsMail = false, isNote = false, isSilent = false }] of (
      EXAMPLES[operation.id] ?? []
    ).entries()) {
      it(`${operation.id} (${action}) takes one sequence, writes one audit entry and holds when it answers`, async () => {
        const house = isAlone || sendsMail ? await testEngine({ sendsMail }) : shared;
        try {
          const { input, refuses, endsSession, tightens, caller } = await prepare(
            house,
            `${operation.id}-${index}`.toLowerCase(),
          );
          const { store } = house.engine;
          const ask = async () =>
            refuses && house.verdict(refuses.value, refuses.permission ? [refuses.permission] : []);
          if (refuses !== undefined) {
            expect(await ask()).toBe('ok');
            expect(await ask(), 'accepted a moment before, from the cache').toBe('ok');
          }
          const before = await store.changeFeed.newest();

          const answer = (await house.as(caller ?? house.host(), operation, input)) as {
            readonly guarantee?: { readonly epoch: number };
          };

          expect(await ask()).not.toBe('ok');
          expect(await store.changeFeed.newest()).toBe(before + 1);
          expect((await store.changeFeed.readAfter(before, 100)).length > 0).toBe(!isNote);
          const entries = await store.audit.read(before, 100);
          expect(entries.map((entry) => [entry.seq, entry.action])).toEqual([[before + 1, action]]);
          expect(entries.filter((entry) => alters(entry) && !showsBothSides(entry))).toEqual([]);
          if (endsSession !== undefined) expect(await isSignedIn(house, endsSession)).toBe(false);
          const isTightening = refuses !== undefined || endsSession !== undefined || tightens;
          expect(answer.guarantee?.epoch).toBe(isTightening && !isSilent ? before + 1 : undefined);
        } finally {
          if (house !== shared) await house.close();
        }
      });
    }
  }
});

describe('operations that only read', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house.close());

  const INPUTS: Readonly<Record<string, (made: Awaited<ReturnType<typeof tokenOf>>) => unknown>> = {
    listAuditEvents: () => ({}),
    listAuditCheckpoints: () => ({}),
    listAuditKeys: () => ({}),
    listInvitations: () => ({}),
    listSessions: () => ({}),
    listUserSessions: () => ({ id: 'usr_0000000000000000000000' }),
    readSession: () => ({}),
    listPredecessors: ({ token }) => ({ id: token.id }),
    listOwners: () => ({}),
    listRoles: () => ({}),
    listServiceAccounts: () => ({}),
    listTokens: () => ({}),
    listTrials: () => ({}),
    listUsers: () => ({}),
    listWorkspaces: () => ({}),
    readOwner: () => ({ external_id: 'reader' }),
    readProfile: () => ({}),
    previewRevocation: ({ token }) => ({ id: token.id }),
    readServiceAccount: () => ({ id: 'svc_0000000000000000000000' }),
    readToken: ({ token }) => ({ id: token.id }),
    readTokenOptions: ({ token }) => ({ owner_id: token.owner.id }),
    readTokenUsage: ({ token }) => ({ id: token.id }),
    listAccesses: () => ({ from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' }),
    suggestTokenGrant: ({ token }) => ({ id: token.id }),
    listGrantSuggestions: () => ({}),
    readTrial: () => ({ id: 'trl_0000000000000000000000' }),
    readUser: () => ({ id: 'usr_0000000000000000000000' }),
    readWorkspace: ({ token }) => ({ id: token.workspace.id }),
    testAuthentication: () => ({}),
    askWhy: ({ value }) => ({ token: value }),
    ...ALERT_READS,
    listDenials: () => ({}),
    listMails: () => ({}),
    previewReminders: () => ({}),
    ...WEBHOOK_READS,
    readDenial: () => ({ request_id: 'req_none' }),
    findPastedToken: ({ value }) => ({ token: value }),
    tryToken: ({ value }) => ({ token: value }),
    readOverview: () => ({}),
    introspectToken: ({ value }) => ({ token: value }),
    verifyTokens: ({ value }) => ({ token: value, all_of: [] }),
  };

  it('leave the change sequence where it is', async () => {
    expect(Object.keys(INPUTS).sort()).toEqual(READING.map(({ id }) => id).sort());
    const made = await tokenOf(house, 'reader');
    const before = await house.engine.store.changeFeed.newest();
    for (const operation of READING) {
      const input = INPUTS[operation.id]?.(made);
      await house.as(house.host(), operation, input).catch((error: { code?: string }) => {
        if (error.code !== 'not_found' && error.code !== 'authentication_required') throw error;
      });
    }
    expect(await house.engine.store.changeFeed.newest()).toBe(before);
  });
});

/** Something that was there already is another now. */
function alters({ action }: { readonly action: string }): boolean {
  return /\.(?:updated|enabled|disabled)$/.test(action);
}

/** What was before and what is after, in `before` and `after` or in a list of changes. */
function showsBothSides({ details }: { readonly details: Readonly<Record<string, unknown>> }): boolean {
  const { before, after, changes } = details;
  const isSide = (side: unknown) => typeof side === 'object' && side !== null;
  const isPair = (change: object) => 'before' in change && 'after' in change;
  return (isSide(before) && isSide(after)) || (Array.isArray(changes) && changes.every(isPair));
}

/** The text of every source file of the two folders that hold operations. */
async function sources(...parts: readonly string[]): Promise<{ readonly path: string; readonly text: string }[]> {
  const folders = parts.map((folder) => new URL(`../${folder}/`, import.meta.url));
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => new URL(name, folder))),
  );
  const code = files.flat().filter(({ pathname }) => !pathname.endsWith('.test.ts'));
  return Promise.all(
    code
      .map((url) => ({ url, path: url.pathname.split('/').slice(-2).join('/') }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .map(async ({ url, path }) => ({ path, text: await readFile(url, 'utf8') })),
  );
}
