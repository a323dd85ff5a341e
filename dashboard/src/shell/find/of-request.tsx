import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/queries.ts';

/** A request that was not refused may have changed something. */
export function OfRequest({ id, onGo }: { readonly id: string; readonly onGo: () => void }) {
  const may = useMay();
  if (!may('keyhouse-audit:read')) return null;
  return (
    <p className="mt-4">
      <Link to="/audit" search={{ id } as never} onClick={onGo} className="text-accent underline underline-offset-2">
        What this request has changed
      </Link>
    </p>
  );
}
