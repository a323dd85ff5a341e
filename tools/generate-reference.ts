/**
 * `node tools/generate-reference.ts`: writes the references that are made of tables in the code. Prevents a page that
 * describes an option which is no longer there: a test fails when the written page is not what the tables say.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderCommands } from './render-commands.ts';
import { renderConfiguration } from './render-configuration.ts';
import { renderDenials } from './render-denials.ts';

/** Every generated page by its path in the repository. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  'docs/reference/commands.md': renderCommands,
  'docs/reference/configuration.md': renderConfiguration,
  'docs/reference/denials.md': renderDenials,
};

if (import.meta.main) {
  for (const [path, render] of Object.entries(GENERATED)) {
    const file = join(import.meta.dirname, '..', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, render());
    console.log(`${path} is written`);
  }
}
