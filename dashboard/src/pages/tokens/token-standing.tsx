import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Token } from '../../api/operations.ts';
import { exactTime, Notice, RelativeTime } from '../../ui/index.ts';
import { useWords, type Words } from '../../words.ts';

/** What is out of the ordinary about a token, and what to do: nothing for one that simply works. */
export function TokenStanding({ token }: { readonly token: Token }) {
  const words = useWords();
  const said = sentenceOf(token, words);
  if (said === null) return null;
  const look =
    token.rotation.state === 'overdue' || token.state === 'disabled' || token.state === 'superseded' ? 'warn' : 'info';
  return (
    <Notice look={look} className="mb-5">
      {said}
    </Notice>
  );
}

function sentenceOf(token: Token, words: Words): ReactNode {
  switch (token.state) {
    case 'active':
      return token.rotation.state === 'claimable' || token.rotation.state === 'overdue' ? (
        <p>
          {token.rotation.state === 'overdue' ? 'Its rotation is overdue' : 'Its rotation is due'}: a new value waits
          since <When at={token.rotation.due_at} />. Whoever looks after it has the link; or rotate it here.
        </p>
      ) : null;
    case 'disabled':
      return <p>Disabled: every request with it is refused, until it is enabled again.</p>;
    case 'superseded':
      return (
        <p>
          Rotated: this value stops working <When at={token.ends_at} />. Use its successor from now on.{' '}
          <SuccessorLink token={token} />
        </p>
      );
    case 'replaced':
      return (
        <p>
          Replaced: this value stopped working <When at={token.ends_at} />. <SuccessorLink token={token} />
        </p>
      );
    case 'expired':
      return (
        <p>
          Expired <When at={token.expires_at} />. It never works again: make another {words.token}.
        </p>
      );
    case 'revoked':
      return (
        <p>
          Revoked <When at={token.revoked_at} />. It never works again: make another {words.token}.
        </p>
      );
  }
}

function SuccessorLink({ token }: { readonly token: Token }) {
  if (token.superseded_by === null) return null;
  return (
    <Link to="/tokens/$id" params={{ id: token.superseded_by }} className="font-medium underline">
      Show the successor
    </Link>
  );
}

function When({ at }: { readonly at: string | null }) {
  if (at === null) return null;
  return (
    <>
      <RelativeTime at={at} /> ({exactTime(at)})
    </>
  );
}
