import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ApiError } from '../../api/api-error.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import type { Token } from '../../api/wire.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { Badge, Button, CopyButton, ErrorNotice, PageHeader, Tabs } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { TokenActions } from './token-actions.tsx';
import { TokenDenials } from './token-denials.tsx';
import { TokenHistory } from './token-history.tsx';
import { TokenOverview } from './token-overview.tsx';
import { tokenQuery } from './token-queries.ts';
import { TokenStanding } from './token-standing.tsx';
import { TokenUsage } from './token-usage.tsx';
import { StateBadge } from './token-words.tsx';

/** One token: what it is, what it may do, how it is used, what was refused and who changed it. */
export default function TokenDetails() {
  const { id = '' } = useParams({ strict: false });
  const { paths } = useDashboard();
  const { data, error, refetch } = useQuery(tokenQuery(paths.tokens, id));
  if (data !== undefined) return <Details key={data.id} token={data} />;
  if (error !== null) return <Unread error={error} onRetry={() => void refetch()} />;
  return <Expected />;
}

function Details({ token }: { readonly token: Token }) {
  const words = useWords();
  usePageTitle(token.name);
  const [path] = words.menuPaths;
  return (
    <>
      <PageHeader
        crumbs={[
          ...(path === undefined ? [] : [{ label: path.section }]),
          { label: path?.item ?? words.tokensTitle, to: '/tokens' },
        ]}
        title={token.name}
        lead={
          <>
            <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
              <StateBadge state={token.state} />
              {token.environment === 'test' && <Badge look="warn">Test</Badge>}
              <span className="inline-flex items-center gap-1 font-mono text-sm">{token.hint}</span>
              <span className="inline-flex items-center gap-0.5 text-sm">
                <span className="font-mono break-all">{token.id}</span>
                <CopyButton text={() => token.id} label={`Copy ${words.token} id`} iconOnly />
              </span>
            </span>
            {token.description !== null && token.description !== '' && (
              <p className="mt-1.5 break-words whitespace-pre-line text-ink">{token.description}</p>
            )}
          </>
        }
        actions={<TokenActions token={token} />}
      />
      <TokenStanding token={token} />
      <Views token={token} />
    </>
  );
}

type View = 'overview' | 'usage' | 'refused' | 'history';

function Views({ token }: { readonly token: Token }) {
  const may = useMay();
  const [view, setView] = useView();
  const tabs = [
    { value: 'overview' as const, label: 'Overview', panel: <TokenOverview token={token} /> },
    { value: 'usage' as const, label: 'Usage', panel: <TokenUsage token={token} /> },
    ...(may('keyhouse-denials:read')
      ? [{ value: 'refused' as const, label: 'Refused requests', panel: <TokenDenials token={token} /> }]
      : []),
    ...(may('keyhouse-audit:read')
      ? [{ value: 'history' as const, label: 'History', panel: <TokenHistory token={token} /> }]
      : []),
  ];
  const shown = tabs.some(({ value }) => value === view) ? view : 'overview';
  return <Tabs<View> label={token.name} value={shown} onValue={setView} tabs={tabs} />;
}

/** The tab in the address. */
function useView(): readonly [View, (view: View) => void] {
  const { tab } = useSearch({ strict: false }) as { readonly tab?: View };
  const navigate = useNavigate();
  return [
    tab ?? 'overview',
    (view) =>
      void navigate({ to: '.', search: () => (view === 'overview' ? {} : { tab: view }) as never, replace: true }),
  ];
}

function Unread({ error, onRetry }: { readonly error: ApiError; readonly onRetry: () => void }) {
  if (error.status === 404 || error.status === 403) return <NotFound />;
  return (
    <div className="grid justify-items-start gap-3">
      <h1 className="text-xl font-semibold tracking-tight">This cannot be shown now</h1>
      <ErrorNotice error={error} />
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

function Expected() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">On its way</span>
      <span className="skeleton block h-7 w-64" />
      <span className="skeleton block h-4 w-96 max-w-full" />
      <span className="skeleton mt-6 block h-64 w-full" />
    </div>
  );
}
