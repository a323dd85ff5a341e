import type { Note } from '../profile/draft/index.ts';
import type { CatalogueEntry, ProfileProblem } from '../profile/index.ts';
import { printableLine } from './terminal.ts';

/** A draft that has been written. */
export interface WrittenDraft {
  readonly file: string;
  readonly extends: string;
  readonly catalogue: readonly CatalogueEntry[];
  readonly routes: number;
  readonly open: readonly string[];
  readonly notes: readonly Note[];
  readonly warnings: readonly ProfileProblem[];
}

const LINES_SHOWN = 30;
const ITEMS_SHOWN = 8;
const OPERATIONS_SHOWN = 3;

/** A written draft for the person who has to check it: what is in it, what was guessed, what to do next. */
export function draftInWords(draft: WrittenDraft): string {
  const { file, catalogue, routes, open, notes, warnings } = draft;
  const parts = [
    `${printableLine(file)} is written. It extends ${draft.extends} and says what differs.\n`,
    listed(`Permissions (${catalogue.length})`, aligned(catalogue)),
    listed(`Open to requests without a token, so in no rule (${open.length})`, open.map(printableLine)),
    listed('Please check', notes.map(noteInWords)),
    listed(
      'Warnings',
      warnings.map(({ path, message }) => printableLine(`${path}: ${message}`)),
    ),
    listed('Next', nextSteps(file)),
    routes === 0 ? '' : protecting(routes, open.length > 0),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function listed(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length - LINES_SHOWN;
  const shown = more > 0 ? [...lines.slice(0, LINES_SHOWN), `and ${more} more`] : lines;
  return `${title}:\n${shown.map((line) => `  ${line}\n`).join('')}`;
}

function aligned(catalogue: readonly CatalogueEntry[]): readonly string[] {
  const width = Math.max(...catalogue.map(({ permission }) => permission.length), 0);
  return catalogue.map(
    ({ permission, operations }) => `${permission.padEnd(width)}  ${some(operations, OPERATIONS_SHOWN)}`,
  );
}

function noteInWords({ sentence, items }: Note): string {
  if (items.length === 0) return sentence;
  return `${sentence}\n    ${some(items, ITEMS_SHOWN, '\n    ')}`;
}

function some(items: readonly string[], count: number, between = ', '): string {
  const more = items.length - count;
  return items.slice(0, count).map(printableLine).join(between) + (more > 0 ? `${between}and ${more} more` : '');
}

function nextSteps(file: string): readonly string[] {
  const name = printableLine(quoted(file));
  const steps = [
    [`keyhouse profile check ${name}`, 'after changing it'],
    [`keyhouse serve --profile ${name}`, 'where nothing is set up yet'],
    [`keyhouse profile apply ${name}`, 'where Keyhouse is in use'],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return steps.map(([command, when]) => `${command.padEnd(width)}  ${when}`);
}

/** What uses the rules: nothing does by itself. */
function protecting(routes: number, hasOpen: boolean): string {
  return (
    `The ${routes === 1 ? 'rule' : `${routes} rules`} in "routes" count where your application asks for them:\n` +
    '  app.use(protect(keyhouse, { byRoute: true }))\n' +
    `It refuses what meets no rule: put ${hasOpen ? 'what is open and ' : ''}keyhouse.nodeHandler before it.\n` +
    'Otherwise name the permission at each route: protect(keyhouse, { permission: … }).\n' +
    'In front of an API that cannot ask, they count too: keyhouse serve --upstream URL\n'
  );
}

function quoted(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
