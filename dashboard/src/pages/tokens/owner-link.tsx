import { Link } from '@tanstack/react-router';
import type { Token } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { ownerName } from './token-words.tsx';

const LINK = 'text-accent hover:underline';

/** Whose a token is, with the way to the record of who that is, for who may see it. */
export function OwnerLink({ token }: { readonly token: Pick<Token, 'owner'> }) {
  const may = useMay();
  const { kind, id, external_id: externalId } = token.owner;
  const name = ownerName(token);
  if (kind === 'user' && may('keyhouse-users:read')) {
    return (
      <Link to="/people/$id" params={{ id }} className={LINK}>
        {name}
      </Link>
    );
  }
  if (kind === 'service_account' && may('keyhouse-service-accounts:read')) {
    return (
      <Link to="/service-accounts/$id" params={{ id }} className={LINK}>
        {name}
      </Link>
    );
  }
  if (externalId !== null && may('keyhouse-owners:read')) {
    return (
      <Link to="/owners/$externalId" params={{ externalId }} className={LINK}>
        {name}
      </Link>
    );
  }
  return <>{name}</>;
}
