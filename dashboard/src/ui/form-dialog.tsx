import { type FormEvent, type ReactNode, useId } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { Button, type ButtonLook } from './button.tsx';
import { Dialog, type DialogProps } from './dialog.tsx';
import { ErrorNotice } from './notice.tsx';

interface FormDialogProps extends Pick<DialogProps, 'title' | 'description' | 'width' | 'children'> {
  /** What the button does that sends it: `Save`. */
  readonly submitLabel: string;
  readonly look?: ButtonLook['look'];
  /** Between the way out and that button. */
  readonly otherWay?: ReactNode;
  readonly busy: boolean;
  readonly error: ApiError | null;
  /** Fields beside which their problems stand. */
  readonly shown?: readonly string[];
  /** Never while it is busy. */
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** A few fields that are sent together, over the page; Enter sends them too. Drawn only while it is open. */
export function FormDialog(props: FormDialogProps) {
  const { submitLabel, look = 'primary', otherWay, busy, error, shown, onSubmit, onClose, children, ...dialog } = props;
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <Dialog
      {...dialog}
      open
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {otherWay}
          <Button look={look} type="submit" form={id} busy={busy}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={submit} className="grid gap-4">
        <ErrorNotice error={error} {...(shown && { shown })} />
        {children}
      </form>
    </Dialog>
  );
}
