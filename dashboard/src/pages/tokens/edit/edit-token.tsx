import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useDashboard } from '../../../api/queries.ts';
import type { Token } from '../../../api/wire.ts';
import { NotFound } from '../../../shell/not-found.tsx';
import { usePageTitle } from '../../../shell/page-title.ts';
import { Button, ButtonLink, EmptyState, ErrorNotice, Notice, PageHeader } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { tokenQuery, useOptionsFor, useTokenRights } from '../token-queries.ts';
import { EditForm } from './edit-form.tsx';

/** Changes a token, and says before what that makes of its requests. */
export default function EditToken() {
  const { id = '' } = useParams({ strict: false });
  const { paths } = useDashboard();
  const { data, error, refetch } = useQuery(tokenQuery(paths.tokens, id));
  if (data !== undefined) return <Editing key={data.id} token={data} />;
  if (error === null) return <div role="status" className="skeleton h-64" />;
  if (error.status === 404 || error.status === 403) return <NotFound />;
  return (
    <div className="grid justify-items-start gap-3">
      <h1 className="text-xl font-semibold tracking-tight">This cannot be shown now</h1>
      <ErrorNotice error={error} />
      <Button onClick={() => void refetch()}>Try again</Button>
    </div>
  );
}

function Editing({ token }: { readonly token: Token }) {
  const words = useWords();
  const rights = useTokenRights()(token);
  // The form compares with what it opened with, so that it sends nothing that nobody touched.
  const [opened, setOpened] = useState({ token, round: 0 });
  const { data: options, isPending } = useOptionsFor(token, rights.edit);
  usePageTitle(`Edit ${token.name}`);
  const isOld = editable(opened.token) !== editable(token);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: words.tokensTitle, to: '/tokens' },
          { label: token.name, to: `/tokens/${token.id}` },
        ]}
        title={`Edit ${token.name}`}
        lead={<span className="font-mono text-sm">{token.hint}</span>}
      />
      {!rights.edit ? (
        <EmptyState
          icon="key"
          title="This cannot be changed"
          action={
            <ButtonLink to="/tokens/$id" params={{ id: token.id }}>
              Back to {token.name}
            </ButtonLink>
          }
        >
          <p>It has ended, or your role does not change {words.tokens}. An administrator of your workspace can.</p>
        </EmptyState>
      ) : isPending ? (
        <div role="status" className="skeleton h-96 max-w-3xl" />
      ) : (
        <>
          {isOld && (
            <Notice look="warn" className="mb-5 max-w-3xl">
              <p>It was changed meanwhile, perhaps in another tab. Saving changes only what you touched here.</p>
              <Button
                size="small"
                className="mt-2"
                onClick={() => setOpened(({ round }) => ({ token, round: round + 1 }))}
              >
                Start again from how it is now
              </Button>
            </Notice>
          )}
          <EditForm key={opened.round} token={opened.token} options={options ?? null} />
        </>
      )}
    </>
  );
}

/** What can be changed of a token, for telling whether it was. */
function editable({ name, description, grant, ip_allowlist, expires_at, limits }: Token): string {
  return JSON.stringify([name, description, grant, ip_allowlist, expires_at, limits]);
}
