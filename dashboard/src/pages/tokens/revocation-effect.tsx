import type { ApiError } from '../../api/api-error.ts';
import type { RevocationPreview, Token } from '../../api/operations.ts';
import { Icon, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';

type Ending = RevocationPreview['tokens'][number];

interface RevocationEffectProps {
  readonly token: Token;
  /** undefined until it is there. */
  readonly preview: RevocationPreview | undefined;
  /** The preview could not be had. */
  readonly isUnknown: boolean;
  readonly outcome: 'done' | ApiError | null;
}

/** What revoking one token ends: itself, others of its line, what was made with it; and how much each is in use. */
export function RevocationEffect({ token, preview, isUnknown, outcome }: RevocationEffectProps) {
  const words = useWords();
  const self = preview?.tokens.find(({ id }) => id === token.id);
  const others = preview?.tokens.filter(({ id }) => id !== token.id) ?? [];
  const line = others.filter(({ lineage_id }) => lineage_id === token.lineage_id);
  const children = others.filter(({ lineage_id }) => lineage_id !== token.lineage_id);
  const unlisted = preview === undefined ? 0 : preview.token_count - preview.tokens.length;
  return (
    <li className="grid gap-1 rounded-md border border-line px-3 py-2 text-ink">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium break-words">{token.name}</span>
        <span className="font-mono text-sm text-soft">{token.hint}</span>
      </span>
      <span className="text-sm">
        {preview === undefined ? (
          isUnknown ? (
            'How it is used cannot be told now.'
          ) : (
            'Looking up how it is used…'
          )
        ) : self === undefined ? (
          'It has ended already.'
        ) : (
          <InUse token={self} />
        )}
      </span>
      {line.map((one) => (
        <span key={one.id} className="text-sm">
          {one.state === 'superseded' ? 'The value before it' : 'Its successor'}{' '}
          <span className="font-mono">{one.hint}</span> ends too. <InUse token={one} />
        </span>
      ))}
      {preview?.successor_id != null && <span className="text-sm text-soft">Its successor goes on working.</span>}
      {children.length > 0 && (
        <div className="text-sm">
          What was made with it ends too:
          <ul className="mt-0.5 list-disc pl-4">
            {children.map((child) => (
              <li key={child.id}>
                <span className="font-medium break-words">{child.name}</span> ({child.owner.name ?? child.hint}).{' '}
                <InUse token={child} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {unlisted > 0 && (
        <span className="text-sm">
          And {unlisted} more {words.tokens}.
        </span>
      )}
      {outcome === 'done' && (
        <span className="flex items-center gap-1.5 text-sm text-good">
          <Icon name="check" /> Revoked
        </span>
      )}
      {outcome !== null && outcome !== 'done' && (
        <span className="flex gap-1.5 text-sm text-bad">
          <Icon name="alert" className="mt-0.5" /> {outcome.message}
        </span>
      )}
    </li>
  );
}

const number = new Intl.NumberFormat('en');

function InUse({ token }: { readonly token: Ending }) {
  const { allowed_last_day: uses, last_used_at, last_used_ip } = token;
  if (last_used_at === null) return <>Never used.</>;
  return (
    <>
      {uses === 0
        ? 'No request in the last 24 hours'
        : `${number.format(uses)} ${uses === 1 ? 'request' : 'requests'} in the last 24 hours`}
      ; last used <RelativeTime at={last_used_at} />
      {last_used_ip !== null && (
        <>
          {' '}
          from <span className="font-mono">{last_used_ip}</span>
        </>
      )}
      .
    </>
  );
}
