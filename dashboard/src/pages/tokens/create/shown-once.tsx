import type { Token } from '../../../api/operations.ts';
import { useDashboard } from '../../../api/queries.ts';
import { DayOf, Fact, SecretOnce } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { grantSummary, ownerName } from '../token-words.tsx';

interface ShownOnceProps {
  readonly token: Token;
  readonly value: string;
  readonly doneLabel?: string;
  readonly onDone: () => void;
}

/** The value, this one time, with what to keep beside it and a command to try it with. */
export function ShownOnce({ token, value, doneLabel, onDone }: ShownOnceProps) {
  const words = useWords();
  const { first_command: first } = useDashboard();
  const command = (token.environment === 'test' ? first.test_command : null) ?? first.command;
  // A management token opens nothing of the company's own API.
  const isForApi = !('permissions' in token.grant) || !token.grant.permissions.every(isManagement);
  return (
    <SecretOnce
      value={value}
      word={words.token}
      variable={first.variable}
      {...(isForApi &&
        command !== '' && { command: (text: string) => command.replaceAll(`$${first.variable}`, () => text) })}
      {...(doneLabel !== undefined && { doneLabel })}
      onDone={onDone}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <Fact label="Expires">
          {token.expires_at === null ? 'Never: it works until it is revoked' : <DayOf at={token.expires_at} />}
        </Fact>
        <Fact label="Owner">{ownerName(token)}</Fact>
        <Fact label="Workspace">{token.workspace.name}</Fact>
        <Fact label="May do">{grantSummary(token)}</Fact>
      </dl>
    </SecretOnce>
  );
}

function isManagement(permission: string): boolean {
  return permission.startsWith('keyhouse-');
}
