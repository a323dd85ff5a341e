import { useEffect, useRef, useState } from 'react';
import { Button, type ButtonLook, IconButton } from './button.tsx';

const SAID_MS = 2_500;

interface CopyProps extends ButtonLook {
  /** Read when the button is pressed; it is put nowhere but the clipboard. */
  readonly text: () => string;
  /** What is copied, for who cannot see: `Copy token id`. Without it the button says Copy. */
  readonly label?: string;
  /** Selected instead where the browser has no clipboard for this page (plain HTTP from another machine). */
  readonly fallback?: () => HTMLElement | null;
  readonly iconOnly?: boolean;
}

export function CopyButton({ text, label = 'Copy', fallback, iconOnly = false, ...look }: CopyProps) {
  const [said, setSaid] = useState<'Copied' | 'Selected' | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async () => {
    const isCopied = await navigator.clipboard?.writeText(text()).then(
      () => true,
      () => false,
    );
    const element = fallback?.() ?? null;
    if (isCopied !== true && element !== null) selectAll(element);
    setSaid(isCopied === true ? 'Copied' : 'Selected');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(null), SAID_MS);
  };
  return (
    <>
      {iconOnly ? (
        <IconButton icon={said === null ? 'copy' : 'check'} label={label} onClick={copy} className="size-6" />
      ) : (
        <Button {...look} icon={said === null ? 'copy' : 'check'} onClick={copy}>
          {said ?? label}
        </Button>
      )}
      <span role="status" className="sr-only">
        {said === 'Selected' ? 'Selected. Copy it with the keyboard.' : said}
      </span>
    </>
  );
}

export function selectAll(element: HTMLElement): void {
  if (element instanceof HTMLInputElement) element.select();
  else getSelection()?.selectAllChildren(element);
}
