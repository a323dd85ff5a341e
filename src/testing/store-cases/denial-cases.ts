import { deepEqual, equal } from 'node:assert/strict';
import type { DenialLog, DenialRecord } from '../../ports/index.ts';
import { sampleDenial, sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const DAY = 86_400_000;

async function idsOf(denials: DenialLog, filter: Parameters<DenialLog['list']>[0]): Promise<string[]> {
  const { rows } = await denials.list(filter, { limit: 100, after: null });
  return rows.map(({ requestId }) => requestId);
}

/** `count` denials of one workspace of their own, a millisecond apart. */
function several(count: number, fields: Partial<DenialRecord>): DenialRecord[] {
  return Array.from({ length: count }, (_, index) => sampleDenial({ ...fields, at: (fields.at ?? 0) + index }));
}

/** Denials: kept, found, listed and bounded. Trimming knows no other suite's rows, so it comes last. */
export const denialCases: readonly StoreCase[] = [
  {
    title: 'a denial is found by its request id as it was recorded, and keeps its first record',
    async run({ denials }) {
      const record = sampleDenial({
        path: `/v1/${'ü'.repeat(300)}'"\\`,
        details: { ...sampleDenial().details, rule: { methods: '*', path: '/v1/{id}' }, retryAfterMs: null },
      });
      await denials.add([record, sampleDenial({ method: null, path: null, ip: null, tokenId: null, lineageId: null })]);
      await denials.add([{ ...record, reason: 'rate_limited' }]);
      await denials.add([]);
      deepEqual(await denials.find(record.requestId), record);
      equal(await denials.find(sampleId('req')), null);
    },
  },
  {
    title: 'denials are listed newest first, page by page, each once, also where many share an instant',
    async run({ denials }) {
      const workspaceId = sampleId('wsp');
      const records = [
        ...several(3, { workspaceId, at: 50 }),
        ...Array.from({ length: 4 }, () => sampleDenial({ workspaceId, at: 51 })),
      ];
      await denials.add(records);
      const seen: string[] = [];
      let after: Parameters<DenialLog['list']>[1]['after'] = null;
      do {
        const page = await denials.list({ workspaceId }, { limit: 3, after });
        seen.push(...page.rows.map(({ requestId }) => requestId));
        after = page.next;
      } while (after !== null);
      const byAge = (a: DenialRecord, b: DenialRecord) => b.at - a.at || (a.requestId < b.requestId ? 1 : -1);
      deepEqual(
        seen,
        records.sort(byAge).map(({ requestId }) => requestId),
      );
    },
  },
  {
    title: 'denials are found by each thing they can be looked for',
    async run({ denials }) {
      const workspaceId = sampleId('wsp');
      const own = { workspaceId, tokenId: sampleId('tok'), lineageId: sampleId('lin'), ownerId: sampleId('own') };
      const wanted = sampleDenial({ ...own, ip: '2001:db8::7', reason: 'ip_restricted', at: 20 });
      await denials.add([wanted, sampleDenial({ workspaceId, at: 10 }), sampleDenial({ workspaceId, at: 30 })]);
      for (const filter of [
        { tokenId: own.tokenId },
        { lineageId: own.lineageId },
        { ownerId: own.ownerId },
        { workspaceId, reason: 'ip_restricted' },
        { workspaceId, ip: '2001:db8::7' },
        { workspaceId, from: 20, to: 30 },
      ]) {
        deepEqual(await idsOf(denials, filter), [wanted.requestId], JSON.stringify(filter));
      }
    },
  },
  {
    title: 'trimming takes what is too old, and the oldest beyond each half of the bound',
    async run({ denials }) {
      const [known, unknown] = [sampleId('wsp'), sampleId('wsp')];
      const late = 4_000_000_000_000;
      const old = several(2_500, { workspaceId: known, at: late - 40 * DAY });
      const tokens = several(7, { workspaceId: known, at: late });
      const others = several(20, { workspaceId: unknown, at: late, tokenId: null, lineageId: null });
      await denials.add([...old, ...tokens, ...others]);
      await denials.trim(late - 30 * DAY, 20);
      deepEqual(await idsOf(denials, { workspaceId: known }), tokens.map(({ requestId }) => requestId).reverse());
      deepEqual(
        await idsOf(denials, { workspaceId: unknown }),
        others
          .slice(10)
          .map(({ requestId }) => requestId)
          .reverse(),
      );
    },
  },
];
