import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import type { Token } from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import { usePageTitle } from '../../shell/page-title.ts';
import { EmptyState, ErrorNotice, PageHeader } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { hasPage } from '../index.ts';
import { readWish } from './create/draft.ts';
import { Lost } from './create/lost.tsx';
import type { Whom } from './create/owner-chooser.tsx';
import { ShownOnce } from './create/shown-once.tsx';
import { TokenForm } from './create/token-form.tsx';
import { useCreateToken } from './create/use-create-token.ts';
import { tokenOptionsQuery } from './token-queries.ts';

/** Makes a new one: the form, then its value, once. */
export default function NewToken() {
  const words = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const [wish] = useState(readWish(useSearch({ strict: false })));
  const [whom, setWhom] = useState<Whom | null>(
    wish.owner === '' ? null : { id: wish.owner, workspaceId: wish.workspace ?? null },
  );
  const [isOther, setOther] = useState(whom !== null);
  const { made, create, createAgain, forget } = useCreateToken();
  const body = useRef<Readonly<Record<string, unknown>>>({});
  const query = useQuery({ ...tokenOptionsQuery(whom), placeholderData: keepPreviousData });
  // An owner for whom nothing can be made does not take the form away.
  const known = useRef(query.data);
  known.current = query.data ?? known.current;
  const options = known.current;
  const like = useLike(wish.like);
  const path = words.menuPaths[0];
  usePageTitle(made === null ? words.createButton : made.token.name);
  const leave = () => {
    const id = made?.token.id;
    forget();
    if (id !== undefined && hasPage('/tokens/$id')) void navigate({ to: '/tokens/$id', params: { id }, replace: true });
    else void navigate({ to: '/tokens', replace: true });
  };
  const header = (title: string) => (
    <PageHeader
      crumbs={[
        ...(path === undefined ? [] : [{ label: path.section }]),
        { label: path?.item ?? words.tokensTitle, to: '/tokens' },
      ]}
      title={title}
    />
  );
  if (made !== null && made.value !== null) {
    return (
      <>
        {header(`Your new ${words.token}: ${made.token.name}`)}
        <div className="max-w-3xl">
          <ShownOnce token={made.token} value={made.value} onDone={leave} />
        </div>
      </>
    );
  }
  if (made !== null) {
    return (
      <>
        {header(`The value of your new ${words.token} was lost`)}
        <Lost
          token={made.token}
          isBusy={createAgain.isPending}
          error={createAgain.error}
          onAgain={() => createAgain.mutate({ lost: made.token, body: body.current })}
          onKeep={leave}
        />
      </>
    );
  }
  const title = words.createButton;
  const { error } = query;
  if (options === undefined || like === undefined) {
    return (
      <>
        {header(title)}
        {error === null ? <div className="skeleton h-96 max-w-3xl" /> : <ErrorNotice error={error} />}
      </>
    );
  }
  if (!options.may_create) {
    return (
      <>
        {header(title)}
        <EmptyState icon="key" title={`Ask an administrator for ${words.aToken}`}>
          <p>
            Here administrators make {words.tokens} for everybody. Tell them what the program is called and what it has
            to do.
          </p>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      {header(title)}
      <TokenForm
        options={options}
        wish={wish}
        like={like}
        mayChooseOwner={may('keyhouse-owners:act-as')}
        whom={whom}
        isOther={isOther}
        onOther={setOther}
        onWhom={setWhom}
        ownerProblem={whom === null ? undefined : error?.message}
        error={create.error}
        isBusy={create.isPending || query.isPlaceholderData}
        onSend={(sent) => {
          body.current = sent;
          create.mutate(sent);
        }}
      />
    </>
  );
}

/** The one to begin from, as far as it may be seen; null where there is none, undefined while that is not known. */
function useLike(id: string): Token | null | undefined {
  const { paths } = useDashboard();
  const query = useQuery({
    queryKey: ['tokens', 'like', id],
    enabled: id !== '',
    queryFn: ({ signal }) => call<Token>('GET', `${paths.tokens}/${encodeURIComponent(id)}`, { signal }),
  });
  if (id === '' || query.isError) return null;
  return query.data;
}
