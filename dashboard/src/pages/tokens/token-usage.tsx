import type { ReactNode } from 'react';
import { useAddressFields } from '../../api/address-fields.ts';
import type { Token, Usage } from '../../api/operations.ts';
import { EmptyState, FailedNotice, RelativeTime, Select } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { reasonLabel } from '../denials/denial-words.ts';
import { useUsage } from './token-queries.ts';
import { type UsageBar, usageBars } from './usage-bars.ts';
import { UsageChart } from './usage-chart.tsx';
import { RANGES, type Range, useRangeStart } from './usage-range.ts';

const number = new Intl.NumberFormat('en');

/** How a token was used, by the hour or by the day. */
export function TokenUsage({ token }: { readonly token: Token }) {
  const [{ range }, change] = useAddressFields<{ range: Range }>({ range: '30d' }, { range: RANGES });
  const { data, error, refetch } = useUsage(token.id, useRangeStart(range));
  return (
    <div className="grid gap-5">
      <Select
        aria-label="Time"
        value={range}
        options={RANGES}
        onValue={(next) => change({ range: next })}
        className="w-44"
      />
      {data !== undefined ? (
        <Shown token={token} usage={data} range={range} />
      ) : error !== null ? (
        <FailedNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <div role="status" className="skeleton h-64">
          <span className="sr-only">On its way</span>
        </div>
      )}
    </div>
  );
}

interface ShownProps {
  readonly token: Token;
  readonly usage: Usage;
  readonly range: Range;
}

function Shown({ token, usage, range }: ShownProps) {
  const words = useWords();
  const refused = Object.values(usage.denied).reduce((sum, count) => sum + count, 0);
  const rangeLabel = (RANGES.find(({ value }) => value === range)?.label ?? '').toLowerCase();
  if (usage.allowed + refused === 0) {
    return (
      <EmptyState icon="activity" title={`Not used in the ${rangeLabel}`}>
        <p>
          Every request that shows this {words.token} is counted here, accepted or refused.{' '}
          {token.last_used_at === null
            ? `It was never used: send one with Authorization: Bearer and its value.`
            : `Choose a longer time above, or revoke it if nothing needs it any more.`}
        </p>
      </EmptyState>
    );
  }
  const bars = usageBars(usage, range, Date.now());
  const label = `Requests in the ${rangeLabel}: ${number.format(usage.allowed)} accepted, ${number.format(refused)} refused.`;
  return (
    <>
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Figure label="Accepted">{number.format(usage.allowed)}</Figure>
        <Figure label="Refused">{number.format(refused)}</Figure>
        <Figure label="Last used">
          {usage.last_used_at === null ? 'Never' : <RelativeTime at={usage.last_used_at} />}
        </Figure>
        {usage.last_used_ip !== null && <Figure label="From">{usage.last_used_ip}</Figure>}
      </dl>
      <UsageChart bars={bars} label={label} />
      {refused > 0 && <Reasons denied={usage.denied} />}
      <BarTable bars={bars} label={label} unit={range === '24h' ? 'Hour' : 'Day'} />
    </>
  );
}

function Figure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="text-lg font-semibold">{children}</dd>
    </div>
  );
}

function Reasons({ denied }: { readonly denied: Usage['denied'] }) {
  const words = useWords();
  const reasons = Object.entries(denied).sort(([, one], [, other]) => other - one);
  return (
    <section>
      <h3 className="mb-1.5 font-medium">Why requests were refused</h3>
      <ul className="grid max-w-sm gap-1">
        {reasons.map(([reason, count]) => (
          <li key={reason} className="flex justify-between gap-4">
            <span>{reasonLabel(reason, words)}</span>
            <span className="tabular-nums">{number.format(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface BarTableProps {
  readonly bars: readonly UsageBar[];
  readonly label: string;
  readonly unit: string;
}

/** The chart in words: complete for screen readers and for copying. */
function BarTable({ bars, label, unit }: BarTableProps) {
  return (
    <details>
      <summary className="w-fit text-sm text-soft hover:text-ink">Show as a table</summary>
      <table aria-label={label} className="mt-2 w-full max-w-md text-left text-sm">
        <thead>
          <tr className="text-soft">
            <th scope="col" className="py-1 font-medium">
              {unit}
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              Accepted
            </th>
            <th scope="col" className="py-1 text-right font-medium">
              Refused
            </th>
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map((bar) => (
            <tr key={bar.from.getTime()} className="border-t border-line tabular-nums">
              <th scope="row" className="py-1 font-normal">
                {bar.label}
              </th>
              <td className="py-1 text-right">{number.format(bar.allowed)}</td>
              <td className="py-1 text-right">{number.format(bar.denied)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
