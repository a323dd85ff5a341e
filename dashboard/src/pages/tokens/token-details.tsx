import { useAddressFields } from '../../api/address-fields.ts';
import type { Token } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { usePageTitle } from '../../shell/page-title.ts';
import { Badge, CopyButton, PageHeader, Tabs } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ReadToken } from './read-token.tsx';
import { TokenActions } from './token-actions.tsx';
import { TokenDenials } from './token-denials.tsx';
import { TokenHistory } from './token-history.tsx';
import { TokenOverview } from './token-overview.tsx';
import { TokenStanding } from './token-standing.tsx';
import { TokenUsage } from './token-usage.tsx';
import { StateBadge } from './token-words.tsx';

/** One token: what it is, what it may do, how it is used, what was refused and who changed it. */
export default function TokenDetails() {
  return <ReadToken>{(token) => <Details key={token.id} token={token} />}</ReadToken>;
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

const USUAL: { readonly tab: View; readonly refusal: string } = { tab: 'overview', refusal: '' };

function Views({ token }: { readonly token: Token }) {
  const may = useMay();
  const [{ tab }, change] = useAddressFields(USUAL);
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
  const shown = tabs.some(({ value }) => value === tab) ? tab : USUAL.tab;
  return (
    <Tabs<View> label={token.name} value={shown} onValue={(value) => change({ ...USUAL, tab: value })} tabs={tabs} />
  );
}
