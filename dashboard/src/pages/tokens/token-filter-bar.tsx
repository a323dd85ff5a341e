import { useEffect, useState } from 'react';
import type { Token } from '../../api/wire.ts';
import { Icon, IconButton, Select, TextInput } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ATTENTION, ENVIRONMENTS, STATES, type TokenFilter } from './token-filter.ts';
import { ownerName } from './token-words.tsx';

/** Typing pauses this long before the server is asked. */
const PAUSE_MS = 250;

interface TokenFilterBarProps {
  readonly filter: TokenFilter;
  readonly onChange: (change: Partial<TokenFilter>) => void;
  readonly shown: readonly Token[] | undefined;
}

export function TokenFilterBar({ filter, onChange, shown = [] }: TokenFilterBarProps) {
  const words = useWords();
  const hasEnvironments = filter.environment !== 'any' || shown.some(({ environment }) => environment !== null);
  const owner = shown.find((token) => token.owner.id === filter.owner);
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2" aria-label={`Find ${words.tokens}`}>
      <Search text={filter.search} onText={(search) => onChange({ search })} label={`Search ${words.tokens}`} />
      <Select
        aria-label="State"
        value={filter.state}
        options={STATES}
        onValue={(state) => onChange({ state })}
        className="w-44 max-sm:flex-auto"
      />
      <Select
        aria-label="Use"
        value={filter.attention}
        options={ATTENTION}
        onValue={(attention) => onChange({ attention })}
        className="w-52 max-sm:flex-auto"
      />
      {hasEnvironments && (
        <Select
          aria-label="Environment"
          value={filter.environment}
          options={ENVIRONMENTS}
          onValue={(environment) => onChange({ environment })}
          className="w-36 max-sm:flex-auto"
        />
      )}
      {filter.owner !== '' && (
        <span className="inline-flex h-9 items-center gap-1 rounded-md bg-hover pl-3">
          Owner: {owner === undefined ? filter.owner : ownerName(owner)}
          <IconButton icon="close" label="Show every owner" onClick={() => onChange({ owner: '' })} />
        </span>
      )}
    </search>
  );
}

interface SearchProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly label: string;
}

function Search({ text, onText, label }: SearchProps) {
  const [typed, setTyped] = useState(text);
  // A space at the end is still being typed on.
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text]);
  // Only what is typed matters here: `onText` is made anew by every change of the address.
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onText(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="relative min-w-52 flex-1 max-sm:basis-full">
      <Icon name="search" className="pointer-events-none absolute top-2.5 left-3 text-soft" />
      <TextInput
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        className="pl-9"
      />
    </div>
  );
}
