import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/http/house.ts';
import { AccessRecorder } from '../authenticate/index.ts';
import { readCsv } from '../policy/index.ts';

const DAY = 'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z';
const WHOLE = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };

describe('the access log (D17)', () => {
  let house: House;
  let operator: string;
  let used: Awaited<ReturnType<House['mint']>>;
  beforeAll(async () => {
    house = await openHouse();
    operator = (
      await house.mint({ permissions: ['keyhouse-denials:read', 'keyhouse-audit:read'], limits: 'unlimited' })
    ).value;
    used = await house.mint({ name: '=cmd|"x"' });
    for (let times = 0; times < 3; times++) {
      const headers = ['User-Agent', 'curl/8.5.0'];
      await house.ask({ target: `/v1/auth/test?secret=${times}`, token: used.value, headers });
      house.time.now += 1_000;
    }
    await house.ask({ target: '/v1/denials', token: used.value });
  });
  afterAll(() => house.close());

  const list = (query: string) => house.ask({ target: `/v1/access-log?${query}`, token: operator });

  it('shows what was accepted and what was refused as one list, page after page, and never a value', async () => {
    const all = (await list(`${DAY}&token_id=${used.id}`)).json;
    expect(all.keeps_one_in).toBe(1);
    expect(all.data.map(({ outcome, agent, path }: Record<string, string>) => [outcome, agent, path])).toEqual([
      ['insufficient_permissions', null, '/v1/denials'],
      ['ok', 'curl', '/v1/auth/test'],
      ['ok', 'curl', '/v1/auth/test'],
      ['ok', 'curl', '/v1/auth/test'],
    ]);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { json } = await list(`${DAY}&token_id=${used.id}&limit=1${more}`);
      paged.push(...json.data.map((row: { request_id: string }) => row.request_id));
      cursor = json.next_cursor;
    }
    expect(paged).toEqual(all.data.map((row: { request_id: string }) => row.request_id));
    expect((await list(`${DAY}&token_id=${used.id}&outcome=accepted`)).json.data).toHaveLength(3);
    expect((await list(`${DAY}&reason=insufficient_permissions`)).json.data).toHaveLength(1);
    expect(JSON.stringify(all)).not.toContain(used.value.slice(8));
  });

  it('row 80: asks for a time, and for no more of it than a month', async () => {
    expect((await list('limit=1')).status).toBe(400);
    expect((await list('from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z')).status).toBe(400);
    expect((await house.ask({ target: `/v1/access-log?${DAY}`, token: used.value })).status).toBe(403);
  });

  it('rows 20 and 21b: is exported as JSON lines or CSV in which nothing is a formula, without addresses where asked', async () => {
    const taken = async (body: object) => {
      const asked = { target: '/v1/access-log-exports', method: 'POST', token: operator };
      return (await house.ask({ ...asked, body: { ...WHOLE, token_id: used.id, ...body } })).json;
    };
    const csv = await taken({ format: 'csv', limit: 2 });
    expect(csv.decisions).toBe(2);
    expect(csv.text).toContain(`"'=cmd|""x"""`);
    const rest = await taken({ format: 'csv', limit: 2, cursor: csv.next_cursor });
    const [header, ...rows] = readCsv(csv.text + rest.text) ?? [];
    expect(rows).toHaveLength(4);
    expect(rows.map((row) => row[header?.indexOf('token_name') ?? -1])).toEqual(Array(4).fill('=cmd|"x"'));
    const lines = (await taken({ format: 'jsonl', personal: false })).text.trim().split('\n').map(JSON.parse);
    expect(new Set(lines.map(({ ip }: { ip: string | null }) => ip))).toEqual(new Set([null]));
    const events = (await house.ask({ target: '/v1/audit-events?action=access_log.exported', token: operator })).json
      .data;
    expect(events).toHaveLength(2);
  });

  it('forgets addresses of an owner, and what is old', async () => {
    const { accesses } = house.engine;
    const [row] = (await accesses.list({ tokenId: used.id }, { limit: 1, after: null })).rows;
    expect(await accesses.eraseAddresses(row?.ownerId ?? '')).toBeGreaterThan(2);
    expect((await list(`${DAY}&token_id=${used.id}&outcome=accepted`)).json.data[0].ip).toBeNull();
    await accesses.trim(house.time.now + 2 * 86_400_000);
    expect((await accesses.list({}, { limit: 9, after: null })).rows).toEqual([]);
  });

  it('row 74: keeps one in so many, no more than so many a second, and what could not be written for a later time', async () => {
    const written: unknown[] = [];
    let fails = true;
    const log = {
      add: async (records: readonly unknown[]) => {
        if (fails) throw new Error('the disk is full');
        written.push(...records);
      },
      list: async () => ({ rows: [], next: null }),
      trim: async () => {},
      eraseAddresses: async () => 0,
    };
    // The gap before the next one is 9 then, so that one in ten is kept.
    const random = { bytes: () => Uint8Array.of(0, 0, 0, 9) };
    const clock = { now: () => 0, monotonic: () => 5_000 };
    const options = { log, clock, keptMs: 1, every: () => () => {}, random };
    const seen = {
      requestId: 'r',
      at: 0,
      door: 'api',
      method: null,
      target: null,
      addressFrom: null,
      catalogue: null,
    } as const;
    const question = {
      credential: { found: 'none' },
      environments: [],
      ip: null,
      allOf: [],
      anyOf: [],
      cost: 1,
    } as const;
    const denial = { reason: 'invalid_token', cause: 'unknown' } as const;
    const see = () => ({ ...seen, question, decision: { allowed: false, denial, facts: null, limit: null } as const });
    const recorder = new AccessRecorder({ ...options, keepOneIn: 10 });
    for (let times = 0; times < 100; times++) recorder.sample(see);
    expect(recorder.pending).toBe(10);
    await expect(recorder.flush()).rejects.toThrow('the disk is full');
    for (let times = 0; times < 1_000; times++) recorder.sample(see);
    expect([recorder.pending, recorder.dropped]).toEqual([50, 60]);
    fails = false;
    await recorder.close();
    expect(written).toHaveLength(50);
    const none = new AccessRecorder({ ...options, keepOneIn: 0 });
    none.sample(see);
    expect(none.pending).toBe(0);
  });
});
