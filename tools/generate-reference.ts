/**
 * `node tools/generate-reference.ts`: writes the references and the types that are made of tables in the code. Prevents
 * a page that describes an option which is no longer there: a test fails when what is written is not what the tables say.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderCommands } from './render-commands.ts';
import { renderConfiguration } from './render-configuration.ts';
import { renderDenials } from './render-denials.ts';
import { renderDashboardEvents, renderEvents } from './render-events.ts';
import { renderMethods } from './render-methods.ts';
import { renderClientOperations, renderDashboardOperations } from './render-operations.ts';

/** Every generated page and source file by its path in the repository. */
export const GENERATED: Readonly<Record<string, (path: string) => string>> = {
  'docs/reference/commands.md': renderCommands,
  'docs/reference/configuration.md': renderConfiguration,
  'docs/reference/denials.md': renderDenials,
  'docs/reference/events.md': renderEvents,
  'dashboard/src/api/event-types.ts': renderDashboardEvents,
  'dashboard/src/api/operations.ts': renderDashboardOperations,
  'client/src/management/operations.ts': renderClientOperations,
  'client/src/management/methods.ts': renderMethods,
};

if (import.meta.main) {
  for (const [path, render] of Object.entries(GENERATED)) {
    const file = join(import.meta.dirname, '..', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, render(path));
    console.log(`${path} is written`);
  }
}
