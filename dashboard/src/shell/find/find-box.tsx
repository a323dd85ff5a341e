import { lazy, Suspense, useEffect, useState } from 'react';
import { Icon } from '../../ui/index.ts';

/** Loaded when it is first opened. */
const FindDialog = lazy(() => import('./find-dialog.tsx'));

/** Opens the search from anywhere: with the button, or with the key `/`. */
export function FindBox({ onOpen }: { readonly onOpen?: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setOpened] = useState(false);
  const open = () => {
    setOpened(true);
    setOpen(true);
    onOpen?.();
  };
  useSlash(open);
  return (
    <>
      <button
        type="button"
        onClick={open}
        aria-keyshortcuts="/"
        className="flex w-full items-center gap-2.5 rounded-md border border-edge bg-paper px-2.5 py-1.5 text-soft hover:text-ink"
      >
        <Icon name="search" />
        <span className="flex-1 text-left">Find</span>
        <span aria-hidden="true" className="rounded border border-line px-1.5 font-mono text-xs max-md:hidden">
          /
        </span>
      </button>
      {wasOpened && (
        <Suspense>
          <FindDialog open={isOpen} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function useSlash(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target } = event;
      const isTyped =
        target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
      // What is open over the page keeps its keys.
      if (isTyped || document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
