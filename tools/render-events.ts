/** The reference of events, made of the table of their types. */
import { EVENT_TYPES } from '../src/ports/index.ts';
import { formatCode } from './format-code.ts';
import { code, table } from './render-commands.ts';

export function renderEvents(): string {
  const rows = Object.entries(EVENT_TYPES).map(([type, about]) => [code(type), about]);
  return `${[INTRODUCTION, table(['type', 'when'], rows), DATA].join('\n\n')}\n`;
}

/** The same for the dashboard. @param path where it will stand in the repository. */
export function renderDashboardEvents(path: string): string {
  const rows = Object.entries(EVENT_TYPES).map(
    ([type, about]) => `  ${JSON.stringify(type)}: ${JSON.stringify(about)},`,
  );
  const about = '// Written by tools/generate-reference.ts from src/ports/event-types.ts.';
  return formatCode(path, `${about}\n\nexport const EVENT_TYPES = {\n${rows.join('\n')}\n} as const;\n`);
}

const INTRODUCTION = `# Events

<!-- Written by tools/generate-reference.ts from src/ports/event-types.ts. -->

What [webhooks](../webhooks.md) tell of. Later versions tell of more: ignore a type that you do not know.`;

const DATA = `## What an event holds

An event of a change has in \`data\`

| field | |
|---|---|
| \`workspace_id\` | where it happened; null concerns the whole installation |
| \`actor\`, \`on_behalf_of\` | who did it, as \`kind\` and \`id\` |
| \`request_id\`, \`audit_seq\` | where the audit log has the rest: what was before, and what is after |
| \`tokens\`, \`owner\`, \`workspace\`, \`role\`, \`profile\`, \`webhook\` | what it was done to, as it is after the change; of more than 25 tokens the newest |

A token is told by \`id\`, \`lineage_id\`, \`name\`, \`hint\` and \`environment\`, its ends (\`expires_at\`, \`disabled_at\`, \`revoked_at\`,
\`grace_ends_at\`) and its neighbours in a rotation (\`supersedes\`, \`superseded_by\`); an owner by \`id\`, \`kind\`, \`external_id\`,
\`disabled\` and \`deleted\`. No event holds the value of a token, a digest, an e-mail address or the name of a person.`;
