import type { TokenOptions } from '../../../api/operations.ts';
import { Notice, RelativeTime } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { ownerName } from '../token-words.tsx';

/** Where an owner has one at a time: the one that a new one ends. */
export function Replaces({ options }: { readonly options: TokenOptions }) {
  const words = useWords();
  const [replaced] = options.replaces;
  if (replaced === undefined) return null;
  const whose = options.is_self ? 'You have' : `${ownerName(options)} has`;
  return (
    <Notice look="warn">
      {whose} {words.aToken} already: <strong className="font-medium">{replaced.name}</strong>{' '}
      <span className="font-mono text-sm whitespace-nowrap">{replaced.hint}</span>,{' '}
      {replaced.last_used_at === null ? (
        'never used'
      ) : (
        <>
          last used <RelativeTime at={replaced.last_used_at} />
        </>
      )}
      . A new one replaces it: whatever uses it stops working at once, until it gets the new one.
    </Notice>
  );
}
