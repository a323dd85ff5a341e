import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { type ReactNode, useRef, useState } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { Button, IconButton } from './button.tsx';
import { classes } from './class-names.ts';
import { ErrorNotice } from './notice.tsx';

const BACKDROP =
  'fixed inset-0 z-40 bg-black/45 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0';
const POPUP = classes(
  'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col',
  'rounded-xl border border-line bg-paper shadow-pop transition-[opacity,scale] duration-150',
  'data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0',
);
const WIDTHS = { small: 'sm:max-w-md', medium: 'sm:max-w-xl', large: 'sm:max-w-3xl' } as const;

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly width?: keyof typeof WIDTHS;
  /** Without it the dialog closes by its own buttons alone: no Escape, no click beside it. */
  readonly dismissible?: boolean;
  /** Buttons, the one that goes on last. */
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

/** Something that is done over the page; focus goes in, stays, and comes back to where it was. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  width = 'medium',
  dismissible = true,
  footer,
  children,
}: DialogProps) {
  return (
    <BaseDialog.Root
      open={open}
      disablePointerDismissal={!dismissible}
      onOpenChange={(next, details) => {
        if (next) return;
        if (!dismissible && details.reason === 'escape-key') details.cancel();
        else onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={BACKDROP} />
        <BaseDialog.Popup className={classes(POPUP, WIDTHS[width])}>
          <div className="flex items-start justify-between gap-4 border-b border-line px-5 py-4">
            <div>
              <BaseDialog.Title className="text-lg font-semibold">{title}</BaseDialog.Title>
              {description !== undefined && (
                <BaseDialog.Description className="mt-0.5 text-soft" render={<div />}>
                  {description}
                </BaseDialog.Description>
              )}
            </div>
            {dismissible && <IconButton icon="close" label="Close" onClick={onClose} className="-mt-1 -mr-2" />}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer !== undefined && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
          )}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** A question: `Revoke “nightly deploys”?` */
  readonly title: string;
  /** What will stop working, said before it does. */
  readonly children: ReactNode;
  readonly confirmLabel: string;
  readonly busyLabel?: string;
  /** The safe way out keeps its place and has the focus first. */
  readonly cancelLabel?: string;
  readonly dangerous?: boolean;
  /** Closes the dialog when it resolves; what it throws is shown in it. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks once more before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, title, children, confirmLabel, cancelLabel = 'Cancel', dangerous = true, onConfirm } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const wayOut = useRef<HTMLButtonElement>(null);
  const close = () => {
    setError(null);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      close();
    } catch (thrown) {
      setError(thrown as ApiError);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && !isBusy && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={BACKDROP} />
        <AlertDialog.Popup initialFocus={wayOut} className={classes(POPUP, WIDTHS.small)}>
          <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-5">
            <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-soft" render={<div />}>
              {children}
            </AlertDialog.Description>
            <div className="mt-3">
              <ErrorNotice error={error} />
            </div>
          </div>
          <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
            <Button ref={wayOut} onClick={close}>
              {cancelLabel}
            </Button>
            <Button look={dangerous ? 'danger' : 'primary'} busy={isBusy} onClick={confirm}>
              {isBusy ? (props.busyLabel ?? confirmLabel) : confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
