import type { ApiError } from '../../../api/api-error.ts';
import type { TokenOptions } from '../../../api/operations.ts';
import { Button, IconButton, TextInput } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { Group } from './choices.tsx';
import type { Address } from './draft.ts';

interface AddressListProps {
  readonly options: TokenOptions['ip_allowlist'];
  readonly addresses: readonly Address[];
  readonly onChange: (addresses: readonly Address[]) => void;
  /** What the server said, and of which lines. */
  readonly error: ApiError | null;
  readonly sent: readonly string[];
}

/** From where it works: anywhere, or only from these addresses and networks. */
export function AddressList({ options, addresses, onChange, error, sent }: AddressListProps) {
  const words = useWords();
  const { caller_ip: mine } = options;
  const add = (text: string) => {
    const empty = addresses.find((one) => one.text.trim() === '');
    if (empty !== undefined && text !== '') return change(empty.key, text);
    onChange([...addresses, { key: Math.max(-1, ...addresses.map(({ key }) => key)) + 1, text }]);
  };
  const change = (key: number, text: string) =>
    onChange(addresses.map((one) => (one.key === key ? { key, text } : one)));
  const problemOf = (text: string) => {
    const index = sent.indexOf(text.trim());
    return index < 0 ? undefined : error?.problems.find(({ path }) => path === `ip_allowlist.${index}`)?.message;
  };
  const whole = error?.problems.find(({ path }) => path === 'ip_allowlist')?.message;
  return (
    <Group
      legend="Where it works from"
      optional
      problem={whole}
      hint={
        addresses.length === 0
          ? `Any address. If the program has a fixed one, name it: the ${words.token} is then worth nothing anywhere else.`
          : 'Only these addresses and networks, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.'
      }
    >
      {addresses.map(({ key, text }, index) => (
        <div key={key} className="grid gap-1">
          <div className="flex gap-1.5">
            <TextInput
              aria-label={`Address ${index + 1}`}
              aria-invalid={problemOf(text) !== undefined || undefined}
              aria-describedby={problemOf(text) === undefined ? undefined : `address-${key}`}
              value={text}
              maxLength={128}
              autoFocus={text === ''}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder="203.0.113.0/24"
              onChange={(event) => change(key, event.target.value)}
              className="font-mono"
            />
            <IconButton
              icon="close"
              label={`Take out address ${index + 1}`}
              onClick={() => onChange(addresses.filter((one) => one.key !== key))}
              className="size-9"
            />
          </div>
          <p id={`address-${key}`} role="alert" className="text-sm text-bad empty:hidden">
            {problemOf(text)}
          </p>
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button size="small" icon="plus" onClick={() => add('')}>
          Add an address
        </Button>
        {mine !== null && !addresses.some(({ text }) => text.trim() === mine) && (
          <Button size="small" look="quiet" onClick={() => add(mine)}>
            Add my current address ({mine})
          </Button>
        )}
      </div>
    </Group>
  );
}
