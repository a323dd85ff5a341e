import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { EnforcedTrial, Trial, TrialFinding, TrialWithFindings } from '../../api/operations.ts';
import { Button, type Column, ConfirmDialog, Dialog, RelativeTime, say, Table, useKept } from '../../ui/index.ts';
import { useWords, type Words } from '../../words.ts';
import { withGuarantee } from '../tokens/guarantee.ts';
import { ownerName } from '../tokens/token-words.tsx';
import { findingText, subjectText, verdictText } from './trial-words.ts';

interface TrialDialogProps {
  /** undefined closes the dialog. */
  readonly trial: Trial | undefined;
  readonly onClose: () => void;
}

/** Who would break, and the two ways out: make the change, or end the trial without it. */
export function TrialDialog({ trial, onClose }: TrialDialogProps) {
  const shown = useKept(trial, trial !== undefined);
  if (shown === undefined) return null;
  return <Opened trial={shown} open={trial !== undefined} onClose={onClose} />;
}

const FINDINGS = 100;

interface OpenedProps {
  readonly trial: Trial;
  readonly open: boolean;
  readonly onClose: () => void;
}

function Opened({ trial, open, onClose }: OpenedProps) {
  const words = useWords();
  const client = useQueryClient();
  const [asked, setAsked] = useState<'enforce' | 'end' | null>(null);
  const { data, error, refetch } = useQuery<TrialWithFindings, ApiError>({
    queryKey: ['trials', 'one', trial.id],
    queryFn: ({ signal }) =>
      call<TrialWithFindings>('GET', `/v1/trials/${trial.id}`, { query: { limit: FINDINGS }, signal }),
    enabled: open,
    staleTime: 0,
  });
  const isObserving = trial.state === 'observing';
  const finish = async (said: string) => {
    say(said);
    await client.invalidateQueries();
    onClose();
  };
  const enforce = async () => {
    const { guarantee } = await call<EnforcedTrial>('POST', `/v1/trials/${trial.id}/enforce`);
    await finish(withGuarantee('The change is made.', guarantee));
  };
  const end = async () => {
    await call<Trial>('DELETE', `/v1/trials/${trial.id}`);
    await finish('The trial has ended, and nothing was changed.');
  };
  return (
    <>
      <Dialog
        open={open}
        onClose={onClose}
        width="large"
        title={subjectText(trial, words)}
        description={verdictText(data ?? trial, words)}
        footer={
          <>
            {isObserving && <Button onClick={() => setAsked('end')}>End without changing</Button>}
            {(isObserving || trial.state === 'over') && (
              <Button look="primary" onClick={() => setAsked('enforce')}>
                Make the change
              </Button>
            )}
            {!isObserving && trial.state !== 'over' && <Button onClick={onClose}>Close</Button>}
          </>
        }
      >
        <div className="grid gap-4">
          {data !== undefined && trial.subject.kind !== 'profile' && (
            <div>
              <h3 className="mb-1 font-medium">The change</h3>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
              <pre tabIndex={0} className="overflow-x-auto rounded-md bg-raised px-3.5 py-3 font-mono text-sm">
                {JSON.stringify(data.change, null, 2)}
              </pre>
            </div>
          )}
          <Table
            label="Who would break"
            columns={columnsOf(words)}
            rows={data?.findings}
            rowKey={({ id }) => id}
            error={error}
            onRetry={() => void refetch()}
            expected={3}
            empty={<p className="text-soft">{verdictText(trial, words)}</p>}
          />
          {data?.next_cursor != null && <p className="text-sm text-soft">These are the latest {FINDINGS}.</p>}
        </div>
      </Dialog>
      <ConfirmDialog
        open={asked === 'enforce'}
        onClose={() => setAsked(null)}
        title="Make the change now?"
        confirmLabel="Make the change"
        dangerous={trial.would_refuse > 0}
        onConfirm={enforce}
      >
        <p>{verdictText(data ?? trial, words)} It is made in your name, and holds from the very next request.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asked === 'end'}
        onClose={() => setAsked(null)}
        title="End the trial?"
        confirmLabel="End without changing"
        dangerous={false}
        onConfirm={end}
      >
        <p>Nothing is changed, and nothing more is observed. A trial that has ended cannot go on.</p>
      </ConfirmDialog>
    </>
  );
}

function columnsOf(words: Words): readonly Column<TrialFinding>[] {
  return [
    {
      id: 'token',
      header: words.Token,
      heads: true,
      cell: ({ token }) => (
        <Link
          to="/tokens/$id"
          params={{ id: token.id } as never}
          className="font-medium break-words text-accent hover:underline"
        >
          {token.name}
        </Link>
      ),
    },
    { id: 'owner', header: 'Owner', cell: (finding) => ownerName(finding) },
    {
      id: 'why',
      header: 'Would be refused',
      cell: (finding) => <span className="break-words">{findingText(finding)}</span>,
    },
    { id: 'count', header: 'Times', align: 'right', cell: ({ count }) => count.toLocaleString('en') },
    { id: 'last', header: 'Last', cell: ({ last_at }) => <RelativeTime at={last_at} /> },
  ];
}
