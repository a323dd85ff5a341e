/** Fills the tests into the table of docs/threats.md: `npx node tools/fill-threats.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillThreats, THREATS } from './threat-table.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, THREATS), fillThreats(root));
