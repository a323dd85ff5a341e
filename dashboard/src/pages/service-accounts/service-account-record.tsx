import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Owner } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import { Button, DayOf } from '../../ui/index.ts';
import { PEOPLE } from '../../words.ts';
import { Memberships } from '../people/memberships.tsx';
import { OwnerFacts } from '../people/owner-facts.tsx';
import { OwnerTokens } from '../people/owner-tokens.tsx';
import { nameOf, OwnerState, workspaceFor } from '../people/owner-words.tsx';
import { recordQuery } from '../people/people-queries.ts';
import { RecordFrame } from '../people/record-frame.tsx';
import { DeleteDialog, DisableButton } from '../people/stop-owner.tsx';
import { CreateTokenFor } from '../tokens/create/create-token-for.tsx';

/** One service account: what it may do, and what works in its name. */
export default function ServiceAccountRecord() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const path = `/v1/service-accounts/${encodeURIComponent(id)}`;
  const query = useQuery(recordQuery<Owner>(path));
  const may = useMay();
  const { workspace } = useSession();
  const [isDeleting, setDeleting] = useState(false);
  const mayChange = may('keyhouse-service-accounts:write');
  return (
    <RecordFrame
      query={query}
      what="service account"
      crumbs={[{ label: PEOPLE }, { label: 'Service accounts', to: '/service-accounts' }]}
      nameOf={nameOf}
      badge={(account) => <OwnerState owner={account} />}
      actions={(account) => (
        <>
          {mayChange && (
            <>
              <Button onClick={() => setDeleting(true)}>Delete</Button>
              <DisableButton owner={account} path={path} />
              <DeleteDialog
                owner={account}
                path={path}
                open={isDeleting}
                onClose={() => setDeleting(false)}
                back="/service-accounts"
              />
            </>
          )}
          {!account.disabled && <CreateTokenFor owner={account} workspaceId={workspaceFor(account, workspace.id)} />}
        </>
      )}
    >
      {(account) => (
        <>
          <OwnerFacts
            facts={[
              { label: 'Created', value: <DayOf at={account.created_at} /> },
              { label: 'Id', value: <span className="font-mono text-sm">{account.id}</span> },
            ]}
          />
          <Memberships owner={account} path={path} mayChange={mayChange} />
          <OwnerTokens ownerId={account.id} whose={nameOf(account)} />
        </>
      )}
    </RecordFrame>
  );
}
