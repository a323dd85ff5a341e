import { useEffect, useRef } from 'react';
import { Button, CopyButton, Dialog, Notice } from '../../ui/index.ts';

const WORDS = {
  invitation: {
    title: 'Hand over this link',
    lead: 'No mail is set up here, so nothing was sent. Give the link to the person yourself. It is good once and for seven days.',
    label: 'Invitation link',
  },
  reset: {
    title: 'Hand over this link',
    lead: 'No mail is set up here, so nothing was sent. Give the link to the person yourself. It is good once and for an hour, and ends every session of theirs.',
    label: 'Link for a new password',
  },
} as const;

interface LinkOnceProps {
  readonly kind: keyof typeof WORDS;
  /** As the server answers it: a path of this site, the secret behind its `#`. */
  readonly path: string;
  readonly onDone: () => void;
}

/** A link that lets somebody in, shown this one time. */
export function LinkOnce({ kind, path, onDone }: LinkOnceProps) {
  const { title, lead, label } = WORDS[kind];
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const link = `${location.origin}${path}`;
  return (
    <Dialog
      open
      onClose={onDone}
      dismissible={false}
      title={title}
      description={lead}
      footer={
        <Button look="primary" onClick={onDone}>
          Done
        </Button>
      }
    >
      <div className="grid gap-4">
        <Notice look="warn">
          Copy it now: it is not shown again. Whoever opens it first comes in, so hand it over where nobody else reads.
        </Notice>
        <div className="flex flex-wrap gap-2">
          <input
            ref={input}
            readOnly
            value={link}
            aria-label={label}
            autoComplete="off"
            spellCheck={false}
            onFocus={(event) => event.target.select()}
            className="h-10 min-w-0 flex-[1_1_16rem] rounded-md border-2 border-accent bg-raised px-3 font-mono text-base"
          />
          <CopyButton text={() => link} fallback={() => input.current} look="primary" label="Copy link" />
        </div>
      </div>
    </Dialog>
  );
}
