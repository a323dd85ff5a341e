import type { Token } from '../../api/operations.ts';
import { FilterChip, SearchBox, Select } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ATTENTION, ENVIRONMENTS, STATES, type TokenFilter } from './token-filter.ts';
import { ownerName } from './token-words.tsx';

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
      <SearchBox text={filter.search} onText={(search) => onChange({ search })} label={`Search ${words.tokens}`} />
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
        <FilterChip away="Show every owner" onAway={() => onChange({ owner: '' })}>
          Owner: {owner === undefined ? filter.owner : ownerName(owner)}
        </FilterChip>
      )}
    </search>
  );
}
