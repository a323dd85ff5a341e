import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { UsageChart } from '../tokens/usage-chart.tsx';
import { Card, countText } from './card.tsx';
import type { Period } from './overview.tsx';

const hour = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });
/** Days are those of UTC, as they were counted. */
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });

interface RequestsProps {
  readonly overview: Overview;
  readonly period: Period;
}

/** The few numbers that matter, and how they came about over time. */
export function Requests({ overview, period }: RequestsProps) {
  const may = useMay();
  const { accepted, refused, unit, time, tokens } = overview;
  const bars = time.map(({ at, accepted: allowed, refused: denied }) => ({
    from: new Date(at),
    label: (unit === 'hour' ? hour : day).format(new Date(at)),
    allowed,
    denied,
  }));
  const share = accepted + refused === 0 ? 0 : refused / (accepted + refused);
  return (
    <Card title="Requests">
      <dl className="grid grid-cols-3 gap-px border-b border-line bg-line">
        <Figure label="Accepted" to="/tokens" search={{ sort: 'last_used' }} count={accepted} />
        <Figure
          label="Refused"
          {...(may('keyhouse-denials:read') && { to: '/denials', search: { period } })}
          count={refused}
          note={refused === 0 ? 'none' : share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`}
        />
        <Figure label="Working now" to="/tokens" search={{}} count={tokens.working} />
      </dl>
      <div className="px-5 py-4">
        <UsageChart
          bars={bars}
          label={`${countText(accepted)} accepted and ${countText(refused)} refused requests by ${unit}. The table below has each ${unit}.`}
        />
        <details className="mt-3">
          <summary className="w-fit rounded text-sm text-soft underline underline-offset-2 hover:text-ink">
            As a table
          </summary>
          <div className="mt-2 rounded-md border border-line">
            <table aria-label={`Requests by ${unit}`} className="w-full text-left text-sm">
              <thead className="bg-raised text-soft">
                <tr>
                  <th scope="col" className="px-3 py-1.5 font-medium">
                    {unit === 'hour' ? 'Hour' : 'Day (UTC)'}
                  </th>
                  <th scope="col" className="px-3 py-1.5 text-right font-medium">
                    Accepted
                  </th>
                  <th scope="col" className="px-3 py-1.5 text-right font-medium">
                    Refused
                  </th>
                </tr>
              </thead>
              <tbody>
                {bars.toReversed().map(({ from, label, allowed, denied }) => (
                  <tr key={from.getTime()} className="border-t border-line">
                    <th scope="row" className="px-3 py-1 font-normal">
                      {label}
                    </th>
                    <td className="px-3 py-1 text-right tabular-nums">{countText(allowed)}</td>
                    <td className="px-3 py-1 text-right tabular-nums">{countText(denied)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </div>
    </Card>
  );
}

interface FigureProps {
  readonly label: string;
  readonly count: number;
  readonly note?: string;
  readonly to?: string;
  readonly search?: Readonly<Record<string, string>>;
}

function Figure({ label, count, note, to, search = {} }: FigureProps) {
  const shown: ReactNode = <span className="text-xl font-semibold tabular-nums">{countText(count)}</span>;
  return (
    <div className="bg-paper px-5 py-3">
      <dt className="text-sm text-soft">{label}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-2">
        {to === undefined ? (
          shown
        ) : (
          <Link to={to} search={search as never} className="rounded hover:text-accent hover:underline">
            {shown}
          </Link>
        )}
        {note !== undefined && <span className="text-sm text-soft">{note}</span>}
      </dd>
    </div>
  );
}
