import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { useWords } from '../../words.ts';
import { reasonLabel } from '../denials/denial-words.ts';
import { Card, countText } from './card.tsx';
import type { Period } from './overview.tsx';
import { Share } from './top-tokens.tsx';

interface RefusalReasonsProps {
  readonly overview: Overview;
  readonly period: Period;
}

/** Why requests were refused: of tokens that are known, and of what nobody has, apart from one another. */
export function RefusalReasons({ overview, period }: RefusalReasonsProps) {
  const words = useWords();
  const { refused_by_reason: known, unrecognised_by_reason: unknown } = overview;
  if (known.length === 0 && (unknown ?? []).length === 0) return null;
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <Card title={`Refused with ${words.aToken}`} lead="The request carried one that is known here.">
        <Reasons rows={known} period={period} />
      </Card>
      {unknown !== null && (
        <Card title={`Refused without ${words.aToken}`} lead="Nothing was sent, or something that is not known here.">
          <Reasons rows={unknown} period={period} />
        </Card>
      )}
    </div>
  );
}

function Reasons({
  rows,
  period,
}: {
  readonly rows: Overview['refused_by_reason'];
  readonly period: Period;
}): ReactNode {
  const words = useWords();
  const may = useMay();
  if (rows.length === 0) return <p className="px-5 py-4 text-soft">None in this time.</p>;
  const most = rows[0]?.count ?? 1;
  return (
    <ol>
      {rows.map(({ reason, count }) => (
        <li key={reason} className="border-t border-line px-5 py-2.5 first:border-t-0">
          <div className="flex items-baseline justify-between gap-4">
            {may('keyhouse-denials:read') ? (
              <Link to="/denials" search={{ reason, period } as never} className="hover:text-accent hover:underline">
                {reasonLabel(reason, words)}
              </Link>
            ) : (
              reasonLabel(reason, words)
            )}
            <span className="tabular-nums">{countText(count)}</span>
          </div>
          <Share part={count / most} look="bg-bad" />
        </li>
      ))}
    </ol>
  );
}
