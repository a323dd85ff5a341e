import { Link } from '@tanstack/react-router';
import type { Token } from '../../api/operations.ts';
import { classes, ErrorNotice, RelativeTime } from '../../ui/index.ts';
import { useLine } from './token-queries.ts';
import { StateBadge } from './token-words.tsx';

/** The line of a token: what came before it and after it, and until when which of them works. */
export function TokenLine({ token, word }: { readonly token: Token; readonly word: string }) {
  const { data, error } = useLine(token.lineage_id);
  const isAlone = token.supersedes === null && token.superseded_by === null;
  if (isAlone) {
    return (
      <p className="text-soft">
        Never rotated. Rotating gives it a new value, and the old one goes on working for a while, so that you can
        change it where the {word} is used.
      </p>
    );
  }
  if (error !== null) return <ErrorNotice error={error} />;
  return (
    <ol aria-label="Rotation line, newest first" className="grid gap-1">
      {(data?.data ?? [token]).map((one) => (
        <li
          key={one.id}
          className={classes(
            'flex flex-wrap items-center gap-x-3 gap-y-0.5 rounded-md px-2.5 py-1.5',
            one.id === token.id && 'bg-raised',
          )}
        >
          {one.id === token.id ? (
            <span className="font-mono text-sm font-medium">{one.hint}</span>
          ) : (
            <Link to="/tokens/$id" params={{ id: one.id }} className="font-mono text-sm text-accent hover:underline">
              {one.hint}
            </Link>
          )}
          <StateBadge state={one.state} />
          <span className="text-sm text-soft">
            {one.id === token.id && 'this one, '}made <RelativeTime at={one.created_at} />
            {one.state === 'superseded' && one.ends_at !== null && (
              <>
                , stops <RelativeTime at={one.ends_at} />
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
