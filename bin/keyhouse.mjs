#!/usr/bin/env node
/**
 * The command `keyhouse`. Prevents an old Node.js from answering with a syntax error: it checks the version before it
 * loads anything, then runs the sources in the repository or their build in an installed package.
 */
import { existsSync } from 'node:fs';

const needed = [22, 23, 3];
const have = process.versions.node.split('.').map(Number);
const differs = needed.findIndex((part, index) => part !== have[index]);

if (differs !== -1 && have[differs] < needed[differs]) {
  console.error(
    `keyhouse needs Node.js ${needed.join('.')} or newer, and this is ${process.version} (${process.execPath}).`,
  );
  console.error('In the repository, `npm start` and `npx --no keyhouse` use the Node.js that npm installed with it.');
  process.exitCode = 1;
} else {
  const sources = new URL('../src/cli/main.ts', import.meta.url);
  const entry = existsSync(sources) ? sources : new URL('../dist/cli/main.js', import.meta.url);
  const { main } = await import(entry.href);
  process.exitCode = await main(process.argv.slice(2));
}
