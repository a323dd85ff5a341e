import type { Token } from '../../api/operations.ts';
import { relativeTime } from '../../ui/index.ts';
import { useProfile, useUsage } from './token-queries.ts';
import { limitText } from './token-text.ts';
import { useRangeStart } from './usage-range.ts';

const number = new Intl.NumberFormat('en');

/** How much a token may be used, and how much of that is left now. */
export function TokenLimits({ token }: { readonly token: Token }) {
  const profile = useProfile();
  const { data } = useUsage(token.id, useRangeStart('30d'));
  const { tier, windows } = token.limits;
  const label = tier === null ? null : (profile?.limits.tiers[tier]?.label ?? tier);
  if (windows === 'unlimited')
    return <p>{label === null ? 'None' : `${label}: none`}. It may be used without limit.</p>;
  return (
    <div className="grid gap-3">
      {label !== null && <p>{label}</p>}
      <ul className="grid gap-3">
        {windows.map(({ name, limit }) => {
          const standing = data?.rate_limit?.windows.find((window) => window.name === name);
          const left = standing === undefined ? null : Math.max(0, standing.remaining);
          return (
            <li key={name} className="grid max-w-md gap-1">
              <div className="flex flex-wrap justify-between gap-x-4">
                <span>{limitText({ name, limit })}</span>
                <span className="text-soft">{left === null ? '' : `${number.format(left)} left now`}</span>
              </div>
              <div className="h-1.5 overflow-hidden rounded-full bg-hover" aria-hidden="true">
                {left !== null && limit > 0 && (
                  <div
                    className={left === 0 ? 'h-full bg-bad' : 'h-full bg-accent'}
                    style={{ width: `${Math.max(0, Math.min(100, ((limit - left) / limit) * 100))}%` }}
                  />
                )}
              </div>
              {standing !== undefined && left === 0 && (
                <p className="text-sm text-bad">
                  Full: there is room again {relativeTime(standing.reset, Date.now())}.
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
