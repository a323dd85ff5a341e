import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../ports/index.ts';
import { sampleDraft } from '../../testing/sample-records.ts';
import { CHAIN_START, canonicalEvent, chainHash, commitment, verifyAuditChain } from './audit-chain.ts';

function chainOf(count: number): AuditEvent[] {
  const events: AuditEvent[] = [];
  let previousHash = CHAIN_START;
  for (let index = 0; index < count; index++) {
    const { personal, ...fields } = sampleDraft({ details: { index }, requestId: `req_${index}` });
    const chained = { ...fields, seq: 2 * index + 1, commitments: { ip: 'c'.repeat(64) } };
    const hash = chainHash(previousHash, chained);
    events.push({ ...chained, personal, previousHash, hash });
    previousHash = hash;
  }
  return events;
}

const events = chainOf(6);
const end = { seq: 11, hash: events[5]?.hash ?? '' };

describe('the audit chain', () => {
  it('verifies as it was written, whole or in pieces', () => {
    expect(verifyAuditChain(events, undefined, end)).toEqual({ sound: true, ...end });
    const first = verifyAuditChain(events.slice(0, 3));
    expect(first).toMatchObject({ sound: true, seq: 5 });
    if (first.sound) expect(verifyAuditChain(events.slice(3), first, end)).toEqual({ sound: true, ...end });
    expect(verifyAuditChain([], undefined, { seq: 0, hash: CHAIN_START })).toMatchObject({ sound: true, seq: 0 });
  });

  it('stays sound when personal clear text is erased', () => {
    expect(verifyAuditChain(events.map((event) => ({ ...event, personal: {} }))).sound).toBe(true);
  });

  it('finds an edit of any field, in any event', () => {
    const edits: Partial<AuditEvent>[] = [
      { at: 1 },
      { action: 'token.read' },
      { actor: { kind: 'user', id: null } },
      { actor: { kind: 'operator', id: 'x' } },
      { onBehalfOf: { kind: 'user', id: 'own_1' } },
      { subject: { kind: 'owner', id: 'own_1' } },
      { workspaceId: 'wsp_1' },
      { requestId: null },
      { details: { index: 1, more: true } },
      { commitments: {} },
    ];
    for (const edit of edits) {
      const edited = events.map((event) => (event.seq === 5 ? { ...event, ...edit } : event));
      expect(verifyAuditChain(edited)).toEqual({ sound: false, seq: 5, problem: 'content' });
    }
  });

  it('finds an event whose hash was recomputed after an edit, at the next one', () => {
    const edited = events.map((event) => {
      if (event.seq !== 5) return event;
      const changed = { ...event, details: { index: 99 } };
      return { ...changed, hash: chainHash(event.previousHash, changed) };
    });
    expect(verifyAuditChain(edited)).toEqual({ sound: false, seq: 7, problem: 'link' });
  });

  it('finds a deletion, an insertion and a reordering', () => {
    expect(verifyAuditChain(events.toSpliced(2, 1))).toEqual({ sound: false, seq: 7, problem: 'link' });
    expect(verifyAuditChain(events.slice(1))).toEqual({ sound: false, seq: 3, problem: 'link' });
    const inserted = events.toSpliced(2, 0, { ...(events[2] as AuditEvent), seq: 4 });
    expect(verifyAuditChain(inserted)).toEqual({ sound: false, seq: 4, problem: 'content' });
    const [a, b, ...rest] = events as [AuditEvent, AuditEvent, ...AuditEvent[]];
    expect(verifyAuditChain([b, a, ...rest]).sound).toBe(false);
    expect(verifyAuditChain([a, a, b])).toEqual({ sound: false, seq: 1, problem: 'order' });
  });

  it('finds a cut-off tail by the head the epoch row remembers', () => {
    expect(verifyAuditChain(events.slice(0, -1)).sound).toBe(true);
    expect(verifyAuditChain(events.slice(0, -1), undefined, end)).toEqual({ sound: false, seq: 11, problem: 'end' });
  });

  it('has one canonical form whatever the order of keys, and keeps it through storage', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(json, (details) => {
        const { personal, ...fields } = sampleDraft({ details });
        const event = { ...fields, seq: 1, commitments: {} };
        const reversed = Object.fromEntries(Object.entries(details).reverse());
        const stored = JSON.parse(JSON.stringify(details));
        expect(canonicalEvent({ ...event, details: reversed })).toBe(canonicalEvent(event));
        expect(canonicalEvent({ ...event, details: stored })).toBe(canonicalEvent(event));
      }),
    );
  });

  it('has the published canonical form', () => {
    const [first] = events as [AuditEvent];
    const text =
      '[1,1,1700000000000,"token.created",["operator",null],null,null,null,"req_0",{"index":0},{"ip":"' +
      `${'c'.repeat(64)}"}]`;
    expect(canonicalEvent(first)).toBe(text);
    expect(first.hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('commits to a personal value under its salt and field', () => {
    const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    const expected = createHash('sha256')
      .update(Buffer.concat([salt, Buffer.from('\0ip\x00203.0.113.5')]))
      .digest('hex');
    expect(commitment(salt, 'ip', '203.0.113.5')).toBe(expected);
    expect(commitment(salt, 'i', 'p')).not.toBe(commitment(salt, 'ip', ''));
  });
});
