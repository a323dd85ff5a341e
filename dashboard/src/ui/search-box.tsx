import { useEffect, useState } from 'react';
import { TextInput } from './field.tsx';
import { Icon } from './icon.tsx';

/** Typing pauses this long before the server is asked. */
const PAUSE_MS = 250;

interface SearchBoxProps {
  /** What is searched for now, as it stands in the address. */
  readonly text: string;
  readonly onText: (text: string) => void;
  /** What is searched, as its label and inside it. */
  readonly label: string;
  readonly lengthMax?: number;
}

/** Finds as one types. */
export function SearchBox({ text, onText, label, lengthMax = 100 }: SearchBoxProps) {
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
        maxLength={lengthMax}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        className="pl-9"
      />
    </div>
  );
}
