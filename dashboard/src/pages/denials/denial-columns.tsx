import { Link } from '@tanstack/react-router';
import type { Denial } from '../../api/operations.ts';
import { Button, type Column, RelativeTime } from '../../ui/index.ts';
import type { Words } from '../../words.ts';
import { hasPage } from '../index.ts';
import { reasonLabel } from './denial-words.ts';

interface ColumnsOf {
  readonly open: (requestId: string) => void;
  /** Whether the list is of many tokens, which then are named. */
  readonly withToken: boolean;
}

/** One refused request in a row. */
export function denialColumns(words: Words, { open, withToken }: ColumnsOf): readonly Column<Denial>[] {
  const token: Column<Denial> = { id: 'token', header: words.Token, cell: (denial) => <TokenCell denial={denial} /> };
  return [
    {
      id: 'request',
      header: 'Request',
      heads: true,
      cell: ({ method, path, request_id }) => (
        <span className="font-mono text-sm break-all">
          {[method, path].filter((part) => part !== null).join(' ') || request_id}
        </span>
      ),
    },
    {
      id: 'reason',
      header: 'Why',
      cell: ({ reason, missing }) => (
        <span>
          {reasonLabel(reason, words)}
          {missing.length > 0 && <span className="text-soft">: {missing.join(', ')}</span>}
        </span>
      ),
    },
    ...(withToken ? [token] : []),
    { id: 'ip', header: 'From', cell: ({ ip }) => <span className="font-mono text-sm">{ip ?? 'unknown'}</span> },
    { id: 'at', header: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
    {
      id: 'explain',
      header: 'Explanation',
      headerHidden: true,
      align: 'right',
      cell: ({ request_id }) => (
        <Button size="small" onClick={() => open(request_id)}>
          Explain
        </Button>
      ),
    },
  ];
}

function TokenCell({ denial: { token } }: { readonly denial: Denial }) {
  if (token === null) return <span className="text-soft">None known</span>;
  const name = token.name === '' ? (token.hint ?? token.id) : token.name;
  if (!hasPage('/tokens/$id')) return <>{name}</>;
  return (
    <Link to="/tokens/$id" params={{ id: token.id } as never} className="break-words hover:text-accent hover:underline">
      {name}
    </Link>
  );
}
