import { SearchBox, Select, TextInput } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { type AuditFilter, BY, PERIODS } from './audit-filter.ts';
import { actionOptions } from './audit-sentence.ts';

interface AuditFilterBarProps {
  readonly filter: AuditFilter;
  readonly onChange: (change: Partial<AuditFilter>) => void;
}

export function AuditFilterBar({ filter, onChange }: AuditFilterBarProps) {
  const words = useWords();
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2" aria-label="Find events">
      <Select
        aria-label="What"
        value={filter.action}
        options={actionOptions(words)}
        onValue={(action) => onChange({ action })}
        className="w-56 max-sm:flex-auto"
      />
      <Select
        aria-label="Time"
        value={filter.period}
        options={PERIODS}
        onValue={(period) => onChange({ period })}
        className="w-48 max-sm:flex-auto"
      />
      {filter.period === 'days' && (
        <>
          <DayInput label="From day" value={filter.from} onValue={(from) => onChange({ from })} />
          <DayInput label="To day" value={filter.to} onValue={(to) => onChange({ to })} />
        </>
      )}
      <Select
        aria-label="Search by"
        value={filter.by}
        options={BY}
        onValue={(by) => onChange({ by })}
        className="w-40 max-sm:flex-auto"
      />
      <SearchBox text={filter.id} onText={(id) => onChange({ id })} label="Id to search for" lengthMax={200} />
    </search>
  );
}

interface DayInputProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function DayInput({ label, value, onValue }: DayInputProps) {
  return (
    <div className="w-40 max-sm:flex-auto">
      <TextInput type="date" aria-label={label} value={value} onChange={(event) => onValue(event.target.value)} />
    </div>
  );
}
