import { useEffect, useState } from 'react';
import { Select, TextInput } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { type AuditFilter, BY, PERIODS } from './audit-filter.ts';
import { actionOptions } from './audit-sentence.ts';

/** Typing pauses this long before the server is asked. */
const PAUSE_MS = 350;

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
      <IdInput id={filter.id} onId={(id) => onChange({ id })} />
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

function IdInput({ id, onId }: { readonly id: string; readonly onId: (id: string) => void }) {
  const [typed, setTyped] = useState(id);
  useEffect(() => setTyped(id), [id]);
  // Only what is typed matters here: `onId` is made anew by every change of the address.
  useEffect(() => {
    if (typed.trim() === id) return;
    const timer = setTimeout(() => onId(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="min-w-44 flex-1">
      <TextInput
        type="search"
        aria-label="Id to search for"
        placeholder="Id"
        value={typed}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
