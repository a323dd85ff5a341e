import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../../api/operations.ts';
import { usePageTitle } from '../../../shell/page-title.ts';
import { Button, ButtonLink, EmptyState, Notice, PageHeader } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { ReadToken } from '../read-token.tsx';
import { tokenOptionsQuery, useTokenRights } from '../token-queries.ts';
import { EditForm } from './edit-form.tsx';

/** Changes a token, and says before what that makes of its requests. */
export default function EditToken() {
  return <ReadToken>{(token) => <Editing key={token.id} token={token} />}</ReadToken>;
}

function Editing({ token }: { readonly token: Token }) {
  const words = useWords();
  const rights = useTokenRights()(token);
  // The form compares with what it opened with, so that it sends nothing that nobody touched.
  const [opened, setOpened] = useState({ token, round: 0 });
  const owner = { id: token.owner.id, workspaceId: token.workspace.id };
  const { data: options, isPending } = useQuery({ ...tokenOptionsQuery(owner), enabled: rights.edit });
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
