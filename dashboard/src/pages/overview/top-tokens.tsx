import { Link } from '@tanstack/react-router';
import type { Overview } from '../../api/operations.ts';
import { hasPage } from '../index.ts';
import { ownerName } from '../tokens/token-words.tsx';
import { Card, countText } from './card.tsx';

interface TopTokensProps {
  readonly title: string;
  readonly rows: Overview['top_accepted'];
  /** Of the page of a token. */
  readonly tab: string;
}

/** The tokens that stand out, most first. */
export function TopTokens({ title, rows, tab }: TopTokensProps) {
  const most = rows[0]?.count ?? 1;
  return (
    <Card title={title}>
      {rows.length === 0 ? (
        <p className="px-5 py-4 text-soft">None in this time.</p>
      ) : (
        <ol>
          {rows.map(({ token, count }) => (
            <li key={token.id} className="border-t border-line px-5 py-2.5 first:border-t-0">
              <div className="flex items-baseline justify-between gap-4">
                <span className="min-w-0">
                  {hasPage('/tokens/$id') ? (
                    <Link
                      to="/tokens/$id"
                      params={{ id: token.id } as never}
                      search={{ tab } as never}
                      className="font-medium break-words hover:text-accent hover:underline"
                    >
                      {token.name}
                    </Link>
                  ) : (
                    <span className="font-medium break-words">{token.name}</span>
                  )}{' '}
                  <span className="text-sm text-soft">{ownerName(token)}</span>
                </span>
                <span className="tabular-nums">{countText(count)}</span>
              </div>
              <Share part={count / most} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** A thin bar; the number beside it says the same. */
export function Share({ part, look = 'bg-accent' }: { readonly part: number; readonly look?: string }) {
  return (
    <div aria-hidden="true" className="mt-1 h-1 rounded-full bg-hover">
      <div className={`h-1 rounded-full ${look}`} style={{ width: `${Math.max(1, part * 100)}%` }} />
    </div>
  );
}
