import type { Token } from '../../api/operations.ts';
import { Notice, RelativeTime } from '../../ui/index.ts';
import { usePredecessors } from './token-queries.ts';

/** Who still uses the values that this one replaced: what is left to change before, or after, they end. */
export function StillUsed({ token }: { readonly token: Token }) {
  const { data } = usePredecessors(token);
  const used = data?.data.filter((one) => one.still_used) ?? [];
  if (used.length === 0) return null;
  return (
    <Notice look="warn" className="mb-3">
      <ul className="grid gap-1">
        {used.map((one) => (
          <li key={one.id}>
            <span className="font-mono text-sm">{one.hint}</span>{' '}
            {one.state === 'superseded' ? 'is still used' : 'has ended and is still sent'}
            {one.last_used_at !== null && (
              <>
                {one.state === 'superseded' ? ': last' : ': last accepted'} <RelativeTime at={one.last_used_at} />
                {one.last_used_ip !== null && ` from ${one.last_used_ip}`}
              </>
            )}
            {one.state === 'superseded' ? (
              <>
                . It ends <RelativeTime at={one.ends_at} />.
              </>
            ) : (
              `, refused ${one.refused === 1 ? 'once' : `${one.refused} times`} since.`
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
