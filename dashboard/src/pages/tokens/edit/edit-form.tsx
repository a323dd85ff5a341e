import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../../api/api-error.ts';
import { call } from '../../../api/call.ts';
import type { Token, TokenOptions, UpdatedToken } from '../../../api/operations.ts';
import { useDashboard } from '../../../api/queries.ts';
import {
  Button,
  ButtonLink,
  ErrorNotice,
  exactTime,
  Field,
  Notice,
  Select,
  say,
  TextArea,
  TextInput,
} from '../../../ui/index.ts';
import { AddressList } from '../create/address-list.tsx';
import { addressesOf, type Draft, settledDraft } from '../create/draft.ts';
import { durationLabel } from '../create/durations.ts';
import { GrantSection } from '../create/grant-section.tsx';
import { AutomaticRotationFields } from '../create/rotation-fields.tsx';
import { TierChoices } from '../create/tier-choices.tsx';
import { withGuarantee } from '../guarantee.ts';
import { TokenPermissions } from '../token-permissions.tsx';
import { useForgetTokens } from '../token-queries.ts';
import { beginEdit, canChangeGrant, changedFields, gapsInEdit, narrowable } from './edit-draft.ts';
import { type Effects, effectsOf } from './effects.ts';
import { NarrowPermissions } from './narrow-permissions.tsx';

const SHOWN = [
  'name',
  'description',
  'permissions',
  'level',
  'inherit',
  'ip_allowlist',
  'expires_at',
  'expires_in',
  'tier',
  'rotation_period',
  'notification_email',
];
const EXPIRIES = ['7d', '30d', '90d', '180d', '365d'];

interface EditFormProps {
  /** As it was when the form opened. */
  readonly token: Token;
  /** null where whoever looks may not act for its owner: then what it may do can be cut, and not added to. */
  readonly options: TokenOptions | null;
}

export function EditForm({ token, options }: EditFormProps) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => beginEdit(token, options));
  const [isTried, setTried] = useState(false);
  const [sent, setSent] = useState<readonly string[]>([]);
  const { mutate, error, isPending } = useSaving(
    token,
    () => void navigate({ to: '/tokens/$id', params: { id: token.id } }),
  );
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const settled = settledDraft(draft);
  const allGaps = gapsInEdit(settled, token, options);
  const gaps = isTried ? allGaps : {};
  const given = narrowable(token, options);
  const body = changedFields(token, settled, options);
  const isUnchanged = Object.keys(body).length === 0;
  const tiers = options?.tiers.filter(({ tier, grantable }) => grantable || tier === token.limits.tier) ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setDraft(settled);
    if (isPending || isUnchanged || Object.keys(allGaps).length > 0) return;
    setSent(addressesOf(draft));
    mutate(body);
  };
  return (
    <form noValidate onSubmit={submit} className="grid max-w-3xl gap-7">
      <ErrorNotice error={error} shown={SHOWN} />
      <Field label="Name" problem={gaps.name ?? error?.problemOf('name')}>
        <TextInput
          value={draft.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field label="Purpose" optional problem={error?.problemOf('description')}>
        <TextArea
          rows={2}
          value={draft.purpose}
          maxLength={1_000}
          onChange={(event) => change({ purpose: event.target.value })}
        />
      </Field>
      {canChangeGrant(token, options) ? (
        <GrantSection options={options} draft={draft} onChange={change} gaps={gaps} error={error} />
      ) : given !== null ? (
        <NarrowPermissions
          token={token}
          given={given}
          kept={draft.permissions}
          onChange={(permissions) => change({ permissions })}
          problem={gaps.permissions ?? error?.problemOf('permissions')}
        />
      ) : (
        <section>
          <h2 className="mb-2 font-medium">What it may do</h2>
          <TokenPermissions token={token} />
        </section>
      )}
      <Expiry
        token={token}
        options={options}
        draft={draft}
        onChange={change}
        problem={gaps.expires_at ?? expiryProblem(error)}
      />
      <AddressList
        options={options?.ip_allowlist ?? { caller_ip: null, within: null }}
        addresses={draft.addresses}
        onChange={(addresses) => change({ addresses })}
        error={error}
        sent={sent}
      />
      <TierChoices tiers={tiers} value={draft.tier} onValue={(tier) => change({ tier })} error={error} />
      <AutomaticRotationFields draft={draft} onChange={change} error={error} />
      <EffectsNotice effects={effectsOf(token, settled, options, Date.now())} />
      <div className="flex flex-wrap items-center gap-2 border-t border-line pt-5">
        <Button type="submit" look="primary" busy={isPending} disabled={isUnchanged}>
          {isPending ? 'Saving…' : 'Save changes'}
        </Button>
        <ButtonLink to="/tokens/$id" params={{ id: token.id }} look="quiet">
          Cancel
        </ButtonLink>
        {isUnchanged && <span className="text-sm text-soft">Nothing is changed yet.</span>}
      </div>
    </form>
  );
}

function useSaving({ id }: Token, onSaved: () => void) {
  const { paths } = useDashboard();
  const client = useQueryClient();
  const forget = useForgetTokens();
  return useMutation<UpdatedToken, ApiError, Readonly<Record<string, unknown>>>({
    mutationFn: (body) => call<UpdatedToken>('PATCH', `${paths.tokens}/${id}`, { body }),
    onSuccess: ({ guarantee, ...token }) => {
      client.setQueryData(['tokens', 'one', id], token);
      say(withGuarantee(`“${token.name}” is saved.`, guarantee));
      onSaved();
    },
    onSettled: forget,
  });
}

/** What saving makes of requests, said before it is done. */
function EffectsNotice({ effects: { refused, accepted } }: { readonly effects: Effects }) {
  return (
    <div role="status" className="grid gap-3 empty:hidden">
      {refused.length > 0 && (
        <Notice look="warn">
          <p className="font-medium">From the moment you save, these are refused:</p>
          <List sentences={refused} />
        </Notice>
      )}
      {accepted.length > 0 && (
        <Notice icon="check">
          <p className="font-medium">And these are accepted:</p>
          <List sentences={accepted} />
        </Notice>
      )}
    </div>
  );
}

function List({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <ul className="mt-1 list-disc pl-4">
      {sentences.map((sentence) => (
        <li key={sentence} className="break-words">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

interface ExpiryProps extends EditFormProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly problem: string | undefined;
}

function Expiry({ token, options, draft, onChange, problem }: ExpiryProps) {
  const lifetime = options?.expiry.lifetime ?? null;
  const now = token.expires_at === null ? 'Never' : exactTime(token.expires_at);
  const isDate = draft.expiry === 'date';
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Expiration" problem={isDate ? undefined : problem}>
        <Select
          value={draft.expiry}
          options={[
            { value: 'keep', label: `As it is: ${now}` },
            ...(token.expires_at === null
              ? []
              : [
                  { value: 'never', label: lifetime === null ? 'Never' : `In ${durationLabel(lifetime)} (usual here)` },
                ]),
            ...EXPIRIES.map((value) => ({ value, label: `In ${durationLabel(value)}` })),
            { value: 'date', label: 'On a date…' },
          ]}
          onValue={(expiry) => onChange({ expiry })}
        />
      </Field>
      {isDate && (
        <Field label="Expiration date" problem={problem} hint="It works until the end of that day.">
          <TextInput type="date" value={draft.day} onChange={(event) => onChange({ day: event.target.value })} />
        </Field>
      )}
    </div>
  );
}

function expiryProblem(error: ApiError | null): string | undefined {
  return error?.problemOf('expires_at') ?? error?.problemOf('expires_in');
}
