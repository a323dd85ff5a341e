import { type KeyboardEvent, useState } from 'react';
import { Button, Field, TextInput } from '../../../ui/index.ts';
import { entriesOf } from './draft.ts';

interface FreePermissionProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** What stands in the box. */
  readonly typed: string;
  readonly onTyped: (typed: string) => void;
  /** Whether an entry can be given; any can where nothing is said. */
  readonly mayGive?: (entry: string) => boolean;
}

/** For entries of an open catalogue, which nobody can list: one or several are typed. */
export function FreePermission(props: FreePermissionProps) {
  const { chosen, onChange, typed, onTyped, mayGive = () => true } = props;
  const [isTried, setTried] = useState(false);
  const entries = entriesOf(typed);
  const refused = entries.filter((entry) => !mayGive(entry));
  const add = () => {
    setTried(true);
    if (entries.length === 0 || refused.length > 0) return;
    onChange([...new Set([...chosen, ...entries])]);
    onTyped('');
    setTried(false);
  };
  return (
    <Field
      label="Add a permission"
      hint="As your API names them: a resource and what is done with it, such as servers:read, or servers:* for everything with it."
      problem={isTried && refused.length > 0 ? `This cannot be given: ${refused.join(', ')}.` : undefined}
    >
      <div className="flex gap-2">
        <TextInput
          value={typed}
          maxLength={1_000}
          placeholder="servers:read"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => onTyped(event.target.value)}
          onKeyDown={(event) => {
            withoutSending(event);
            if (event.key === 'Enter') add();
          }}
          className="font-mono"
        />
        <Button onClick={add}>Add</Button>
      </div>
    </Field>
  );
}

/** Enter in a box of its own is not the end of the form. */
export function withoutSending(event: KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}
