import { useQuery } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Explanation as ExplanationWire } from '../../api/operations.ts';
import { CopyButton, classes, ErrorNotice, Fact, Icon, type IconName, Notice, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { checkTitle, doorLabel } from './denial-words.ts';

type Check = ExplanationWire['checks'][number];

/** Why one request was refused: what to do, then every check in order. Asks the server by the request id. */
export function Explanation({ requestId }: { readonly requestId: string }) {
  const { data, error } = useQuery<ExplanationWire, ApiError>({
    queryKey: ['denials', 'explanation', requestId],
    queryFn: ({ signal }) => call<ExplanationWire>('GET', `/v1/denials/${encodeURIComponent(requestId)}`, { signal }),
    // What was refused stays refused.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <ErrorNotice error={error} />;
  return data === undefined ? <Expected /> : <ExplanationView explanation={data} />;
}

interface ExplanationViewProps {
  readonly explanation: ExplanationWire;
  /** Of a request that was never made: it came to no door, and nothing is kept under its id. */
  readonly isTrial?: boolean;
}

/** The same for an explanation that is there already, such as that of a trial run. */
export function ExplanationView({ explanation, isTrial = false }: ExplanationViewProps) {
  const words = useWords();
  const { request_id, at, method, path, door, address, checks, advice } = explanation;
  // Only a trial can be of a request that was not refused, and then there is nothing to do about it.
  const isAccepted = explanation.reason === 'ok';
  const hasFacts = !isTrial || method !== null || address.ip !== null || explanation.ip_allowlist != null;
  const request = [method, path].filter((part) => part !== null).join(' ');
  return (
    <div className="grid gap-4">
      {!isAccepted && (
        <Notice look="info" icon="check">
          <p className="font-medium">{advice}</p>
        </Notice>
      )}
      <ol aria-label="Checks, in the order in which they are made" className="grid gap-0.5">
        {checks.map((check) => (
          <CheckRow key={check.check} check={check} title={checkTitle(check.check, words)} />
        ))}
      </ol>
      {hasFacts && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-t border-line pt-4 text-sm">
          {!isTrial && (
            <Fact label="When">
              <RelativeTime at={at} />
            </Fact>
          )}
          {request !== '' && (
            <Fact label="Request">
              <span className="font-mono break-all">{request}</span>
            </Fact>
          )}
          {!isTrial && <Fact label="Came to">{doorLabel(door)}</Fact>}
          {address.ip !== null && (
            <Fact label="From">
              <span className="font-mono">{address.ip}</span>
            </Fact>
          )}
          {explanation.ip_allowlist != null && (
            <Fact label="Allowed">
              <span className="font-mono break-words">{explanation.ip_allowlist.join(', ')}</span>
            </Fact>
          )}
          {!isTrial && (
            <Fact label="Request id">
              <span className="inline-flex items-center gap-1 font-mono break-all">
                {request_id}
                <CopyButton text={() => request_id} label="Copy request id" iconOnly />
              </span>
            </Fact>
          )}
        </dl>
      )}
    </div>
  );
}

const OUTCOMES: Readonly<Record<Check['outcome'], { icon: IconName; look: string; label: string }>> = {
  passed: { icon: 'check', look: 'text-good', label: 'Passed' },
  failed: { icon: 'close', look: 'text-bad', label: 'Refused here' },
  not_reached: { icon: 'dots', look: 'text-soft', label: 'Not reached' },
};

function CheckRow({ check, title }: { readonly check: Check; readonly title: string }) {
  const { icon, look, label } = OUTCOMES[check.outcome];
  const isFailed = check.outcome === 'failed';
  return (
    <li className={classes('flex gap-2.5 rounded-md px-2 py-1', isFailed && 'bg-bad-paper')}>
      <Icon name={icon} className={classes('mt-1', look)} />
      <div className="min-w-0">
        <p className={classes(check.outcome === 'not_reached' && 'text-soft', isFailed && 'font-medium text-bad')}>
          {title} <span className={isFailed ? '' : 'sr-only'}>({label.toLowerCase()})</span>
        </p>
        {check.compared !== null && (
          <p className={classes('text-sm break-words', isFailed ? 'text-bad' : 'text-soft')}>{check.compared}</p>
        )}
      </div>
    </li>
  );
}

function Expected() {
  return (
    <div role="status" className="grid gap-2.5">
      <span className="sr-only">The explanation is on its way.</span>
      {['w-3/4', 'w-1/2', 'w-2/3', 'w-1/2', 'w-3/5'].map((width, index) => (
        <span key={`${width} ${index}`} className={classes('skeleton block h-4', width)} />
      ))}
    </div>
  );
}
