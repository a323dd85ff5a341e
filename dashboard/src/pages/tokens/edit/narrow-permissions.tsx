import type { Token } from '../../../api/operations.ts';
import { Checkbox } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { Group } from '../create/choices.tsx';
import { useProfile } from '../token-queries.ts';
import { ownerName } from '../token-words.tsx';

interface NarrowPermissionsProps {
  readonly token: Token;
  /** What it was given when the form opened. */
  readonly given: readonly string[];
  readonly kept: readonly string[];
  readonly onChange: (kept: readonly string[]) => void;
  readonly problem: string | undefined;
}

/** What somebody may take away from a token whose owner they may not act for; nothing is added here. */
export function NarrowPermissions({ token, given, kept, onChange, problem }: NarrowPermissionsProps) {
  const words = useWords();
  const profile = useProfile();
  const catalogue = profile === undefined || profile.catalogue === 'open' ? [] : profile.catalogue;
  const described = new Map(catalogue.map(({ permission, description }) => [permission, description]));
  return (
    <Group
      legend={`What the ${words.token} may do`}
      hint={`You can take away, and add nothing: that is for ${ownerName(token)}, or for who may act for other owners.`}
      problem={problem}
    >
      <div className="grid gap-2">
        {given.map((entry) => (
          <Checkbox
            key={entry}
            label={entry}
            hint={described.get(entry)}
            checked={kept.includes(entry)}
            onChecked={(isKept) => onChange(given.filter((one) => (one === entry ? isKept : kept.includes(one))))}
          />
        ))}
      </div>
    </Group>
  );
}
