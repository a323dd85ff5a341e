import { isNarrowed } from '../../api/address-fields.ts';
import { Button, EmptyState, FilterChip, PageHeader, SearchBox, Select } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { type DenialFilter, denialQuery, EVERY_DENIAL, PERIODS, useDenialFilter } from './denial-filter.ts';
import { DenialTable } from './denial-table.tsx';
import { KNOWN_REASONS, reasonLabel } from './denial-words.ts';

/** What was refused lately, newest first; each one opens to its explanation. */
export default function DenialList() {
  const [filter, setFilter] = useDenialFilter();
  return (
    <>
      <PageHeader
        title="Refused requests"
        lead="The latest requests that were not let in, and why. Kept for 30 days; in a flood, a sample of it."
      />
      <FilterBar filter={filter} onChange={setFilter} />
      <DenialTable
        label="Refused requests"
        asked={(now) => denialQuery(filter, now)}
        withToken
        empty={<Empty filter={filter} onChange={setFilter} />}
      />
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
      <SearchBox text={filter.ip} onText={(ip) => onChange({ ip })} label="From address" />
      {filter.token !== '' && (
        <FilterChip away="Show all" onAway={() => onChange({ token: '' })}>
          One {words.token}
        </FilterChip>
      )}
      {filter.owner !== '' && (
        <FilterChip away="Show every owner" onAway={() => onChange({ owner: '' })}>
          One owner
        </FilterChip>
      )}
    </search>
  );
}

function Empty({ filter, onChange }: FilterBarProps) {
  const words = useWords();
  if (isNarrowed(filter, EVERY_DENIAL)) {
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
