import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../../api/call.ts';
import type { Page } from '../../../api/cursor-pages.ts';
import type { Owner as OwnerRecord, TokenOptions } from '../../../api/operations.ts';
import { useMay, useSession } from '../../../api/queries.ts';
import { Combobox, type ComboboxOption } from '../../../ui/combobox.tsx';
import { Field, Select } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { ownerName } from '../token-words.tsx';
import { Choices } from './choices.tsx';

/** For whom; null is for oneself. */
export interface Whom {
  readonly id: string;
  readonly workspaceId: string | null;
}

type Owner = Pick<OwnerRecord, keyof TokenOptions['owner'] | 'disabled' | 'memberships'>;

const KINDS = [
  { path: '/v1/service-accounts', needs: 'keyhouse-service-accounts:read', word: 'Service account' },
  { path: '/v1/users', needs: 'keyhouse-users:read', word: 'Person' },
  { path: '/v1/owners', needs: 'keyhouse-owners:read', word: 'Owner' },
] as const;

const PAUSE_MS = 200;

interface OwnerChooserProps {
  readonly whom: Whom | null;
  /** It is to be somebody else’s, whoever that will be. */
  readonly isOther: boolean;
  readonly onOther: (isOther: boolean) => void;
  /** Of the one that is chosen, where there is one. */
  readonly options: TokenOptions | undefined;
  readonly onWhom: (whom: Whom | null) => void;
  readonly problem: string | undefined;
}

/** Whose it will be, for who may act for others: oneself, a service account, another person, an owner of the provider's. */
export function OwnerChooser({ whom, isOther, onOther, options, onWhom, problem }: OwnerChooserProps) {
  const words = useWords();
  const { user } = useSession();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Owner | null>(null);
  const owners = useOwners(search, isOther);
  const named = whom !== null && options !== undefined && !options.is_self ? options.owner : null;
  const value = optionOf(chosen ?? (named === null ? null : { ...named, disabled: false, memberships: [] }));
  const choose = (option: ComboboxOption | null) => {
    const owner = owners.find(({ id }) => id === option?.value) ?? null;
    setChosen(owner);
    onWhom(owner === null ? null : { id: owner.id, workspaceId: owner.memberships[0]?.workspace.id ?? null });
  };
  return (
    <>
      <Choices
        legend="Whose it is"
        value={isOther ? 'other' : 'self'}
        columns={2}
        options={[
          { value: 'self', label: 'Mine', hint: user.name ?? user.email ?? 'Your own account' },
          {
            value: 'other',
            label: 'Somebody else’s',
            hint: 'A service account for a program, or another person: it may do what they may do.',
          },
        ]}
        onValue={(next) => {
          onOther(next === 'other');
          setChosen(null);
          onWhom(null);
        }}
      />
      {isOther && (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Owner" problem={problem} hint={`The ${words.token} stops working when its owner is disabled.`}>
            <Combobox
              options={owners.map((owner) => optionOf(owner) as ComboboxOption)}
              value={value}
              onValue={choose}
              onSearch={setSearch}
              placeholder="Search by name, e-mail or id"
              empty="Nobody like that. Try another part of the name."
            />
          </Field>
          {chosen !== null && chosen.memberships.length > 1 && (
            <Field label="Workspace" hint="It works there and nowhere else.">
              <Select
                value={whom?.workspaceId ?? ''}
                options={chosen.memberships.map(({ workspace }) => ({ value: workspace.id, label: workspace.name }))}
                onValue={(workspaceId) => onWhom({ id: chosen.id, workspaceId })}
              />
            </Field>
          )}
        </div>
      )}
    </>
  );
}

/** As a row to choose. */
export function optionOf(owner: Owner | null): ComboboxOption | null {
  if (owner === null) return null;
  const kind = owner.kind === 'service_account' ? KINDS[0] : owner.kind === 'user' ? KINDS[1] : KINDS[2];
  const places = owner.memberships.map(({ workspace }) => workspace.name);
  const detail = [kind.word, owner.name === null ? null : owner.email, ...places].filter(Boolean).join(' · ');
  return { value: owner.id, label: ownerName({ owner }), detail };
}

/** Of every kind that may be looked at; those that are disabled make no new ones. */
export function useOwners(typed: string, isAsked: boolean): readonly Owner[] {
  const may = useMay();
  const search = useSettled(typed.trim());
  const kinds = KINDS.filter(({ needs }) => may(needs));
  const { data } = useQuery({
    queryKey: ['people', 'owners', search],
    enabled: isAsked,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        kinds.map(({ path }) => call<Page<Owner>>('GET', path, { query: { search, limit: 20 }, signal })),
      );
      return pages.flatMap((page) => page.data).filter((owner) => !owner.disabled && owner.memberships.length > 0);
    },
  });
  return data ?? [];
}

/** What was typed, after a pause. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
