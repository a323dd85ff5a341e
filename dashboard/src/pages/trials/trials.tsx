import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListTrialsOutput, Trial } from '../../api/operations.ts';
import { Badge, type BadgeLook, Button, EmptyState, FailedNotice, PageHeader } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { TrialDialog } from './trial-dialog.tsx';
import { stateText, subjectText, verdictText } from './trial-words.ts';

const STATES: Readonly<Record<Trial['state'], { readonly look: BadgeLook; readonly label: string }>> = {
  observing: { look: 'good', label: 'Observing' },
  over: { look: 'warn', label: 'Over' },
  ended: { look: 'plain', label: 'Ended' },
  enforced: { look: 'plain', label: 'Enforced' },
};

/** Changes that are looked at before they are made: who would break, and then make them or not. */
export default function Trials() {
  const [opened, open] = useState<string | null>(null);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery<
    ListTrialsOutput,
    ApiError,
    readonly Trial[],
    readonly string[],
    string | null
  >({
    queryKey: ['trials', 'list'],
    queryFn: ({ signal, pageParam: cursor }) =>
      call<ListTrialsOutput>('GET', '/v1/trials', { query: { limit: 25, cursor }, signal }),
    initialPageParam: null,
    getNextPageParam: (last) => last.next_cursor,
    select: ({ pages }) => pages.flatMap((page) => page.data),
    refetchOnWindowFocus: 'always',
  });
  return (
    <>
      <PageHeader
        title="Trials"
        lead="A stricter change that refuses nobody yet: every accepted request is judged by it too, and you see who would break."
      />
      {error !== null && <FailedNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <span role="status" aria-label="Loading" className="skeleton block h-40" />
      )}
      {data?.length === 0 && <Empty />}
      {data !== undefined && data.length > 0 && (
        <ul aria-label="Trials, newest first" className="grid gap-4">
          {data.map((trial) => (
            <TrialCard key={trial.id} trial={trial} onOpen={() => open(trial.id)} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button className="mt-4" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older ones
        </Button>
      )}
      <TrialDialog trial={data?.find(({ id }) => id === opened)} onClose={() => open(null)} />
    </>
  );
}

function TrialCard({ trial, onOpen }: { readonly trial: Trial; readonly onOpen: () => void }) {
  const words = useWords();
  const { look, label } = STATES[trial.state];
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 rounded-lg border border-line px-5 py-4">
      <div className="min-w-0">
        <h2 className="flex flex-wrap items-center gap-2 font-medium break-words">
          {subjectText(trial, words)} <Badge look={look}>{label}</Badge>
        </h2>
        <p className={trial.would_refuse > 0 ? 'mt-1 text-warn' : 'mt-1'}>{verdictText(trial, words)}</p>
        <p className="mt-1 text-sm text-soft">{stateText(trial)}</p>
      </div>
      <Button onClick={onOpen}>Show who would break</Button>
    </li>
  );
}

const COMMAND = 'mt-3 overflow-x-auto rounded-md bg-raised px-3.5 py-3 text-left font-mono text-sm text-ink';

function Empty() {
  return (
    <EmptyState icon="gauge" title="Nothing is on trial">
      <p>
        Before you cut permissions, narrow addresses or lower a limit, see who would be refused. Put{' '}
        <code className="font-mono text-sm">--observe 14d</code> behind the command that would make the change:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
      <pre tabIndex={0} className={COMMAND}>
        keyhouse token update tok_… --ip 203.0.113.0/24 --observe 14d
      </pre>
    </EmptyState>
  );
}
