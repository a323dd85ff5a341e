import { useId, useState } from 'react';
import type { AuditEvent } from '../../api/operations.ts';
import { CopyButton, exactTime, Fact, Icon, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ActorName } from '../tokens/actor-name.tsx';
import { tokenEventDetails } from '../tokens/token-event.ts';
import type { AuditFilter } from './audit-filter.ts';
import { eventSentence } from './audit-sentence.ts';

const KEPT = 'mt-2 max-h-80 overflow-auto rounded-md bg-raised px-3.5 py-3 font-mono text-sm';

interface AuditEntryProps {
  readonly event: AuditEvent;
  readonly onChange: (change: Partial<AuditFilter>) => void;
}

/** One event as a sentence; what else is known of it is folded away. */
export function AuditEntry({ event, onChange }: AuditEntryProps) {
  const words = useWords();
  const { actor, on_behalf_of: behalf, at, personal, subject, request_id, details, workspace_id } = event;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const told = [
    ...personalLines(personal),
    ...(event.action.startsWith('token.') ? tokenEventDetails(event) : reasonOf(personal)),
  ];
  const erased = Object.keys(event.commitments).filter((field) => !(field in personal));
  return (
    <li className="border-t border-line first:border-t-0">
      <div className="relative flex items-start gap-3 px-4 py-2.5 hover:bg-raised">
        {/* Its area is the whole row; what leads elsewhere in the row lies above it. */}
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label="Details"
          onClick={() => setOpen(!isOpen)}
          className="mt-1 rounded text-soft after:absolute after:inset-0"
        >
          <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} />
        </button>
        <p className="min-w-0 flex-1 break-words">
          <span className="relative inline-block font-medium first-letter:uppercase">
            <ActorName actor={actor} />
          </span>{' '}
          {eventSentence(event, words)}
          {behalf !== null && (
            <span className="relative">
              {' for '}
              <ActorName actor={behalf} />
            </span>
          )}
          .
        </p>
        <span className="shrink-0 text-sm text-soft">
          <RelativeTime at={at} />
        </span>
      </div>
      {isOpen && (
        <div id={id} className="grid gap-3 pt-1 pr-4 pb-4 pl-11">
          {told.length > 0 && (
            <ul className="grid gap-0.5">
              {told.map((line) => (
                <li key={line} className="break-words">
                  {line}
                </li>
              ))}
            </ul>
          )}
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-6 gap-y-1 text-sm">
            <Fact label="When">{exactTime(at)}</Fact>
            <Fact label="Action">
              <span className="font-mono">{event.action}</span>
            </Fact>
            {actor.id !== null && (
              <IdFact label="Done by" id={actor.id} onNarrow={() => onChange({ by: 'actor_id', id: actor.id ?? '' })} />
            )}
            {subject !== null && (
              <IdFact label="Done to" id={subject.id} onNarrow={() => onChange({ by: 'subject_id', id: subject.id })} />
            )}
            {personal.ip !== undefined && (
              <Fact label="From">
                <span className="font-mono">{personal.ip}</span>
              </Fact>
            )}
            {erased.length > 0 && <Fact label="Erased">{erased.map(labelOf).join(', ')}</Fact>}
            {request_id !== null && (
              <IdFact
                label="Request id"
                id={request_id}
                onNarrow={() => onChange({ by: 'request_id', id: request_id })}
              />
            )}
            {workspace_id !== null && <IdFact label="Workspace" id={workspace_id} />}
          </dl>
          {Object.keys(details).length > 0 && (
            <details>
              <summary className="w-fit rounded text-sm text-soft underline underline-offset-2 hover:text-ink">
                As it is kept
              </summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
              <pre tabIndex={0} className={KEPT}>
                {JSON.stringify(details, null, 2)}
              </pre>
            </details>
          )}
        </div>
      )}
    </li>
  );
}

/** What a field was called before, and is called now. */
function personalLines(personal: AuditEvent['personal']): readonly string[] {
  const quoted = (text: string | undefined) => (text === undefined ? 'none' : `“${text}”`);
  const changed = Object.keys(personal).flatMap((key) =>
    key.endsWith('_before') ? [key.slice(0, -'_before'.length)] : [],
  );
  return changed.map(
    (field) => `${labelOf(field)}: ${quoted(personal[`${field}_before`])} → ${quoted(personal[field])}`,
  );
}

const LABELS: Readonly<Record<string, string>> = {
  ip: 'Address',
  actor_ip: 'Address of who asked',
  user_agent: 'Browser',
  email: 'E-mail',
};

function labelOf(field: string): string {
  const words = LABELS[field] ?? field.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function reasonOf({ reason }: AuditEvent['personal']): readonly string[] {
  return reason === undefined ? [] : [`Reason: ${reason}`];
}

interface IdFactProps {
  readonly label: string;
  readonly id: string;
  readonly onNarrow?: () => void;
}

function IdFact({ label, id, onNarrow }: IdFactProps) {
  return (
    <Fact label={label}>
      <span className="inline-flex flex-wrap items-center gap-x-1">
        <span className="font-mono break-all">{id}</span>
        <CopyButton text={() => id} label={`Copy ${label.toLowerCase()}`} iconOnly />
        {onNarrow !== undefined && (
          <button
            type="button"
            onClick={onNarrow}
            className="rounded text-soft underline underline-offset-2 hover:text-ink"
          >
            Only these
          </button>
        )}
      </span>
    </Fact>
  );
}
