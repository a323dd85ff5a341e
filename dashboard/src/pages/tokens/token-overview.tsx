import type { ReactNode } from 'react';
import type { Token } from '../../api/operations.ts';
import { DayOf, exactTime, Fact, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ActorName } from './actor-name.tsx';
import { AutomaticRotation } from './automatic-rotation.tsx';
import { LeastPrivilege } from './least-privilege.tsx';
import { OwnerLink } from './owner-link.tsx';
import { StillUsed } from './still-used.tsx';
import { TokenLimits } from './token-limits.tsx';
import { TokenLine } from './token-line.tsx';
import { TokenPermissions } from './token-permissions.tsx';
import { ownerName } from './token-words.tsx';

/** What a token is and may do now. */
export function TokenOverview({ token }: { readonly token: Token }) {
  const words = useWords();
  return (
    <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
      <Section title="What it may do now">
        <TokenPermissions token={token} />
      </Section>
      {(token.state === 'active' || token.state === 'superseded' || token.state === 'disabled') && (
        <Section title="What it uses">
          <LeastPrivilege token={token} />
        </Section>
      )}
      <Section title="About it">
        <Facts token={token} />
      </Section>
      <Section title="Limits">
        <TokenLimits token={token} />
      </Section>
      <Section title="Rotation">
        <AutomaticRotation token={token} />
        <StillUsed token={token} />
        <TokenLine token={token} word={words.token} />
      </Section>
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h2 className="mb-3 text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Facts({ token }: { readonly token: Token }) {
  const { owner, workspace } = token;
  const person = [owner.email, owner.external_id].filter((text) => text !== null && text !== ownerName(token));
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2.5 max-sm:grid-cols-[6.5rem_minmax(0,1fr)]">
      <Fact label="Owner">
        <OwnerLink token={token} />
        {person.length > 0 && <span className="block text-sm break-words text-soft">{person.join(' · ')}</span>}
      </Fact>
      <Fact label="Workspace">{workspace.name}</Fact>
      {token.environment !== null && <Fact label="Environment">{token.environment === 'test' ? 'Test' : 'Live'}</Fact>}
      <Fact label="Addresses">
        {token.ip_allowlist === null ? (
          'Any address'
        ) : (
          <ul className="font-mono text-sm">
            {token.ip_allowlist.map((entry) => (
              <li key={entry} className="break-all">
                {entry}
              </li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact label="Expires">
        {token.expires_at === null ? (
          'Never by itself'
        ) : (
          <>
            <DayOf at={token.expires_at} />{' '}
            <span className="text-soft">
              (<RelativeTime at={token.expires_at} />)
            </span>
          </>
        )}
      </Fact>
      <Fact label="Last used">
        <LastUsed token={token} />
      </Fact>
      <Fact label="Created">
        <RelativeTime at={token.created_at} /> by <ActorName actor={token.created_by} />
        <span className="block text-sm text-soft">
          {exactTime(token.created_at)}
          {token.imported_from !== null && `; imported from ${token.imported_from}`}
        </span>
      </Fact>
      {Object.keys(token.metadata).length > 0 && (
        <Fact label="Notes">
          <dl className="grid gap-0.5 text-sm">
            {Object.entries(token.metadata).map(([name, value]) => (
              <div key={name} className="flex flex-wrap gap-x-2">
                <dt className="text-soft">{name}</dt>
                <dd className="font-mono break-all">{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </Fact>
      )}
    </dl>
  );
}

function LastUsed({ token: { last_used_at, last_used_ip } }: { readonly token: Token }) {
  if (last_used_at === null) return <>Never</>;
  return (
    <>
      <RelativeTime at={last_used_at} />
      {last_used_ip !== null && (
        <>
          {' '}
          from <span className="font-mono text-sm">{last_used_ip}</span>
        </>
      )}
    </>
  );
}
