import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { ConfirmDialog } from './dialog.tsx';
import { Notice } from './notice.tsx';
import { saveEnvFile } from './save-file.ts';
import { useForgetting } from './use-forgetting.ts';

interface SecretOnceProps {
  readonly value: string;
  /** What it is, in a sentence: `token`, `API key`. */
  readonly word: string;
  /** Name of the variable in the `.env` file, such as `EXAMPLE_API_KEY`. */
  readonly variable: string;
  /** What there is of it afterwards; a fingerprint unless said otherwise. */
  readonly kept?: string;
  /** Further facts to keep beside it, such as its expiry. */
  readonly children?: ReactNode;
  /** A command that uses it at once. The value is put into what is copied; what is shown names the variable instead. */
  readonly command?: (value: string) => string;
  readonly doneLabel?: string;
  /** Whoever showed it must forget it here: unmount this, and keep the value nowhere else. */
  readonly onDone: () => void;
}

const KEPT = 'what is kept is a fingerprint of it';

/**
 * A value that is shown this one time: selected, to copy and to download, with a warning before it is left. It lives in this
 * element alone, and is wiped when the page goes out of sight for good, so that Back never brings it back.
 */
export function SecretOnce(props: SecretOnceProps) {
  const { value, word, variable, kept = KEPT, children, command, doneLabel = 'Done', onDone } = props;
  const [isKept, setKept] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  useForgetting(onDone);
  const blocker = useBlocker({
    shouldBlockFn: () => !isKept,
    enableBeforeUnload: () => !isKept,
    withResolver: true,
  });
  const leave = () => (isKept ? onDone() : setLeaving(true));

  return (
    <div className="grid grid-cols-1 gap-4">
      <Notice look="warn">
        Copy it now. This is the only time the {word} is shown: {kept}, and nobody can show it again.
      </Notice>
      <div className="flex flex-wrap gap-2">
        <input
          ref={input}
          readOnly
          value={value}
          aria-label={`Your new ${word}`}
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => event.target.select()}
          onCopy={() => setKept(true)}
          className="h-10 min-w-0 flex-[1_1_16rem] rounded-md border-2 border-accent bg-raised px-3 font-mono text-base"
        />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the clicks of the buttons in it, which are reached by key */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button is a click on it */}
        <div className="contents" onClick={() => setKept(true)}>
          <CopyButton text={() => value} fallback={() => input.current} look="primary" />
          <Button icon="download" onClick={() => saveEnvFile(variable, value)}>
            Download .env
          </Button>
        </div>
      </div>
      {children}
      {command !== undefined && (
        <Command command={command} value={value} variable={variable} onCopied={() => setKept(true)} />
      )}
      <div className="flex justify-end">
        <Button look={isKept ? 'primary' : 'secondary'} onClick={leave}>
          {doneLabel}
        </Button>
      </div>
      <ConfirmDialog
        open={isLeaving || blocker.status === 'blocked'}
        title={`Leave without the ${word}?`}
        cancelLabel="Go back and copy it"
        confirmLabel="Leave without it"
        onClose={() => {
          setLeaving(false);
          blocker.reset?.();
        }}
        onConfirm={async () => {
          if (blocker.status === 'blocked') blocker.proceed();
          onDone();
        }}
      >
        <p>
          It was neither copied nor downloaded, and it cannot be shown again. Without it you would have to make another.
        </p>
      </ConfirmDialog>
    </div>
  );
}

interface CommandProps {
  readonly command: (value: string) => string;
  readonly value: string;
  readonly variable: string;
  readonly onCopied: () => void;
}

function Command({ command, value, variable, onCopied }: CommandProps) {
  return (
    <div>
      <div className="mb-1.5 flex items-center justify-between gap-3">
        <h3 className="font-medium">Try it</h3>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the click of the button in it, which is reached by key */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button is a click on it */}
        <div onClick={onCopied}>
          <CopyButton text={() => command(value)} label="Copy command" size="small" />
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
      <pre tabIndex={0} className="overflow-x-auto rounded-md bg-raised px-3.5 py-3 font-mono text-sm">
        {command(`$${variable}`)}
      </pre>
      <p className="mt-1.5 text-sm text-soft">What is copied has the value in it, in place of ${variable}.</p>
    </div>
  );
}
