import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalToken, rejectionOf, workspaceManager } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { listAuditEvents, listOwners, listWorkspaces, putOwner, readOwner, syncOwners } from './index.ts';

/** What an upload of these values is once the HTTP layer has numbered its lines. */
function linesOf(...values: unknown[]) {
  return values.map((value, index) => ({ line: index + 1, value }));
}

describe('telling Keyhouse about many owners at once (design §3: "bulk sync by NDJSON with a dry run")', () => {
  let house: TestEngine;
  beforeEach(async () => {
    house = await testEngine();
  });
  afterEach(() => house.close());
  const workspace = { external_id: 'org-7', name: 'Example Ltd' };

  it('does each line wholly or not at all, and reports every one with the reason', async () => {
    await house.asHost(putOwner, { external_id: 'known', workspace, permissions: ['servers:read'] });
    const answer = await house.asHost(syncOwners, {
      lines: linesOf(
        { external_id: 'new', workspace, permissions: ['servers:read'] },
        { external_id: 'known', workspace, permissions: ['servers:read'] },
        { external_id: 'known-2', workspace, permissions: ['servers'] },
        { external_id: 'typo', workspce: {}, permissions: [] },
        'not an object',
        { external_id: 'new', name: 'twice' },
        { external_id: 'role', workspace, roles: ['nothing'] },
      ),
    });
    expect(answer).toMatchObject({ dry_run: false, created: 1, updated: 0, unchanged: 1, rejected: 5, narrowed: 0 });
    expect(answer.results.map(({ line, external_id, result, code }) => [line, external_id, result, code])).toEqual([
      [1, 'new', 'created', undefined],
      [2, 'known', 'unchanged', undefined],
      [3, 'known-2', 'rejected', 'unknown_permission'],
      [4, 'typo', 'rejected', 'invalid_input'],
      [5, null, 'rejected', 'invalid_input'],
      [6, 'new', 'rejected', 'invalid_input'],
      [7, 'role', 'rejected', 'invalid_input'],
    ]);
    expect(answer.results[3]?.errors).toContainEqual({ path: 'workspce', message: 'There is no such field.' });
    expect(answer.results[5]?.message).toBe('Line 1 is about the same owner already.');
    const { data } = await house.asHost(listOwners, {});
    expect(data.map((one) => one.external_id).sort()).toEqual(['known', 'new']);
  });

  it('a dry run changes nothing and says, word for word, what the run then does', async () => {
    await house.asHost(putOwner, {
      external_id: 'narrowed',
      name: 'Old name',
      workspace,
      permissions: ['servers:read', 'servers:write'],
    });
    const lines = linesOf(
      { external_id: 'narrowed', name: 'New name', workspace, permissions: ['servers:read'] },
      { external_id: 'one', workspace: { external_id: 'org-new', name: 'New' }, permissions: ['servers:read'] },
      { external_id: 'two', workspace: { external_id: 'org-new' }, permissions: ['servers:*'], disabled: true },
      { external_id: 'three', workspace: { id: 'wsp_0000000000000000000000' }, permissions: [] },
    );
    const newest = await house.engine.store.changeFeed.newest();
    const foretold = await house.asHost(syncOwners, { lines, dry_run: 'true' });
    expect(await house.engine.store.changeFeed.newest()).toBe(newest);
    expect((await house.asHost(listWorkspaces, {})).data).toHaveLength(1);
    expect(foretold).toMatchObject({ dry_run: true, created: 2, updated: 1, rejected: 1, narrowed: 1 });
    expect(foretold).not.toHaveProperty('guarantee');
    expect(foretold.results[0]?.changes).toEqual([
      { path: 'name', before: 'Old name', after: 'New name' },
      {
        path: 'memberships.org-7',
        before: { permissions: ['servers:read', 'servers:write'], roles: [] },
        after: { permissions: ['servers:read'], roles: [] },
      },
    ]);
    expect(foretold.results[1]?.changes[0]).toEqual({
      path: 'workspaces.org-new',
      before: null,
      after: { name: 'New' },
    });

    const done = await house.asHost(syncOwners, { lines });
    expect(done.results).toEqual(foretold.results);
    expect(done.guarantee).toBeDefined();
    const again = await house.asHost(syncOwners, { lines });
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 3, rejected: 1 });
  });

  it('row 29: what it narrows is refused once it has answered, with one guarantee for all lines', async () => {
    const tokens = [];
    for (const externalId of ['a', 'b', 'c']) {
      tokens.push(await externalToken(house, { externalId, workspace: 'org-7', may: ['servers:read'] }));
    }
    for (const { value } of tokens) expect(await house.verdict(value, ['servers:read'])).toBe('ok');
    const answer = await house.asHost(syncOwners, {
      lines: linesOf(
        { external_id: 'a', disabled: true },
        { external_id: 'b', memberships: [] },
        { external_id: 'c', workspace: { external_id: 'org-7' }, permissions: [] },
      ),
    });
    expect(answer).toMatchObject({ updated: 3, narrowed: 3 });
    expect(answer.guarantee?.epoch).toBe(await house.engine.store.changeFeed.newest());
    const verdicts = await Promise.all(tokens.map(({ value }) => house.verdict(value, ['servers:read'])));
    expect(verdicts).toEqual(['invalid_token', 'invalid_token', 'insufficient_permissions']);
  });

  it('writes one audit entry per owner it changed and none for the others', async () => {
    await house.asHost(syncOwners, {
      lines: linesOf(
        { external_id: 'a', workspace, permissions: [] },
        { external_id: 'b', workspace, permissions: [] },
      ),
    });
    await house.asHost(syncOwners, {
      lines: linesOf({ external_id: 'a', workspace, permissions: [] }, { external_id: 'b', name: 'B' }),
    });
    const { data } = await house.asHost(listAuditEvents, { limit: 100 });
    const entries = data.filter((event) => event.action.startsWith('owner.'));
    expect(entries.map((event) => [event.action, event.details.external_id])).toEqual([
      ['owner.updated', 'b'],
      ['owner.created', 'b'],
      ['owner.created', 'a'],
    ]);
  });

  it('row 30: does for a caller of one workspace only what is within reach, line by line', async () => {
    await house.asHost(putOwner, { external_id: 'foreign', workspace: { external_id: 'theirs' }, permissions: [] });
    const { value } = await workspaceManager(house, 'mine', ['keyhouse-owners:write']);
    const answer = await house.asBearer(value, syncOwners, {
      lines: linesOf(
        { external_id: 'ours', workspace: { external_id: 'mine' }, permissions: ['servers:read'] },
        { external_id: 'foreign', disabled: true },
        { external_id: 'other', workspace: { external_id: 'theirs' }, permissions: [] },
        { external_id: 'third', workspace: { external_id: 'not there yet' }, permissions: [] },
      ),
    });
    expect(answer.results.map(({ result, code }) => code ?? result)).toEqual([
      'created',
      'not_found',
      'not_found',
      'not_found',
    ]);
    expect(await house.asHost(readOwner, { external_id: 'foreign' })).toMatchObject({ disabled: false });
  });

  it('lets decisions in between while a long upload is worked through', async () => {
    const lines = linesOf(
      ...Array.from({ length: 200 }, (_, index) => ({ external_id: `u${index}`, workspace, permissions: [] })),
    );
    await house.asHost(syncOwners, { lines });
    let turns = 0;
    let isRunning = true;
    const count = () => {
      turns += 1;
      if (isRunning) setImmediate(count);
    };
    setImmediate(count);
    const answer = await house.asHost(syncOwners, { lines });
    isRunning = false;
    expect(answer.unchanged).toBe(200);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it('takes lines as they come from an upload and nothing else', async () => {
    for (const input of [{}, { lines: [{ value: {} }] }, { lines: [], dry_run: 'yes' }, { lines: [], more: 1 }]) {
      expect((await rejectionOf(house.asHost(syncOwners, input))).code).toBe('invalid_input');
    }
  });
});
