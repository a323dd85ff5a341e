import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { EVENT_TYPES } from '../../api/event-types.ts';
import type { CreatedWebhook, Webhook } from '../../api/operations.ts';
import { Checkbox, Field, FormDialog, say, TextInput } from '../../ui/index.ts';

const FIELDS = ['url', 'description'] as const;
/** A test comes whatever was chosen. */
const TYPES = Object.entries(EVENT_TYPES).filter(([type]) => type !== 'webhook.test');

interface WebhookDialogProps {
  /** null for a new one. */
  readonly webhook: Webhook | null;
  readonly onClose: () => void;
  /** Handed the secret of a new one; whoever shows it forgets it afterwards. */
  readonly onMade?: (webhook: CreatedWebhook) => void;
}

/** Creates a webhook, or changes where it leads and what it is told of. */
export function WebhookDialog({ webhook, onClose, onMade }: WebhookDialogProps) {
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [types, setTypes] = useState<ReadonlySet<string> | null>(
    webhook?.event_types == null ? null : new Set(webhook.event_types),
  );
  const [isSent, setSent] = useState(false);
  const client = useQueryClient();
  const save = useMutation<CreatedWebhook | Webhook, ApiError>({
    gcTime: 0,
    mutationFn: () => {
      const about = description.trim();
      const body = {
        url: url.trim(),
        description: about === '' ? null : about,
        event_types: types === null ? null : [...types],
      };
      return webhook === null
        ? call<CreatedWebhook>('POST', '/v1/webhooks', { body })
        : call<Webhook>('PATCH', `/v1/webhooks/${webhook.id}`, { body });
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['webhooks'] });
      if ('secret' in saved) onMade?.(saved);
      else {
        say('Saved.');
        onClose();
      }
    },
  });
  const isNothing = types !== null && types.size === 0;
  const submit = () => {
    setSent(true);
    if (url.trim() !== '' && !isNothing) save.mutate();
  };
  const choose = (type: string, isChosen: boolean) => {
    const next = new Set(types);
    if (isChosen) next.add(type);
    else next.delete(type);
    setTypes(next);
  };
  return (
    <FormDialog
      onClose={onClose}
      title={webhook === null ? 'Create webhook' : 'Change webhook'}
      submitLabel={webhook === null ? 'Create' : 'Save'}
      busy={save.isPending}
      error={save.error}
      shown={FIELDS}
      onSubmit={submit}
    >
      <Field
        label="Address"
        problem={isSent && url.trim() === '' ? 'Say where to.' : save.error?.problemOf('url')}
        hint="Where your program listens; it begins with https:// and can be reached from the Internet."
      >
        <TextInput
          autoFocus
          type="url"
          inputMode="url"
          value={url}
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => setUrl(event.target.value)}
          className="font-mono"
        />
      </Field>
      <Field label="What it is for" optional problem={save.error?.problemOf('description')}>
        <TextInput maxLength={1000} value={description} onChange={(event) => setDescription(event.target.value)} />
      </Field>
      <fieldset className="grid gap-2.5">
        <legend className="mb-1.5 font-medium">Told of</legend>
        <Checkbox
          label="Everything"
          hint="Also what later versions tell of."
          checked={types === null}
          onChecked={(isAll) => setTypes(isAll ? null : new Set())}
        />
        {types !== null && (
          <div className="grid max-h-64 gap-2.5 overflow-y-auto rounded-md border border-line p-3">
            {TYPES.map(([type, about]) => (
              <Checkbox
                key={type}
                label={<span className="font-mono text-sm">{type}</span>}
                hint={about}
                checked={types.has(type)}
                onChecked={(isChosen) => choose(type, isChosen)}
              />
            ))}
          </div>
        )}
        {isSent && isNothing && (
          <p role="alert" className="text-sm text-bad">
            Choose at least one, or everything.
          </p>
        )}
      </fieldset>
    </FormDialog>
  );
}
