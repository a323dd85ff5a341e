import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListDenialsOutput } from '../../api/operations.ts';
import {
  Button,
  Dialog,
  EmptyState,
  IconButton,
  PageHeader,
  Pagination,
  Select,
  Table,
  TextInput,
} from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { denialColumns } from './denial-columns.tsx';
import { type DenialFilter, denialQuery, EVERY_DENIAL, isNarrowed, PERIODS, useDenialFilter } from './denial-filter.ts';
import { KNOWN_REASONS, reasonLabel } from './denial-words.ts';
import { Explanation } from './explanation.tsx';

const PAGE_ROWS = 25;
/** Typing pauses this long before the server is asked. */
const PAUSE_MS = 350;

/** What was refused lately, newest first; each one opens to its explanation. */
export default function DenialList() {
  const words = useWords();
  const [filter, setFilter] = useDenialFilter();
  const [opened, open] = useOpened();
  const { query, behind, next, previous } = useDenialPages(filter);
  const { data, error, refetch, isPlaceholderData } = query;
  return (
    <>
      <PageHeader
        title="Refused requests"
        lead="The latest requests that were not let in, and why. Kept for 30 days; in a flood, a sample of it."
      />
      <FilterBar filter={filter} onChange={setFilter} />
      <Table
        label="Refused requests"
        columns={denialColumns(words, { open, withToken: true })}
        rows={data?.data}
        rowKey={({ request_id }) => request_id}
        error={error}
        onRetry={() => void refetch()}
        busy={isPlaceholderData}
        empty={<Empty filter={filter} onChange={setFilter} />}
      />
      <Pagination
        behind={behind}
        nextCursor={data?.next_cursor ?? null}
        onNext={() => next(data?.next_cursor ?? null)}
        onPrevious={previous}
      />
      <Dialog open={opened !== null} onClose={() => open(null)} title="Why it was refused">
        {opened !== null && <Explanation requestId={opened} />}
      </Dialog>
    </>
  );
}

interface FilterBarProps {
  readonly filter: DenialFilter;
  readonly onChange: (change: Partial<DenialFilter>) => void;
}

function FilterBar({ filter, onChange }: FilterBarProps) {
  const words = useWords();
  const reasons = [
    { value: '', label: 'Every reason' },
    ...KNOWN_REASONS.map((reason) => ({ value: reason, label: reasonLabel(reason, words) })),
  ];
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2" aria-label="Find refused requests">
      <Select
        aria-label="Reason"
        value={filter.reason}
        options={reasons}
        onValue={(reason) => onChange({ reason })}
        className="w-60 max-sm:flex-auto"
      />
      <Select
        aria-label="Time"
        value={filter.period}
        options={PERIODS}
        onValue={(period) => onChange({ period })}
        className="w-44 max-sm:flex-auto"
      />
      <Address ip={filter.ip} onIp={(ip) => onChange({ ip })} />
      {filter.token !== '' && (
        <Chip label={`One ${words.token}`} away="Show all" onAway={() => onChange({ token: '' })} />
      )}
      {filter.owner !== '' && <Chip label="One owner" away="Show every owner" onAway={() => onChange({ owner: '' })} />}
    </search>
  );
}

function Address({ ip, onIp }: { readonly ip: string; readonly onIp: (ip: string) => void }) {
  const [typed, setTyped] = useState(ip);
  useEffect(() => setTyped(ip), [ip]);
  useEffect(() => {
    if (typed.trim() === ip) return;
    const timer = setTimeout(() => onIp(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="w-52 max-sm:flex-auto">
      <TextInput
        type="search"
        aria-label="From address"
        placeholder="From address"
        value={typed}
        maxLength={64}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}

function Chip({ label, away, onAway }: { readonly label: string; readonly away: string; readonly onAway: () => void }) {
  return (
    <span className="inline-flex h-9 items-center gap-1 rounded-md bg-hover pl-3">
      {label}
      <IconButton icon="close" label={away} onClick={onAway} />
    </span>
  );
}

function Empty({ filter, onChange }: FilterBarProps) {
  const words = useWords();
  if (isNarrowed(filter)) {
    return (
      <EmptyState
        icon="search"
        title="Nothing like that was refused"
        action={<Button onClick={() => onChange(EVERY_DENIAL)}>Show all refused requests</Button>}
      >
        <p>Try a longer time or another reason. Every answer carries its request id: the search finds it at once.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="check" title="Nothing was refused lately">
      <p>
        When a request is refused, because its {words.token} has expired, may not do that or calls too often, it stands
        here with every check that was made, and with what to do about it.
      </p>
    </EmptyState>
  );
}

/** Pages of the list; another filter begins at the first one again. */
function useDenialPages(filter: DenialFilter) {
  const key = JSON.stringify(filter);
  const [place, setPlace] = useState({ key: '', now: 0, cursors: [null] as readonly (string | null)[] });
  // A page is a page of one question: its time begins where it began when the first page was asked for.
  const here = place.key === key ? place : { key, now: Date.now(), cursors: [null] };
  const cursor = here.cursors.at(-1) ?? null;
  const asked = denialQuery(filter, here.now);
  const query = useQuery<ListDenialsOutput, ApiError>({
    queryKey: ['denials', 'list', asked, cursor],
    queryFn: ({ signal }) =>
      call<ListDenialsOutput>('GET', '/v1/denials', { query: { ...asked, limit: PAGE_ROWS, cursor }, signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
  });
  return {
    query,
    behind: here.cursors.slice(0, -1),
    next: (to: string | null) => setPlace({ ...here, cursors: [...here.cursors, to] }),
    previous: () => setPlace({ ...here, cursors: here.cursors.slice(0, -1) }),
  };
}

/** The explanation that is open, in the address, so that it can be sent to somebody. */
function useOpened(): readonly [string | null, (requestId: string | null) => void] {
  const { refusal } = useSearch({ strict: false }) as { readonly refusal?: unknown };
  const navigate = useNavigate();
  return [
    typeof refusal === 'string' ? refusal : null,
    (requestId) =>
      void navigate({
        to: '.',
        search: (({ refusal: _closed, ...current }: { refusal?: unknown }) =>
          requestId === null ? current : { ...current, refusal: requestId }) as never,
        replace: true,
      }),
  ];
}
