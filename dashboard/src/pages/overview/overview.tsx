import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useAddressFields } from '../../api/address-fields.ts';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Overview as OverviewWire } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import { ErrorNotice, PageHeader, Select } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { Attention } from './attention.tsx';
import { FirstSteps } from './first-steps.tsx';
import { OpenAlerts, useOpenAlerts } from './open-alerts.tsx';
import { RefusalReasons } from './refusal-reasons.tsx';
import { Requests } from './requests.tsx';
import { TopTokens } from './top-tokens.tsx';

export type Period = '24h' | '7d' | '30d';

const PERIODS: readonly { readonly value: Period; readonly label: string }[] = [
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
];

/** Looked at beside a terminal: what was called shows without a reload. */
const AGAIN_MS = 10_000;

/** What happened lately, and which tokens need a look. */
export default function Overview() {
  const words = useWords();
  const may = useMay();
  const { workspace } = useSession();
  const [{ period }, change] = useAddressFields<{ period: Period }>({ period: '24h' }, { period: PERIODS });
  const { data, error } = useQuery<OverviewWire, ApiError>({
    queryKey: ['overview', period],
    queryFn: ({ signal }) => call<OverviewWire>('GET', '/v1/overview', { query: { period }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
    refetchOnWindowFocus: 'always',
  });
  const alerts = useOpenAlerts();
  const lead = !may('keyhouse-tokens:read')
    ? `What your own ${words.tokens} did lately.`
    : workspace.is_home
      ? 'What happened lately, in every workspace.'
      : `What happened lately in ${workspace.name}.`;
  return (
    <>
      <PageHeader
        title="Overview"
        lead={lead}
        actions={
          <Select
            aria-label="Period"
            value={period}
            options={PERIODS}
            onValue={(next) => change({ period: next })}
            className="w-44"
          />
        }
      />
      {error !== null && data === undefined ? (
        <ErrorNotice error={error} />
      ) : data === undefined || alerts.isLoading ? (
        <Expected />
      ) : (
        <div className="grid gap-6">
          <OpenAlerts found={alerts.data} />
          {isFresh(data) ? (
            <FirstSteps hasToken={data.tokens.working > 0} />
          ) : (
            <Requests overview={data} period={period} />
          )}
          <Attention tokens={data.tokens} />
          {data.accepted + data.refused > 0 && (
            <div className="grid gap-6 md:grid-cols-2">
              <TopTokens title="Most used" rows={data.top_accepted} tab="usage" />
              <TopTokens title="Most refused" rows={data.top_refused} tab="refused" />
            </div>
          )}
          <RefusalReasons overview={data} period={period} />
        </div>
      )}
    </>
  );
}

/** Nobody has called yet, and there is at most what the set-up made. */
function isFresh({ accepted, refused, tokens }: OverviewWire): boolean {
  return accepted + refused === 0 && tokens.working <= 1;
}

function Expected() {
  return (
    <div role="status" className="grid gap-6">
      <span className="sr-only">The overview is on its way.</span>
      <span className="skeleton block h-80" />
      <span className="skeleton block h-32" />
    </div>
  );
}
