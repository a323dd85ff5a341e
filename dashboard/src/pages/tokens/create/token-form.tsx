import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../../api/api-error.ts';
import type { Token, TokenOptions } from '../../../api/operations.ts';
import {
  Button,
  ButtonLink,
  Checkbox,
  ErrorNotice,
  Field,
  Notice,
  Select,
  TextArea,
  TextInput,
} from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { ownerName } from '../token-words.tsx';
import { AddressList } from './address-list.tsx';
import { Choices } from './choices.tsx';
import {
  addressesOf,
  beginDraft,
  bodyOf,
  type Draft,
  gapsOf,
  isKnown,
  settledDraft,
  unmetOf,
  type Wish,
} from './draft.ts';
import { GRACES, graceLabel } from './durations.ts';
import { ExpiryField } from './expiry-field.tsx';
import { GrantSection } from './grant-section.tsx';
import { OwnerChooser, type Whom } from './owner-chooser.tsx';
import { Replaces } from './replaces.tsx';
import { AutomaticRotationFields } from './rotation-fields.tsx';
import { TierChoices } from './tier-choices.tsx';

/** What is said beside the fields, and not once more above them. */
const SHOWN = [
  'name',
  'description',
  'environment',
  'permissions',
  'level',
  'inherit',
  'ip_allowlist',
  'expires_at',
  'expires_in',
  'tier',
  'limits',
  'grace_period',
  'rotation_period',
  'notification_email',
  'owner',
];

interface TokenFormProps {
  readonly options: TokenOptions;
  readonly wish: Wish;
  readonly like: Token | null;
  readonly mayChooseOwner: boolean;
  readonly whom: Whom | null;
  readonly isOther: boolean;
  readonly onOther: (isOther: boolean) => void;
  readonly onWhom: (whom: Whom | null) => void;
  /** About the owner who was chosen, when nothing can be made for them. */
  readonly ownerProblem: string | undefined;
  readonly error: ApiError | null;
  readonly isBusy: boolean;
  readonly onSend: (body: Readonly<Record<string, unknown>>) => void;
}

/** Everything that can be asked for, within what may be given. */
export function TokenForm(props: TokenFormProps) {
  const { options, wish, like, error, isBusy, onSend } = props;
  const words = useWords();
  const [draft, setDraft] = useState(() => beginDraft(options, wish, like));
  const [isTried, setTried] = useState(0);
  const [sent, setSent] = useState<readonly string[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const settled = settledDraft(draft);
  const gaps = isTried > 0 ? gapsOf(settled, options) : {};
  useFocusOnProblem(form, isTried, error);
  const isOwnerMissing = props.isOther && props.whom === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(isTried + 1);
    setDraft(settled);
    if (isBusy || isOwnerMissing || props.ownerProblem !== undefined) return;
    if (Object.keys(gapsOf(settled, options)).length > 0) return;
    setSent(addressesOf(draft));
    onSend(bodyOf(settled, options));
  };
  return (
    <form ref={form} noValidate onSubmit={submit} className="grid max-w-3xl grid-cols-1 gap-7">
      <ErrorNotice error={error} shown={SHOWN} />
      <Unmet wish={wish} draft={draft} options={options} />
      <Replaces options={options} />
      <Field
        label="Name"
        problem={gaps.name ?? error?.problemOf('name')}
        hint="What uses it, such as “ERP Integration”. Everybody who sees the list sees it."
      >
        <TextInput
          value={draft.name}
          maxLength={200}
          autoFocus={draft.name === ''}
          autoComplete="off"
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field
        label="Purpose"
        optional
        problem={error?.problemOf('description')}
        hint="What it is for and where its value is kept, for whoever finds it in a year."
      >
        <TextArea
          rows={2}
          value={draft.purpose}
          maxLength={1_000}
          onChange={(event) => change({ purpose: event.target.value })}
        />
      </Field>
      {props.mayChooseOwner && (
        <OwnerChooser
          whom={props.whom}
          isOther={props.isOther}
          onOther={props.onOther}
          options={options}
          onWhom={props.onWhom}
          problem={props.ownerProblem ?? (isTried > 0 && isOwnerMissing ? 'Choose whose it is.' : undefined)}
        />
      )}
      {options.environments.length > 1 && (
        <Choices
          legend="Environment"
          value={draft.environment}
          columns={2}
          problem={error?.problemOf('environment')}
          options={options.environments.map(({ environment, grantable }) => ({
            value: environment,
            disabled: !grantable,
            ...ENVIRONMENTS[environment],
          }))}
          onValue={(environment) => change({ environment })}
        />
      )}
      <GrantSection options={options} draft={draft} onChange={change} gaps={gaps} error={error} />
      <ExpiryField options={options.expiry} draft={draft} onChange={change} gap={gaps.expires_at} error={error} />
      <AddressList
        options={options.ip_allowlist}
        addresses={draft.addresses}
        onChange={(addresses) => change({ addresses })}
        error={error}
        sent={sent}
      />
      <TierChoices
        tiers={options.tiers.filter(({ grantable }) => grantable)}
        value={draft.tier}
        onValue={(tier) => change({ tier })}
        error={error}
      />
      {!options.one_per_owner && <Rotation options={options} draft={draft} onChange={change} error={error} />}
      <div className="flex flex-wrap gap-2 border-t border-line pt-5">
        <Button type="submit" look="primary" busy={isBusy}>
          {words.saveButton}
        </Button>
        <ButtonLink to="/tokens" look="quiet">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}

const ENVIRONMENTS = {
  live: { label: 'Live', hint: 'Works with real data.' },
  test: { label: 'Test', hint: 'Works where you try things out, and never with real data.' },
} as const;

interface RotationProps {
  readonly options: TokenOptions;
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly error: ApiError | null;
}

function Rotation({ options: { rotation }, draft, onChange, error }: RotationProps) {
  const words = useWords();
  const problem = error?.problemOf('grace_period');
  const isOpen = ['grace_period', 'rotation_period', 'notification_email'].some(
    (one) => error?.problemOf(one) !== undefined,
  );
  return (
    <details open={isOpen}>
      <summary className="w-fit font-medium hover:text-accent">Rotation</summary>
      <div className="mt-3 grid gap-4">
        <Field
          label={`After a rotation the old ${words.token} still works for`}
          problem={problem}
          hint="Long enough to bring the new one to every place that uses it."
          className="max-w-sm"
        >
          <Select
            value={draft.grace}
            options={[
              { value: 'usual', label: `${graceLabel(rotation.grace_period)} (usual here)` },
              ...GRACES.filter((one) => one !== rotation.grace_period).map((value) => ({
                value,
                label: graceLabel(value),
              })),
            ]}
            onValue={(grace) => onChange({ grace })}
          />
        </Field>
        <AutomaticRotationFields draft={draft} onChange={onChange} error={error} />
        <Checkbox
          label="It may rotate itself"
          hint={`A program that holds the ${words.token} can exchange it for a new one, without anybody signing in.`}
          checked={draft.selfRotate}
          onChecked={(selfRotate) => onChange({ selfRotate })}
        />
      </div>
    </details>
  );
}

interface UnmetProps {
  readonly wish: Wish;
  readonly draft: Draft;
  readonly options: TokenOptions;
}

/** What somebody was sent here for, and cannot get like this. */
function Unmet({ wish, draft, options }: UnmetProps) {
  const words = useWords();
  const unmet = unmetOf(wish, draft, options);
  const unknown = unmet.filter((entry) => !isKnown(options, entry));
  const beyond = unmet.filter((entry) => isKnown(options, entry));
  if (unmet.length === 0) return null;
  const who = options.is_self ? 'you' : ownerName(options);
  return (
    <Notice look="warn">
      {beyond.length > 0 && (
        <p>
          <strong className="font-medium">{beyond.join(', ')}</strong>{' '}
          {draft.way === 'level'
            ? `is not part of the access chosen below.`
            : `is something that ${who} may not do, and neither may ${words.aToken} of ${options.is_self ? 'yours' : 'theirs'}. Ask an administrator for it.`}
        </p>
      )}
      {unknown.length > 0 && <p>There is no permission {unknown.join(', ')} here.</p>}
    </Notice>
  );
}

/** Brings who pressed the button to the first thing that is in the way. */
function useFocusOnProblem(form: { readonly current: HTMLFormElement | null }, tried: number, error: ApiError | null) {
  useEffect(() => {
    if (tried === 0 && error === null) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')?.focus();
  }, [tried, error]);
}
