import { useQuery } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Page } from '../../api/cursor-pages.ts';
import type { Owner, Role } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { nameOf } from '../people/owner-words.tsx';

const SHOWN = 5;

/** Whom a change of a role concerns. */
export function Holders({ role }: { readonly role: Role }) {
  const users = useHolders('/v1/users', 'keyhouse-users:read', role);
  const accounts = useHolders('/v1/service-accounts', 'keyhouse-service-accounts:read', role);
  const owners = useHolders('/v1/owners', 'keyhouse-owners:read', role);
  const pages = [users, accounts, owners];
  if (pages.some((page) => page === undefined)) return null;
  const holders = pages.flatMap((page) => page?.data ?? []);
  const isMore = pages.some((page) => page?.next_cursor != null);
  if (holders.length === 0) return <p className="text-soft">Nobody has this role at the moment.</p>;
  const count = `${isMore ? 'More than ' : ''}${holders.length}`;
  return (
    <p>
      <strong className="font-medium">
        {holders.length === 1 && !isMore ? 'One has this role: ' : `${count} have this role: `}
      </strong>
      {holders.slice(0, SHOWN).map(nameOf).join(', ')}
      {holders.length > SHOWN || isMore ? ' and others.' : '.'}
    </p>
  );
}

function useHolders(path: string, needs: string, { id }: Role): Page<Owner> | undefined {
  const may = useMay();
  const isSeen = may(needs);
  const { data } = useQuery<Page<Owner>, ApiError>({
    queryKey: ['people', 'holders', path, id],
    queryFn: ({ signal }) => call<Page<Owner>>('GET', path, { query: { role_id: id, limit: 100 }, signal }),
    enabled: isSeen,
  });
  return isSeen ? data : { data: [], next_cursor: null };
}
