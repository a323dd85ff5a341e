import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Page } from '../../api/cursor-pages.ts';
import type { Owner, Token } from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import { hasPage } from '../../pages/index.ts';
import { ownerName, StateBadge } from '../../pages/tokens/token-words.tsx';
import { ErrorNotice } from '../../ui/index.ts';
import { useWords } from '../../words.ts';

const ROWS = 6;

interface FoundByWordsProps {
  readonly words: string;
  readonly onGo: () => void;
}

/** Tokens by name or hint, people and owners by name, e-mail address or the company's own id. */
export function FoundByWords({ words: search, onGo }: FoundByWordsProps) {
  const words = useWords();
  const may = useMay();
  const { paths } = useDashboard();
  const tokens = useFound<Token>(paths.tokens, search);
  const users = useFound<Owner>('/v1/users', search, may('keyhouse-users:read'));
  const owners = useFound<Owner>('/v1/owners', search, may('keyhouse-owners:read'));
  const searches = [tokens, users, owners];
  const error = searches.find((one) => one.error !== null)?.error ?? null;
  if (error !== null) return <ErrorNotice error={error} />;
  if (searches.some(({ isFetching, data }) => isFetching && data === undefined)) {
    return <p className="text-soft">Looking …</p>;
  }
  if (searches.every(({ data }) => (data?.data.length ?? 0) === 0)) {
    return (
      <p>
        Nothing is called that. Names are found by any part of them, hints by their beginning or end, request ids and
        ids only whole.
      </p>
    );
  }
  return (
    <div className="grid gap-5">
      <Group title={words.Tokens}>
        {(tokens.data?.data ?? []).map((token) => (
          <Row key={token.id} to="/tokens/$id" params={{ id: token.id }} onGo={onGo} label={token.name}>
            <span className="font-mono">{token.hint}</span>, {ownerName(token)} <StateBadge state={token.state} />
          </Row>
        ))}
      </Group>
      <Group title="People">
        {(users.data?.data ?? []).map((user) => (
          <Row
            key={user.id}
            to="/people/$id"
            params={{ id: user.id }}
            onGo={onGo}
            label={user.name ?? user.email ?? user.id}
          >
            {user.email}
          </Row>
        ))}
      </Group>
      <Group title="Owners">
        {(owners.data?.data ?? []).map((owner) => (
          <Row
            key={owner.id}
            to="/owners/$externalId"
            params={{ externalId: owner.external_id ?? '' }}
            onGo={onGo}
            label={owner.name ?? owner.external_id ?? owner.id}
          >
            {[owner.external_id, owner.email].filter((part) => part !== null).join(', ')}
          </Row>
        ))}
      </Group>
    </div>
  );
}

function useFound<Wire>(path: string, search: string, enabled = true) {
  return useQuery<Page<Wire>, ApiError>({
    queryKey: ['find', path, search],
    queryFn: ({ signal }) => call<Page<Wire>>('GET', path, { query: { search, limit: ROWS }, signal }),
    enabled,
    staleTime: 0,
  });
}

function Group({ title, children }: { readonly title: string; readonly children: readonly ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium text-soft">{title}</h3>
      <ul className="rounded-lg border border-line">{children}</ul>
    </section>
  );
}

interface RowProps {
  readonly to: string;
  readonly params: Readonly<Record<string, string>>;
  readonly label: string;
  readonly onGo: () => void;
  readonly children: ReactNode;
}

function Row({ to, params, label, onGo, children }: RowProps) {
  const about = (
    <>
      <span className="block font-medium break-words">{label}</span>
      <span className="block text-sm break-words text-soft">{children}</span>
    </>
  );
  return (
    <li className="border-t border-line first:border-t-0">
      {hasPage(to) ? (
        <Link
          to={to}
          params={params as never}
          onClick={onGo}
          className="block rounded-lg px-4 py-2 -outline-offset-2 hover:bg-raised"
        >
          {about}
        </Link>
      ) : (
        <div className="px-4 py-2">{about}</div>
      )}
    </li>
  );
}
