import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { AcknowledgeAlertsOutput, Alert } from '../../api/operations.ts';
import { Field, FormDialog, say, TextArea } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { alertAdvice, alertTitle } from './alert-words.ts';

interface AcknowledgeDialogProps {
  /** At least one. */
  readonly alerts: readonly Alert[];
  readonly onClose: () => void;
}

/** Says that somebody has looked at alerts, and what they found out. */
export function AcknowledgeDialog({ alerts, onClose }: AcknowledgeDialogProps) {
  const words = useWords();
  const [note, setNote] = useState('');
  const client = useQueryClient();
  const acknowledge = useMutation<AcknowledgeAlertsOutput, ApiError>({
    mutationFn: () => {
      const text = note.trim();
      const body = { ids: alerts.map(({ id }) => id), ...(text !== '' && { note: text }) };
      return call<AcknowledgeAlertsOutput>('POST', '/v1/alerts/acknowledge', { body });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['alerts'] });
      say(alerts.length === 1 ? 'Acknowledged.' : `${alerts.length} alerts are acknowledged.`);
      onClose();
    },
  });
  const [first] = alerts;
  return (
    <FormDialog
      onClose={onClose}
      title={alerts.length === 1 ? 'Acknowledge this alert' : `Acknowledge ${alerts.length} alerts`}
      description={
        alerts.length === 1 && first !== undefined
          ? `${alertTitle(first.kind, words)}. ${alertAdvice(first.kind, words)}`
          : 'They stay in the list, with who looked at them and when.'
      }
      submitLabel="Acknowledge"
      busy={acknowledge.isPending}
      error={acknowledge.error}
      shown={['note']}
      onSubmit={() => acknowledge.mutate()}
    >
      <Field label="What you found out" optional problem={acknowledge.error?.problemOf('note')}>
        <TextArea autoFocus rows={3} maxLength={1000} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
