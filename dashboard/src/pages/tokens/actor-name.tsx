import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call } from '../../api/call.ts';
import type { Token } from '../../api/operations.ts';
import { useDashboard, useMay, useSession } from '../../api/queries.ts';
import { useWords } from '../../words.ts';
import { hasPage } from '../index.ts';

interface Actor {
  readonly kind: string;
  readonly id: string | null;
}

/** Who did something: by name where whoever is signed in may know it, and as a link where a page tells more. */
export function ActorName({ actor }: { readonly actor: Actor }): ReactNode {
  const words = useWords();
  const { user } = useSession();
  if (actor.kind === 'user' && actor.id === user.id) return 'you';
  switch (actor.kind) {
    case 'user':
    case 'service_account':
      return <PersonName actor={actor} />;
    case 'token':
      return actor.id === null ? words.aToken : <TokenName id={actor.id} />;
    case 'operator':
      return 'somebody on the command line';
    case 'host':
      return 'the application';
    case 'system':
      return 'Keyhouse itself';
    default:
      return actor.id ?? actor.kind;
  }
}

function PersonName({ actor: { kind, id } }: { readonly actor: Actor }) {
  const isUser = kind === 'user';
  const may = useMay();
  const path = isUser ? '/v1/users' : '/v1/service-accounts';
  const { data } = useQuery({
    queryKey: ['people', 'name', id],
    queryFn: ({ signal }) => call<{ name: string | null; email?: string | null }>('GET', `${path}/${id}`, { signal }),
    enabled: id !== null && may(isUser ? 'keyhouse-users:read' : 'keyhouse-service-accounts:read'),
    staleTime: 5 * 60_000,
  });
  return <>{data?.name ?? data?.email ?? (isUser ? 'a user' : 'a service account')}</>;
}

function TokenName({ id }: { readonly id: string }) {
  const words = useWords();
  const { paths } = useDashboard();
  const { data } = useQuery({
    queryKey: ['tokens', 'one', id],
    queryFn: ({ signal }) => call<Token>('GET', `${paths.tokens}/${id}`, { signal }),
  });
  if (data === undefined) return <>{words.aToken}</>;
  if (!hasPage('/tokens/$id')) return <>{data.name}</>;
  return (
    <>
      the {words.token}{' '}
      <Link to="/tokens/$id" params={{ id }} className="text-accent underline">
        {data.name}
      </Link>
    </>
  );
}
