import { useState } from 'react';
import { useDashboard } from '../../api/queries.ts';
import { Button, CopyButton, Dialog, Notice, saveFile } from '../../ui/index.ts';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  /** Whoever showed them must forget them here. */
  readonly onDone: () => void;
}

/** For who has lost the device: shown this one time. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const { company } = useDashboard();
  const [isKept, setKept] = useState(false);
  const text = () => `${codes.join('\n')}\n`;
  return (
    <Dialog
      open
      onClose={onDone}
      dismissible={false}
      title="Keep your recovery codes"
      description="The second factor is on. Each of these codes lets you in once without it, should you lose the device."
      footer={
        <Button look={isKept ? 'primary' : 'secondary'} onClick={onDone}>
          I have kept them
        </Button>
      }
    >
      <div className="grid gap-4">
        <Notice look="warn">Keep them where you keep passwords. This is the only time they are shown.</Notice>
        <ul
          aria-label="Recovery codes"
          className="grid grid-cols-1 gap-x-6 gap-y-1.5 rounded-md bg-raised px-4 py-3 font-mono sm:grid-cols-2"
        >
          {codes.map((code) => (
            <li key={code} className="break-all">
              {code}
            </li>
          ))}
        </ul>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the clicks of the buttons in it, which are reached by key */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a key on a button is a click on it */}
        <div className="flex flex-wrap gap-2" onClick={() => setKept(true)}>
          <CopyButton text={text} label="Copy codes" look="primary" />
          <Button icon="download" onClick={() => saveFile(`${company.slug}-recovery-codes.txt`, text())}>
            Download
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
