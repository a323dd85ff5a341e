import { useNavigate, useSearch } from '@tanstack/react-router';

type Fields<F> = Readonly<Record<keyof F, string>>;
type Choices<F> = { readonly [Name in keyof F]?: readonly { readonly value: F[Name] }[] };

/**
 * What a page is narrowed to, as it stands in the address: `?search=`, `?tab=`. What is left out there, or is none of the
 * choices, is as usual; what is as usual is left out.
 */
export function useAddressFields<F extends Fields<F>>(
  usual: F,
  choices: Choices<F> = {},
): readonly [F, (change: Partial<F>) => void] {
  const fields = readFields(useSearch({ strict: false }), usual, choices);
  const navigate = useNavigate();
  // Merged into the address as it is by then: two changes at once would otherwise undo each other.
  const change = (part: Partial<F>) =>
    void navigate({
      to: '.',
      search: (current: Readonly<Record<string, unknown>>) =>
        Object.fromEntries(
          Object.entries({ ...current, ...part }).filter(([name, value]) => value !== usual[name as keyof F]),
        ),
      state: true,
      replace: true,
    });
  return [fields, change];
}

/** Whether something was asked for that is not as usual. */
export function isNarrowed<F extends Fields<F>>(fields: F, usual: F): boolean {
  return (Object.keys(usual) as (keyof F)[]).some((name) => fields[name] !== usual[name]);
}

function readFields<F extends Fields<F>>(address: Readonly<Record<string, unknown>>, usual: F, choices: Choices<F>): F {
  const read = (name: keyof F & string): string => {
    const text = textOf(address[name]);
    const allowed = choices[name];
    const isOne = allowed === undefined ? text !== '' : allowed.some(({ value }) => value === text);
    return isOne ? text : usual[name];
  };
  return Object.fromEntries((Object.keys(usual) as (keyof F & string)[]).map((name) => [name, read(name)])) as F;
}

/** What looks like a number in an address has become one. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
