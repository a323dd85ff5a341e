import { useNavigate, useSearch } from '@tanstack/react-router';

/** Fields of the address that a list is found by, such as `?search=`; empty when they are not there. */
export function useAddressFields<Name extends string>(
  names: readonly Name[],
): readonly [Readonly<Record<Name, string>>, (change: Partial<Record<Name, string>>) => void] {
  const address = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const fields = Object.fromEntries(names.map((name) => [name, textOf(address[name])])) as Record<Name, string>;
  const change = (part: Partial<Record<Name, string>>) =>
    void navigate({
      to: '.',
      search: (current: Readonly<Record<string, unknown>>) =>
        Object.fromEntries(Object.entries({ ...current, ...part }).filter(([, value]) => value !== '')),
      state: true,
      replace: true,
    });
  return [fields, change];
}

/** What looks like a number in an address has become one. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
