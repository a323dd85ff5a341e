import type { ReactNode } from 'react';
import { useAddressFields } from '../../api/address-fields.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Denial } from '../../api/operations.ts';
import { Dialog, Pagination, Table } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { denialColumns } from './denial-columns.tsx';
import { Explanation } from './explanation.tsx';

interface DenialTableProps {
  readonly label: string;
  /** How the server is asked, at a time in milliseconds. */
  readonly asked: (nowMs: number) => Readonly<Record<string, string>>;
  /** Whether they are of many tokens, which then are named. */
  readonly withToken: boolean;
  readonly expected?: number;
  readonly empty: ReactNode;
}

/** Refused requests, newest first. Each opens to its explanation, in the address, so that it can be sent to somebody. */
export function DenialTable({ label, asked, withToken, expected = 8, empty }: DenialTableProps) {
  const words = useWords();
  const { table, pagination } = useCursorPages<Denial>(['denials', 'list'], '/v1/denials', asked);
  const [{ refusal }, change] = useAddressFields({ refusal: '' });
  return (
    <>
      <Table
        {...table}
        label={label}
        columns={denialColumns(words, { open: (requestId) => change({ refusal: requestId }), withToken })}
        rowKey={({ request_id }) => request_id}
        expected={expected}
        empty={empty}
      />
      <Pagination {...pagination} />
      <Dialog open={refusal !== ''} onClose={() => change({ refusal: '' })} title="Why it was refused">
        {refusal !== '' && <Explanation requestId={refusal} />}
      </Dialog>
    </>
  );
}
