import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Owner } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import { DayOf, Notice, RelativeTime } from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { Memberships } from '../people/memberships.tsx';
import { OwnerFacts } from '../people/owner-facts.tsx';
import { OwnerTokens } from '../people/owner-tokens.tsx';
import { nameOf, OwnerState, workspaceFor } from '../people/owner-words.tsx';
import { recordQuery } from '../people/people-queries.ts';
import { RecordFrame } from '../people/record-frame.tsx';
import { DisableButton } from '../people/stop-owner.tsx';
import { CreateTokenFor } from '../tokens/create/create-token-for.tsx';

const NOT_UNDONE = 'Your own system does not undo it: only enabling here does.';

/** One owner as the provider's system told of them. */
export default function OwnerRecord() {
  const { externalId = '' } = useParams({ strict: false }) as { readonly externalId?: string };
  const path = `/v1/owners/${encodeURIComponent(externalId)}`;
  const query = useQuery(recordQuery<Owner>(path));
  const words = useWords();
  const may = useMay();
  const { workspace } = useSession();
  return (
    <RecordFrame
      query={query}
      what="owner"
      crumbs={[{ label: PEOPLE }, { label: 'Owners', to: '/owners' }]}
      nameOf={nameOf}
      badge={(owner) => <OwnerState owner={owner} />}
      actions={(owner) => (
        <>
          {may('keyhouse-owners:write') && <DisableButton owner={owner} path={path} alsoStops={NOT_UNDONE} />}
          {!owner.disabled && <CreateTokenFor owner={owner} workspaceId={workspaceFor(owner, workspace.id)} />}
        </>
      )}
    >
      {(owner) => (
        <>
          {owner.disabled_by_provider_at !== null && (
            <Notice look="warn">
              Your system disabled this owner <RelativeTime at={owner.disabled_by_provider_at} />. No {words.token} of
              theirs works until your system enables them again, whatever is done here.
            </Notice>
          )}
          <OwnerFacts
            facts={[
              { label: 'Id in your system', value: <span className="font-mono text-sm">{owner.external_id}</span> },
              { label: 'E-mail', value: owner.email ?? 'None' },
              { label: 'Known since', value: <DayOf at={owner.created_at} /> },
              { label: 'Id here', value: <span className="font-mono text-sm">{owner.id}</span> },
              ...disabledFacts(owner),
            ]}
          />
          <Memberships owner={owner} path={path} mayChange={false} />
          <OwnerTokens ownerId={owner.id} whose={nameOf(owner)} />
        </>
      )}
    </RecordFrame>
  );
}

function disabledFacts({ disabled_at, disabled_by_provider_at }: Owner) {
  return [
    ...(disabled_at === null ? [] : [{ label: 'Disabled here', value: <RelativeTime at={disabled_at} /> }]),
    ...(disabled_by_provider_at === null
      ? []
      : [{ label: 'Disabled by your system', value: <RelativeTime at={disabled_by_provider_at} /> }]),
  ];
}
