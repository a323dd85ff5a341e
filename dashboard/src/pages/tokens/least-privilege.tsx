import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { GrantSuggestion, Token, Trial, UpdatedToken } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { Button, ConfirmDialog, DayOf, FailedNotice, say } from '../../ui/index.ts';
import { withGuarantee } from './guarantee.ts';
import { useForgetTokens, useTokenRights } from './token-queries.ts';

/** What a token used of what it holds, and the way to less: at once, or tried first. */
export function LeastPrivilege({ token }: { readonly token: Token }) {
  const { paths } = useDashboard();
  const { data, error, refetch } = useQuery<GrantSuggestion, ApiError>({
    queryKey: ['tokens', 'suggestion', token.id],
    queryFn: ({ signal }) =>
      call<GrantSuggestion>('GET', `${paths.tokens}/${encodeURIComponent(token.id)}/suggestion`, { signal }),
  });
  if (error !== null) return <FailedNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <div role="status" className="skeleton h-16">
        <span className="sr-only">On its way</span>
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      <p>{summary(data)}</p>
      {!data.complete && (
        <p className="text-sm text-soft">
          {data.known_from === null ? (
            'What it was used for is not known yet.'
          ) : (
            <>
              What it was used for is known since <DayOf at={data.known_from} /> alone: try a change first.
            </>
          )}
        </p>
      )}
      {data.unnamed_requests > 0 && (
        <p className="text-sm text-soft">
          {data.unnamed_requests.toLocaleString('en')} accepted requests named no permission: what they needed is not
          seen here.
        </p>
      )}
      {data.suggestion !== null && <Narrow token={token} told={data} />}
    </div>
  );
}

function summary({ verdict, held, unused, days }: GrantSuggestion): string {
  switch (verdict) {
    case 'inherits':
      return 'It may do whatever its owner may do, and has no permissions of its own to narrow.';
    case 'unused':
      return `It was not used in ${days} days.`;
    case 'unknown':
      return 'What it needs cannot be told from its requests.';
    case 'fits':
      return `It needed what it holds in the last ${days} days.`;
    case 'narrow':
      return `Uses ${held.length - unused.length} of ${held.length} permissions in ${days} days.`;
  }
}

interface NarrowProps {
  readonly token: Token;
  readonly told: GrantSuggestion;
}

function Narrow({ token, told: { suggestion, unused, complete } }: NarrowProps) {
  const { paths } = useDashboard();
  const client = useQueryClient();
  const forget = useForgetTokens();
  const mayEdit = useTokenRights()(token).edit;
  const [isAsking, setAsking] = useState(false);
  const observing = useMutation<Trial, ApiError>({
    mutationFn: () =>
      call<Trial>('POST', '/v1/trials', {
        body: { subject: { kind: 'token', id: token.id }, change: suggestion, name: 'Least privilege' },
      }),
    onSuccess: () => say('Observing for 14 days: nobody is refused. Under Trials you see who would be.'),
    onError: ({ message }) => say(message, 'bad'),
    onSettled: () => client.invalidateQueries({ queryKey: ['trials'] }),
  });
  const narrow = async () => {
    const { guarantee } = await call<UpdatedToken>('PATCH', `${paths.tokens}/${token.id}`, { body: suggestion });
    say(withGuarantee(`“${token.name}” holds what it uses.`, guarantee));
    forget();
  };
  const less =
    suggestion === null ? '' : 'level' in suggestion ? `Level ${suggestion.level}` : suggestion.permissions.join(', ');
  return (
    <>
      <dl className="grid gap-2 text-sm">
        <div>
          <dt className="text-soft">Would have been enough</dt>
          <dd className="font-mono break-words">{less}</dd>
        </div>
        <div>
          <dt className="text-soft">Not used</dt>
          <dd className="font-mono break-words">{unused.join(', ')}</dd>
        </div>
      </dl>
      {mayEdit && (
        <p className="flex flex-wrap gap-2">
          <Button busy={observing.isPending} onClick={() => observing.mutate()}>
            Try first
          </Button>
          {complete && <Button onClick={() => setAsking(true)}>Narrow</Button>}
        </p>
      )}
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Narrow “${token.name}”?`}
        confirmLabel="Narrow"
        busyLabel="Narrowing…"
        onConfirm={narrow}
      >
        <p>
          From now on requests that need anything else are refused: {unused.join(', ')}. It can be widened again at any
          time.
        </p>
      </ConfirmDialog>
    </>
  );
}
