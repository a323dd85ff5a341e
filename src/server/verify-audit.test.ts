import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provableEventWire } from '../manage/audit-event-wire.ts';
import { checkpointWire, putOwner, revokeToken } from '../manage/index.ts';
import { jsonLine } from '../policy/index.ts';
import type { AuditPublicKey, Checkpoint, ProvableEvent } from '../ports/index.ts';
import { chainHash } from '../stores/sql/audit-chain.ts';
import { type AuditReport, AuditTrail, openSqliteStore } from '../stores/sql/index.ts';
import { externalToken } from '../testing/cast.ts';
import { testEngine } from '../testing/engine.ts';
import { signCheckpoint } from '../upkeep/index.ts';
import { verifyAuditFiles, verifyStoreTrail } from './verify-audit.ts';

/** A store in which things happened, signed twice, and once more happened since. */
let backup: string;
let folder: string;
let events: readonly ProvableEvent[];
let checkpoints: readonly Checkpoint[];
let keys: readonly AuditPublicKey[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-trail-'));
  const house = await testEngine();
  try {
    const { engine, opened } = house;
    const sign = () => signCheckpoint(engine, house.clock.now(), () => true);
    const circumstances = { ip: '203.0.113.7', requestId: 'req_trail' };
    for (const name of ['ann', 'bob', 'cyd']) {
      const { token } = await externalToken(house, { externalId: name, workspace: 'org-7', may: ['servers:read'] });
      await house.asHost(putOwner, { external_id: name, name, email: `${name}@example.com` }, circumstances);
      if (name === 'ann') await sign();
      if (name === 'bob') {
        await house.asHost(revokeToken, { id: token.id, reason: 'left' }, circumstances);
        await sign();
      }
    }
    events = await engine.store.audit.read(0, 1_000);
    checkpoints = await engine.store.checkpoints.read(0, 10);
    keys = engine.auditSeal.keys.published();
    backup = join(folder, 'store.sqlite');
    await opened.store.handle.backup?.(backup);
  } finally {
    await house.close();
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function verify(changed: {
  readonly events?: readonly ProvableEvent[];
  readonly checkpoints?: readonly Checkpoint[];
  readonly keys?: readonly AuditPublicKey[];
  readonly isPart?: boolean;
}): AuditReport {
  const trail = new AuditTrail({ checkpoints, keys, ...changed });
  for (const event of changed.events ?? events) trail.take(event);
  return trail.report(false);
}

const problemsOf = ({ findings }: AuditReport) => findings.map(({ problem }) => problem);

/** What somebody who knows the chain and not the key makes of it: every hash right again from the first change on. */
function rewritten(changed: readonly ProvableEvent[]): readonly ProvableEvent[] {
  let previousHash = '';
  return changed.map((event) => {
    const hash = chainHash(previousHash, event);
    const again = { ...event, previousHash, hash };
    previousHash = hash;
    return again;
  });
}

describe('a trail of audit events', () => {
  it('is sound as it was written, and says how far it is signed', () => {
    const last = events.at(-1)?.seq ?? 0;
    expect(verify({})).toMatchObject({ sound: true, findings: [], checkpoints: 2, last_seq: last });
    expect(verify({}).unsigned_events).toBe(last - (checkpoints[1]?.seq ?? 0));
    expect(verify({ events: events.slice(3), isPart: true })).toMatchObject({
      sound: true,
      signed_seq: checkpoints[1]?.seq,
    });
  });

  it('shows an edit of any field of any event', () => {
    const edits: { readonly [Field in keyof ProvableEvent]: (event: ProvableEvent) => unknown } = {
      seq: ({ seq }) => seq + 1_000,
      at: ({ at }) => at + 1,
      action: () => 'token.read',
      actor: () => ({ kind: 'user', id: 'usr_1' }),
      onBehalfOf: () => ({ kind: 'external', id: 'u-9' }),
      subject: () => ({ kind: 'owner', id: 'own_9' }),
      workspaceId: () => 'wsp_9',
      requestId: () => 'req_9',
      details: ({ details }) => ({ ...details, more: true }),
      commitments: ({ commitments }) => ({ ...commitments, ip: '0'.repeat(64) }),
      personal: ({ personal }) => ({ ...personal, name: 'Eve' }),
      salts: () => ({ ip: 'AAAA', name: 'AAAA', email: 'AAAA', reason: 'AAAA' }),
      previousHash: () => '0'.repeat(64),
      hash: () => '0'.repeat(64),
    };
    for (const [field, edit] of Object.entries(edits)) {
      for (const [at, event] of events.entries()) {
        if (field === 'salts' && Object.keys(event.salts).length === 0) continue;
        const report = verify({ events: events.with(at, { ...event, [field]: edit(event) }) });
        expect(report.sound, `${field} of event ${event.seq}`).toBe(false);
      }
    }
  });

  it('says where: at the event that was edited, or at the one behind a gap', () => {
    const [first, second, third] = events as [ProvableEvent, ProvableEvent, ProvableEvent];
    expect(verify({ events: events.with(1, { ...second, action: 'x' }) }).findings).toMatchObject([
      { problem: 'content', seq: second.seq },
    ]);
    expect(verify({ events: events.toSpliced(1, 1) }).findings).toMatchObject([{ problem: 'link', seq: third.seq }]);
    expect(problemsOf(verify({ events: [second, first, ...events.slice(2)] }))).toContain('order');
    expect(
      problemsOf(verify({ events: events.with(1, { ...second, personal: { ...second.personal, ip: '::1' } }) })),
    ).toEqual(['clear_text']);
  });

  it('shows whatever is taken out, put in, moved or doubled, however much of it', () => {
    // A log without its newest event, which nothing signed, is as sound as a younger one: the store remembers its end.
    const index = fc.nat({ max: events.length - 2 });
    fc.assert(
      fc.property(index, index, fc.constantFrom('delete', 'insert', 'swap', 'double'), (one, other, what) => {
        fc.pre(what !== 'swap' || one !== other);
        const [a, b] = [events[one] as ProvableEvent, events[other] as ProvableEvent];
        const changed = {
          delete: events.toSpliced(one, 1),
          insert: events.toSpliced(one, 0, { ...b, seq: a.seq, previousHash: a.previousHash }),
          swap: events.with(one, b).with(other, a),
          double: events.toSpliced(one, 0, a),
        }[what];
        expect(verify({ events: changed }).sound).toBe(false);
      }),
    );
  });

  it('shows that the end was cut off, up to the last checkpoint', () => {
    const signed = checkpoints[1]?.seq ?? 0;
    for (let length = 0; length < events.length; length++) {
      const isShort = (events[length - 1]?.seq ?? 0) < signed;
      expect(verify({ events: events.slice(0, length) }).sound).toBe(!isShort);
    }
    expect(problemsOf(verify({ events: events.slice(0, 2) }))).toEqual(['cut_off', 'cut_off']);
  });

  it('shows a chain that was written anew, before the last checkpoint, by who has not the key', () => {
    fc.assert(
      fc.property(fc.nat({ max: events.length - 1 }), fc.string(), (at, action) => {
        const event = events[at] as ProvableEvent;
        fc.pre(action !== event.action);
        const report = verify({ events: rewritten(events.with(at, { ...event, action })) });
        expect(report.sound).toBe(event.seq > (checkpoints[1]?.seq ?? 0));
        if (!report.sound) expect(problemsOf(report)).toContain('signed_otherwise');
      }),
    );
  });

  it('shows an edit of any field of a checkpoint, one that is missing, and one by another key', () => {
    const [first, second] = checkpoints as [Checkpoint, Checkpoint];
    const edits: Checkpoint = {
      storeId: 'sto_other',
      number: 7,
      seq: 1,
      hash: '0'.repeat(64),
      at: 1,
      kid: 'other',
      signature: 'A'.repeat(86),
    };
    for (const [field, value] of Object.entries(edits)) {
      for (const [at, one] of checkpoints.entries()) {
        const report = verify({ checkpoints: checkpoints.with(at, { ...one, [field]: value }) });
        expect(report.sound, `${field} of checkpoint ${one.number}`).toBe(false);
      }
    }
    expect(problemsOf(verify({ checkpoints: [second] }))).toEqual(['checkpoints']);
    expect(problemsOf(verify({ checkpoints: [first, first, second] }))).toEqual(['checkpoints']);
    expect(problemsOf(verify({ checkpoints: [second, first] }))).toContain('checkpoints');
    expect(problemsOf(verify({ keys: [] }))).toEqual(['unknown_key', 'unknown_key']);
  });
});

describe('the trail of a store', () => {
  let number = 0;

  /** Verifies a copy of the store after somebody wrote to its database file. */
  async function verifyAfter(statement: string): Promise<AuditReport> {
    number += 1;
    const file = join(folder, `copy-${number}.sqlite`);
    const source = new DatabaseSync(backup);
    source.exec(`vacuum into '${file}'`);
    source.close();
    const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
    database.exec(statement);
    database.close();
    const handle = await openSqliteStore({ file });
    try {
      return await verifyStoreTrail(handle, { keys, checkpoints, witness: null });
    } finally {
      await handle.usage.close();
      await handle.store.close();
    }
  }

  const last = '(select max(seq) from audit_event)';
  const TAMPERED: readonly (readonly [string, string, string])[] = [
    ['an edited column', "update audit_event set actor_id = 'usr_1' where seq = 2", 'content'],
    ['details that are no JSON', "update audit_event set details = '{' where seq = 2", 'content'],
    ['commitments that are no JSON', "update audit_event set commitments = 'x' where seq = 2", 'content'],
    ['an edited hash', "update audit_event set hash = 'x' where seq = 2", 'content'],
    ['an edited link', "update audit_event set previous_hash = 'x' where seq = 2", 'link'],
    ['a deleted event', 'delete from audit_event where seq = 3', 'link'],
    ['a renumbered event', 'update audit_event set seq = 900 where seq = 3', 'content'],
    ['a cut-off end', `delete from audit_event where seq = ${last}`, 'end'],
    [
      'a cut-off end that the store does not remember',
      `delete from audit_event where seq > 2; delete from audit_checkpoint;
       update auth_epoch set audit_seq = 2, audit_hash = (select hash from audit_event where seq = 2)`,
      'cut_off',
    ],
    ['edited clear text', "update audit_personal set value = '198.51.100.1' where field = 'ip'", 'clear_text'],
    ['clear text that was taken away', "delete from audit_personal where field = 'ip'", 'clear_text_missing'],
    ['an edited checkpoint', "update audit_checkpoint set hash = 'x' where number = 1", 'signature'],
  ];

  it('is sound as it was written', async () => {
    expect(await verifyAfter('select 1')).toMatchObject({ sound: true, findings: [], erased_fields: 0 });
  });

  for (const [what, statement, problem] of TAMPERED) {
    it(`shows ${what}`, async () => {
      expect(problemsOf(await verifyAfter(statement))).toContain(problem);
    });
  }

  it('misses what the witness has seen', async () => {
    const handle = await openSqliteStore({ file: backup });
    try {
      const evidence = { keys, checkpoints, witness: { seq: 900, hash: 'f'.repeat(64) } };
      expect((await verifyStoreTrail(handle, evidence)).findings).toMatchObject([{ problem: 'end', seq: 900 }]);
    } finally {
      await handle.usage.close();
      await handle.store.close();
    }
  });
});

describe('an export with checkpoints and public keys', () => {
  const files = () => ({
    events: join(folder, 'events.jsonl'),
    checkpoints: join(folder, 'checkpoints.jsonl'),
    keys: join(folder, 'keys.json'),
    isPart: false,
  });

  async function verifyLines(change: (lines: readonly string[]) => readonly string[]): Promise<AuditReport> {
    const lines = events.map((event) => jsonLine(provableEventWire(event)));
    writeFileSync(files().events, change(lines).join(''));
    writeFileSync(files().checkpoints, checkpoints.map((one) => jsonLine(checkpointWire(one))).join(''));
    writeFileSync(files().keys, JSON.stringify({ keys }));
    return verifyAuditFiles(files());
  }

  it('is sound as it was written, and shows every change of a line', async () => {
    expect(await verifyLines((lines) => lines)).toMatchObject({ sound: true, events: events.length });
    const changes: ((lines: readonly string[]) => readonly string[])[] = [
      (lines) => lines.toSpliced(2, 1),
      (lines) => lines.with(2, (lines[2] as string).replace('"action":"', '"action":"x')),
      (lines) => lines.with(2, (lines[2] as string).replace('{', '{"more":1,')),
      (lines) => lines.with(2, (lines[2] as string).replace('{', '{"seq":1,')),
      (lines) => lines.with(2, 'nothing at all\n'),
      (lines) => lines.slice(0, 2),
      () => [],
    ];
    for (const change of changes) expect((await verifyLines(change)).sound).toBe(false);
  });

  it('is sound where a sink was told a checkpoint twice, and verifies a part of the log as one', async () => {
    await verifyLines((lines) => lines);
    const [first = '', ...rest] = checkpoints.map((one) => jsonLine(checkpointWire(one)));
    writeFileSync(files().checkpoints, [first, first, ...rest].join(''));
    expect(await verifyAuditFiles(files())).toMatchObject({ sound: true, checkpoints: 2 });
    await verifyLines((lines) => lines.slice(2, -1));
    expect((await verifyAuditFiles(files())).sound).toBe(false);
    expect(await verifyAuditFiles({ ...files(), isPart: true })).toMatchObject({ sound: true });
  });
});
