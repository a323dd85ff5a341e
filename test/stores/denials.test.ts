import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DenialRecorder } from '../../src/authenticate/index.ts';
import { createAuthenticate } from '../../src/http/authenticate-request.ts';
import { silentLog } from '../../src/http/door-log.ts';
import { doorEngine } from '../../src/http/index.ts';
import { listDenials, readDenial } from '../../src/manage/index.ts';
import type { DenialRecord } from '../../src/ports/index.ts';
import { openSqliteStore } from '../../src/stores/sql/index.ts';
import { externalToken } from '../../src/testing/cast.ts';
import { type TestEngine, testEngine } from '../../src/testing/engine.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { sampleDenial } from '../../src/testing/sample-records.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { requireDatabase } from '../services/postgres.ts';

const NOBODY = { tokenId: null, lineageId: null, ownerId: null, workspaceId: null };

/** One request that asks for more than the token may, as a middleware sees it. */
async function refuse(house: TestEngine, value: string): Promise<string> {
  const trust = { trustedProxies: null, header: '' };
  const authenticate = createAuthenticate({ engine: doorEngine(house.engine), trust, log: silentLog, metrics: null });
  const rawHeaders = ['Authorization', `Bearer ${value}`];
  const request = { rawHeaders, url: '/servers', method: 'GET', ip: '203.0.113.9' };
  const result = await authenticate(request, { permission: 'servers:write' });
  expect(result.allowed).toBe(false);
  return result.requestId;
}

describe('stored denials', () => {
  it('row 74: of 100,000 distinct refusals keep a bounded number of rows, among them those of everybody else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-denials-'));
    const handle = await openSqliteStore({ file: join(folder, 'keyhouse.sqlite') });
    onTestFinished(async () => {
      await handle.store.close();
      rmSync(folder, { recursive: true });
    });
    const clock = new FakeClock();
    const { failures } = handle.sightings;
    const open = () =>
      new DenialRecorder({ log: handle.denials, failures, clock, rowsMax: 1_000, every: () => () => {} });
    let recorder = open();
    const record = (fields: Partial<DenialRecord>) => {
      const made = sampleDenial({ at: clock.now(), ...fields });
      recorder.record(made, () => made);
      return made.requestId;
    };
    const mine = record({ lineageId: 'lin_mine', ownerId: 'own_mine' });
    // Ever new addresses, for longer than any share lasts: twice as many rows as are kept between two times of trimming.
    for (let count = 0; count < 100_000; count++) {
      record({ ...NOBODY, ip: `10.${count >> 16}.${(count >> 8) & 255}.${count & 255}`, path: `/${count}` });
      if (count % 2_000 === 1_999) {
        clock.advance(2_000);
        await recorder.flush();
      }
    }
    await recorder.close();
    recorder = open();
    const later = record({ ...NOBODY, ip: '192.0.2.1' });
    await recorder.flush();
    expect((await recorder.find(mine))?.lineageId).toBe('lin_mine');
    expect((await recorder.find(later))?.ip).toBe('192.0.2.1');
    let rows = 0;
    let after: { at: string | number; id: string } | null = null;
    do {
      const page = await handle.denials.list({}, { limit: 500, after });
      rows += page.rows.length;
      after = page.next;
    } while (after !== null);
    expect(rows).toBeLessThanOrEqual(1_000);
  }, 60_000);
});

suiteNeeding('postgresql', 'denials of several processes on PostgreSQL', () => {
  it('are recorded by each and explained by all', async () => {
    const database = await requireDatabase();
    const one = await testEngine({ databaseUrl: database.url });
    const two = await testEngine({ databaseUrl: database.url, besides: one });
    onTestFinished(async () => {
      await two.close();
      await one.close();
      await database.drop();
    });
    const { value } = await externalToken(one, { externalId: 'user-42', workspace: 'org-7', may: ['servers:read'] });
    const ids = [await refuse(one, value), await refuse(two, value)];
    await one.engine.denials.flush();
    await two.engine.denials.flush();
    for (const house of [one, two]) {
      const { data } = await house.asHost(listDenials, {});
      expect(data.map(({ request_id }) => request_id).sort()).toEqual([...ids].sort());
      for (const request_id of ids) {
        expect(await house.asHost(readDenial, { request_id })).toMatchObject({ cause: 'permission_missing' });
      }
    }
  });
});
